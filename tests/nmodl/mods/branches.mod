TITLE branches that depend on data, shared exponentials, a nonlinear current, globals and hidden variables
: SPDX-License-Identifier: BSD-3-Clause
NEURON {
    SUFFIX branches
    USEION ca READ cai, cao WRITE ica
    USEION k READ ek WRITE ik
    NONSPECIFIC_CURRENT il
    RANGE pbar, gbar, gl, el, tau_scale, rate, ghk_current
    GLOBAL half, last_inf
}
PARAMETER {
    pbar = 1e-4 (cm/s)
    gbar = 0.01 (S/cm2)
    gl = 1e-4 (S/cm2)
    el = -65 (mV)
    tau_scale = 1.5
    half = -40 (mV)
}
ASSIGNED { v (mV) celsius (degC) dt (ms) ek (mV) cai (mM) cao (mM) ica (mA/cm2) ik (mA/cm2) il (mA/cm2) rate ghk_current minf mtau hinf htau last_inf }
STATE { m h s }
BREAKPOINT {
    SOLVE gates METHOD cnexp
    ghk_current = pbar * m * m * ghkish(v, cai, cao)
    ica = ghk_current
    IF (h > 0.5) { ik = gbar * h * (v - ek) } ELSE { ik = gbar * h * h * 2 * (v - ek) }
    il = gl * (v - el)
}
INITIAL {
    rates(v)
    m = minf
    h = hinf
    s = 0.2
}
DERIVATIVE gates {
    rates(v)
    m' = (minf - m) / mtau
    h' = (hinf - h) / htau
    s' = -s / (5 * tau_scale) + rate * 0.01
}
FUNCTION ghkish(v, ci, co) {
    LOCAL z
    z = v / 12.5
    IF (fabs(z) < 1e-4) { ghkish = (co - ci) * (1 - z / 2) } ELSE { ghkish = z * (ci - co * exp(-z)) / (exp(-z) - 1) * -1 }
}
FUNCTION trap(x, y) {
    IF (fabs(x / y) < 1e-6) { trap = y * (1 - x / y / 2) } ELSE { trap = x / (exp(x / y) - 1) }
}
PROCEDURE rates(v) {
    LOCAL a, b, q, i
    q = 3^((celsius - 6.3) / 10)
    a = 0.1 * trap(-(v - half), 10) + 1e-3
    b = 4 * exp(-(v - half + 25) / 20) + 0.2 * trap(v - half, 10)
    mtau = 1 / (a + b) / q
    minf = a / (a + b)
    IF (v < -50) {
        htau = 1 + 2 / (1 + exp((v + 70) / 5))
        IF (v < -80) { htau = htau * 2 }
    } ELSE {
        htau = 0.5 + exp(-(v + 50) / 30)
    }
    IF (htau < 0.6 || v > 30 && !(celsius > 40)) { htau = 0.6 }
    hinf = 1 / (1 + exp((v + 60) / 4))
    last_inf = hinf
    rate = 0
    FROM i = 1 TO 3 { rate = rate + sqrt(i * (a + b)) * (v > -60) }
    rate = rate + log(1 + a) + fabs(v)^1.3 / 100
}
