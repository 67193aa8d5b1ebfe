TITLE leaky integrator with fast excitatory and slower two-stage inhibitory synaptic currents
: SPDX-License-Identifier: BSD-3-Clause
: e' = -e/taue;  i1' = -i1/taui1;  i2' = -i2/taui2 + ai1 i1;  m' = -m/taum + ae e + ai2 i2;  fires when m passes 1.
: The factors make the peaks of m (and of i2) equal to the weight of a single event. taue < taui2, taui1 < taui2; all differ.
NEURON {
    ARTIFICIAL_CELL IntFire4
    RANGE taue, taui1, taui2, taum, e, i1, i2, m, nself
    GLOBAL eps
    THREADSAFE
}
PARAMETER {
    taue = 5 (ms) <1e-9,1e9>
    taui1 = 10 (ms) <1e-9,1e9>
    taui2 = 20 (ms) <1e-9,1e9>
    taum = 50 (ms) <1e-9,1e9>
    eps = 1e-6 <1e-9,0.01>
}
ASSIGNED { e i1 i2 m nself t0 (ms) ke k1 k2 km ae ai1 ai2 }
INITIAL {
    order()
    factors()
    e = 0
    i1 = 0
    i2 = 0
    m = 0
    nself = 0
    t0 = t
    net_send(1e9, 1)
}
: peak of (exp(-b x) - exp(-a x))/(a - b)
FUNCTION peak(a, b) {
    LOCAL x
    x = log(a/b)/(a - b)
    peak = (exp(-b*x) - exp(-a*x))/(a - b)
}
: what the formulas below cannot bear is moved apart by hundredths of a ms
PROCEDURE order() {
    LOCAL x
    if (taue <= 0) { taue = 0.02 }
    if (taui1 < 0.03) { taui1 = 0.03 }
    if (taui2 < 0.04) { taui2 = 0.04 }
    if (taue > taui2) {
        printf("Warning: Adjusted taue from %g  to %g  to ensure taue < taui2\n", taue, taui2 - 0.01)
        taue = taui2 - 0.01
    }
    if (taui1 > taui2) {
        printf("Warning: Swapped taui1 and taui2\n")
        x = taui1
        taui1 = taui2
        taui2 = x
    }
    if (taui2 - taue < 0.01) { taue = taui2 - 0.01 }
    if (taui2 - taui1 < 0.01) { taui1 = taui2 - 0.01 }
    if (taum < 1e-3) { taum = 1e-3 }
    if (fabs(taum - taui2) < 0.01) {
        if (taum > taui2) { taum = taui2 + 0.01 } else { taum = taui2 - 0.01 }
    }
    if (fabs(taum - taui1) < 0.01) {
        taui1 = taui1 - 0.02
        taum = taui1 - 0.01
    }
    if (fabs(taum - taue) < 0.01) {
        if (taum > taue && taue > 0.02) { taum = taue - 0.01 } else if (taum > 0.02) { taue = taum - 0.01 } else { taum = taum + 0.02 }
    }
}
PROCEDURE factors() {
    LOCAL low, high, third, x1, x2, n
    ke = 1/taue
    k1 = 1/taui1
    k2 = 1/taui2
    km = 1/taum
    ae = 1/peak(ke, km)
    ai1 = 1/peak(k1, k2)
    : the response of m to one inhibitory event has a single peak: narrow it down by thirds
    ai2 = 1
    e = 0
    i1 = 1
    i2 = 0
    m = 0
    low = 0
    high = 10*taum
    n = 0
    WHILE (n < 200) {
        third = (high - low)/3
        x1 = low + third
        x2 = high - third
        if (state_m(x1) < state_m(x2)) { low = x1 } else { high = x2 }
        n = n + 1
    }
    ai2 = 1/state_m(low)
}
: states after a time x
FUNCTION state_e(x (ms)) { state_e = e*exp(-ke*x) }
FUNCTION state_i1(x (ms)) { state_i1 = i1*exp(-k1*x) }
FUNCTION state_i2(x (ms)) {
    LOCAL c
    c = ai1*i1/(k1 - k2)
    state_i2 = (i2 + c)*exp(-k2*x) - c*exp(-k1*x)
}
FUNCTION state_m(x (ms)) {
    LOCAL c, xm
    c = ai1*i1/(k1 - k2)
    xm = exp(-km*x)
    state_m = m*xm + ae*e*(xm - exp(-ke*x))/(ke - km) + ai2*((i2 + c)*(xm - exp(-k2*x))/(k2 - km) - c*(xm - exp(-k1*x))/(k1 - km))
}
: the currents as m feels them
FUNCTION E() { E = ae*state_e(t - t0) }
FUNCTION I() { I = ai2*state_i2(t - t0) }
FUNCTION M() { M = state_m(t - t0) }
PROCEDURE advance() {
    LOCAL x, ne, n1, n2, nm
    x = t - t0
    ne = state_e(x)
    n1 = state_i1(x)
    n2 = state_i2(x)
    nm = state_m(x)
    e = ne
    i1 = n1
    i2 = n2
    m = nm
    t0 = t
}
: Where m rises ever more slowly the straight line through its present slope reaches 1 too early: a self event there
: looks again, until m is within eps of 1. Where it speeds up, no slope is steeper than excitation alone. 1e9 when m
: does not rise.
FUNCTION firetime() (ms) {
    LOCAL slope, bend
    slope = ae*e + ai2*i2 - km*m
    bend = -ae*ke*e + ai2*(ai1*i1 - k2*i2) - km*slope
    if (bend > 0) {
        slope = ae*e
        if (m < 0) { slope = slope - km*m }
    }
    firetime = 1e9
    if (slope > 1e-9) { firetime = (1 - m)/slope }
}
NET_RECEIVE (w) {
    advance()
    if (flag == 1) {
        nself = nself + 1
        if (m > 1 - eps) {
            net_event(t)
            m = 0
        }
        net_send(firetime(), 1)
    } else {
        if (w > 0) { e = e + w } else { i1 = i1 + w }
        net_move(t + firetime())
    }
}
