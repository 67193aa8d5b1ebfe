: SPDX-License-Identifier: BSD-3-Clause
: The table depends on a global that INITIAL assigns.
NEURON { SUFFIX tabled NONSPECIFIC_CURRENT i GLOBAL k }
PARAMETER { celsius }
ASSIGNED { v i k a b }
STATE { m }
INITIAL {
    k = 2^((celsius - 6.3)/10)
    rates(v)
    m = a/(a + b)
}
BREAKPOINT {
    SOLVE states METHOD cnexp
    i = 1e-5*m*v
}
DERIVATIVE states {
    rates(v)
    m' = a*(1 - m) - b*m
}
PROCEDURE rates(v) {
    TABLE a, b DEPEND celsius FROM -100 TO 100 WITH 200
    a = k*exp(v/20)
    b = k*exp(-v/20)
}
