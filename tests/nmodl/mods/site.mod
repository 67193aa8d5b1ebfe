TITLE a point process with an ion's current and a decay that differs between instances
: SPDX-License-Identifier: BSD-3-Clause
NEURON { POINT_PROCESS site USEION na READ ena WRITE ina NONSPECIFIC_CURRENT i RANGE tau, e, gmax, g }
PARAMETER { tau = 3 e = 0 gmax = 0.01 }
ASSIGNED { v ena ina i g }
STATE { a b }
BREAKPOINT {
    SOLVE decay METHOD cnexp
    g = gmax * (b - a)
    i = g * (v - e) / (1 + exp(-0.062 * v) * 0.28)
    ina = 0.1 * g * (v - ena)
}
INITIAL { a = 0.2 b = 0.7 }
DERIVATIVE decay {
    a' = -a / tau
    b' = -b / (2 * tau)
}
