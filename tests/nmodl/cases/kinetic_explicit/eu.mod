NEURON {
    SUFFIX eu
    RANGE a, b
}
STATE { a b }
INITIAL {
    a = 1
    b = 0
}
BREAKPOINT { SOLVE k METHOD euler }
KINETIC k { ~ a <-> b (0.3, 0.1) }
