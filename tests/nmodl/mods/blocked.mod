TITLE a synapse blocked by magnesium: a function that looks at v by itself
: SPDX-License-Identifier: BSD-3-Clause
NEURON { POINT_PROCESS blocked USEION ca WRITE ica VALENCE 2 NONSPECIFIC_CURRENT i RANGE e, g, block, fraction }
PARAMETER { e = 0 fraction = 0.1 mg = 1 }
ASSIGNED { v i ica g block total }
STATE { a }
INITIAL { a = 0.01 }
BREAKPOINT {
    SOLVE decay METHOD cnexp
    g = a * 0.5
    block = unblocked()
    total = g * block * (v - e)
    ica = fraction * total
    i = (1 - fraction) * total
}
DERIVATIVE decay { a' = -a / 5 }
FUNCTION unblocked() { unblocked = 1 / (1 + mg * relief() / 3.57) }
FUNCTION relief() { relief = exp(-0.062 * v) }
