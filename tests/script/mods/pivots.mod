: Equations whose diagonal is no good pivot: without exchange of rows x would be 0.
NEURON {
    SUFFIX pivots
    RANGE tiny, x, y, p, q
}
PARAMETER { tiny = 1e-20 }
STATE { x y p q }
BREAKPOINT {
    SOLVE lines
    SOLVE curves
}
INITIAL {
    p = 3
    q = 3
}
LINEAR lines {
    ~ tiny * x + y = 1
    ~ x + y = 3
}
NONLINEAR curves {
    ~ tiny * p + q * q = 4
    ~ p + q = 5
}
