TITLE synapse with an alpha-function conductance that starts at onset
: SPDX-License-Identifier: BSD-3-Clause
: Source: W. Rall, J. Neurophysiol. 30 (1967) 1138-1168.
NEURON {
    POINT_PROCESS AlphaSynapse
    RANGE onset, tau, gmax, e, i, g
    NONSPECIFIC_CURRENT i
    THREADSAFE
}
PARAMETER {
    onset = 0 (ms)
    tau = .1 (ms) <1e-3,1e6>
    gmax = 0 (uS) <0,1e9>
    e = 0 (mV)
}
ASSIGNED { v (mV) i (nA) g (uS) }
BREAKPOINT {
    IF (gmax) { at_time(onset) }
    g = gmax*alpha((t - onset)/tau)
    i = g*(v - e)
}
FUNCTION alpha(x) {
    IF (x < 0 || x > 10) {
        alpha = 0
    } ELSE {
        alpha = x*exp(1 - x)
    }
}
