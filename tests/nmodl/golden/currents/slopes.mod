NEURON {
    SUFFIX slopes
    USEION k READ ek WRITE ik
    NONSPECIFIC_CURRENT il, ic
    RANGE gk, gl
}
PARAMETER { gk = 0.01 gl = 1e-4 el = -65 }
ASSIGNED { v ek ik il ic }
STATE { n }
BREAKPOINT {
    LOCAL g
    SOLVE s METHOD cnexp
    g = gk*n*n
    ik = g*(v - ek)
    il = gl*(v - el)
    ic = 3
}
DERIVATIVE s { n' = -n }
