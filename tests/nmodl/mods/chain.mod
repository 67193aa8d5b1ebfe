TITLE a linear scheme with CONSERVE, compartments and an array of states
: SPDX-License-Identifier: BSD-3-Clause
NEURON { SUFFIX chain USEION k READ ek WRITE ik RANGE g, gbar }
PARAMETER { gbar = 0.01 }
ASSIGNED { v ek ik g kf kb }
STATE { c1 c2 o x[3] }
BREAKPOINT {
    SOLVE scheme METHOD sparse
    g = gbar * o * x[1]
    ik = g * (v - ek)
}
INITIAL { c1 = 0.7 c2 = 0.2 o = 0.1 FROM i = 0 TO 2 { x[i] = 1 + i } }
KINETIC scheme {
    COMPARTMENT i, 1 + i {x}
    kf = 0.5 * exp((v + 40) / 20)
    kb = 0.3 * exp(-(v + 40) / 15)
    ~ c1 <-> c2 (kf, kb)
    ~ c2 <-> o (2 * kf, kb / 2)
    ~ x[0] <-> x[1] (0.3, 0.1)
    ~ x[1] <-> x[2] (0.2, kb)
    ~ x[2] << (0.01 * kf)
    CONSERVE c1 + c2 + o = 1
}
