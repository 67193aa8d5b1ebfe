: A binding protein p1 sets the rate of a scheme through a PROCEDURE: the scheme is linear as it is written.
: SPDX-License-Identifier: BSD-3-Clause
NEURON {
    SUFFIX lagged
    RANGE rate
}
PARAMETER { on = 0.3 (/ms) off = 0.1 (/ms) }
ASSIGNED { rate (/ms) }
STATE { p0 p1 c o }
INITIAL { p0 = 1 p1 = 0 c = 1 o = 0 rates() }
BREAKPOINT { SOLVE scheme METHOD sparse }
KINETIC scheme {
    rates()
    ~ p0 <-> p1 (on, off)
    ~ c <-> o (rate, off)
    CONSERVE p0 + p1 = 1
    CONSERVE c + o = 1
}
PROCEDURE rates() { rate = 2*p1 }
