TITLE leaky integrator that fires when its state passes 1
: SPDX-License-Identifier: BSD-3-Clause
NEURON {
    ARTIFICIAL_CELL IntFire1
    RANGE tau, refrac, m
    THREADSAFE
}
PARAMETER {
    tau = 10 (ms) <1e-9,1e9>
    refrac = 5 (ms) <0,1e9>
}
ASSIGNED { m t0 (ms) refractory }
INITIAL {
    m = 0
    t0 = t
    refractory = 0
}
FUNCTION M() {
    IF (refractory == 0) {
        M = m*exp(-(t - t0)/tau)
    } ELSE {
        IF (t - t0 < .5) { M = 2 } ELSE { M = -1 }
    }
}
NET_RECEIVE(w) {
    IF (refractory == 0) {
        m = m*exp(-(t - t0)/tau)
        t0 = t
        m = m + w
        IF (m > 1) {
            refractory = 1
            m = 2
            net_send(refrac, refractory)
            net_event(t)
        }
    } ELSE {
        IF (flag == 1) {
            refractory = 0
            m = 0
            t0 = t
        }
    }
}
