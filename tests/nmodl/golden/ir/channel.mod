NEURON {
    SUFFIX channel
    USEION k READ ek WRITE ik
    RANGE gbar
}
PARAMETER { gbar = 0.01 }
ASSIGNED { v ek ik celsius }
STATE { n }
INITIAL { n = alpha(v) }
BREAKPOINT {
    SOLVE s METHOD cnexp
    ik = gbar*n*(v - ek)
}
DERIVATIVE s { n' = alpha(v)*(1 - n) - 0.1*n }
FUNCTION alpha(u) { if (u > 0) { alpha = 1 } else { alpha = exp(u/20) } }
