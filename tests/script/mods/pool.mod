TITLE a pool of calcium that pumps: it reads the current of the ion and adds to it
: SPDX-License-Identifier: BSD-3-Clause
NEURON { SUFFIX pool USEION ca READ ica, cai WRITE ica, cai RANGE pumped, before }
PARAMETER { rate = 0.05 rest = 1e-4 }
ASSIGNED { ica pumped before }
STATE { cai }
INITIAL { pumped = 0 before = 0 }
BREAKPOINT {
    SOLVE grow METHOD cnexp
    before = pumped
    ica = pumped
}
DERIVATIVE grow {
    cai' = -(ica - before) * 0.01 - rate * (cai - rest)
    pumped = 0.001 * cai
}
