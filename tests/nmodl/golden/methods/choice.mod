NEURON { SUFFIX choice }
STATE { a b c d f }
INITIAL { SOLVE lin SOLVE nonlin }
BREAKPOINT {
    SOLVE linear METHOD cnexp
    SOLVE quadratic METHOD cnexp
    SOLVE plain
    SOLVE scheme
    SOLVE count
}
DERIVATIVE linear { a' = 1 - a/10 }
DERIVATIVE quadratic { b' = -b*b }
DERIVATIVE plain { c' = -c }
KINETIC scheme { ~ d <-> f (1, 2) }
LINEAR lin { ~ a = 1 }
NONLINEAR nonlin { ~ b*b = 2 }
PROCEDURE count() { a = a + 1 }
