TITLE a concentration of this mechanism, Euler's method
: SPDX-License-Identifier: BSD-3-Clause
NEURON { SUFFIX pool USEION ca READ ica, cai WRITE cai RANGE tau, depth, slow }
PARAMETER { tau = 20 depth = 0.1 }
ASSIGNED { ica diam v slow }
STATE { cai z }
BREAKPOINT { SOLVE changes METHOD euler }
INITIAL { cai = 1e-4 z = 0.5 }
DERIVATIVE changes {
    slow = exp(-cai * 1000)
    cai' = -ica * 0.01 / depth / diam - (cai - 1e-4) / tau
    z' = slow - z * (1 + v / 200)
}
