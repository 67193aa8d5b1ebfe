: Linear reactions whose rates are computed from states, under a condition.
NEURON { SUFFIX lagkin RANGE x, z, q, limit, told }
PARAMETER { limit = 0.2 }
ASSIGNED { flow told }
STATE { x z q }
INITIAL { x = 1 z = 0.3 q = 0.1 told = 0 }
BREAKPOINT { SOLVE k METHOD sparse }
KINETIC k {
    flow = 0.4*x*x
    IF (z > limit && x > 0.5) { flow = flow + 0.05*q }
    ~ x <-> z (0.3, 0.1*flow)
    ~ q << (flow - 0.2*q)
    told = x + 10*z
}
