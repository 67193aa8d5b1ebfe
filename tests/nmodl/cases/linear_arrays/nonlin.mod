NEURON {
    SUFFIX nonlin
    RANGE x, a
}
PARAMETER { a = 4 }
STATE { x[3] }
INITIAL {
    x[0] = 1
    x[1] = 3
    x[2] = 2
    SOLVE eq
}
BREAKPOINT { SOLVE eq METHOD newton }
NONLINEAR eq {
    ~ x[0]*x[1] = 2 - 0.2*t
    ~ x[1] + x[2] = a
    ~ x[0] - x[2] = -1
}
