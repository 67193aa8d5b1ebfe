TITLE leaky integrator driven by a constant bias and exponentially decaying synaptic current
: SPDX-License-Identifier: BSD-3-Clause
: taum m' = -m + i;  taus i' = -(i - ib); fires when m passes 1. taum < taus.
NEURON {
    ARTIFICIAL_CELL IntFire2
    RANGE taum, taus, ib, i, m
    THREADSAFE
}
PARAMETER {
    taus = 20 (ms) <1e-9,1e9>
    taum = 10 (ms) <1e-9,1e9>
    ib = 0
}
ASSIGNED { i m t0 (ms) }
INITIAL {
    if (taus <= taum) { taus = taum + 0.1 }
    i = ib
    m = 0
    t0 = t
    net_send(firetime(), 1)
}
: state after a time x
FUNCTION state_m(x (ms)) {
    state_m = ib + (i - ib)*taus/(taus - taum)*exp(-x/taus) + (m - ib - (i - ib)*taus/(taus - taum))*exp(-x/taum)
}
FUNCTION state_i(x (ms)) { state_i = ib + (i - ib)*exp(-x/taus) }
FUNCTION I() { I = state_i(t - t0) }
FUNCTION M() { M = state_m(t - t0) }
: time until m passes 1, by bisection on the first rising part; 1e9 when never
FUNCTION firetime() (ms) {
    LOCAL a, b, c, k
    firetime = 1e9
    IF (m >= 1) {
        firetime = 0
    } ELSE {
        a = 0
        b = 0
        k = 0
        WHILE (k < 400 && state_m(b) < 1) {
            a = b
            b = b + .05*taum
            k = k + 1
        }
        IF (state_m(b) >= 1) {
            k = 0
            WHILE (k < 80) {
                c = (a + b)/2
                IF (state_m(c) < 1) { a = c } ELSE { b = c }
                k = k + 1
            }
            firetime = b
        } ELSE {
            IF (ib > 1) { firetime = -taum*log((ib - 1)/(ib - m)) }
        }
    }
}
NET_RECEIVE(w) {
    LOCAL x
    IF (flag == 1) {
        net_event(t)
        i = state_i(t - t0)
        m = 0
        t0 = t
        net_send(firetime(), 1)
    } ELSE {
        x = state_m(t - t0)
        i = state_i(t - t0)
        m = x
        t0 = t
        i = i + w
        net_move(t + firetime())
    }
}
