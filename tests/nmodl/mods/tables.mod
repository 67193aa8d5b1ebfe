TITLE tables of one, two, four and ten variables
: SPDX-License-Identifier: BSD-3-Clause
NEURON { SUFFIX tables NONSPECIFIC_CURRENT i RANGE g, a, b, c, d }
PARAMETER { g = 1e-3 }
ASSIGNED { v i a b c d w[10] celsius }
STATE { m n }
BREAKPOINT {
    SOLVE gates METHOD cnexp
    i = g * m * n * one(v) * (v + 70)
}
INITIAL { pair(v) four(v) many(v) m = 0.1 n = 0.2 }
DERIVATIVE gates {
    pair(v)
    four(v)
    many(v)
    m' = (a - m) / b + w[3] * 1e-4
    n' = (c * d - n) / (1 + w[7]^2)
}
FUNCTION one(x) {
    TABLE DEPEND celsius FROM -80 TO 60 WITH 150
    one = 1 / (1 + exp(-(x + 20) / 9))
}
PROCEDURE pair(x) {
    TABLE a, b FROM -100 TO 50 WITH 120
    a = 1 / (1 + exp(-(x + 30) / 7))
    b = 2 + exp(-x / 60)
}
PROCEDURE four(x) {
    TABLE c, d FROM -90 TO 40 WITH 77
    c = x / 100
    d = cos(x / 50)
}
PROCEDURE many(x) {
    TABLE w FROM -100 TO 100 WITH 60
    FROM j = 0 TO 9 { w[j] = sin(x / 30 + j) }
}
