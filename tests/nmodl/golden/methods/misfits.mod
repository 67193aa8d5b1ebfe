NEURON { SUFFIX misfits }
STATE { a b }
BREAKPOINT {
    SOLVE k METHOD cnexp
    SOLVE d METHOD simeq
    SOLVE d METHOD adrunge
    SOLVE d METHOD cnex
    SOLVE dd METHOD cnexp
    SOLVE f
}
KINETIC k { ~ a <-> b (1, 2) }
DERIVATIVE d { a' = -a }
FUNCTION f() { f = 1 }
