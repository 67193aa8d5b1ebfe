: SPDX-License-Identifier: BSD-3-Clause
TITLE a constant source of calcium that spreads along the cable
NEURON {
    SUFFIX spreading
    USEION ca READ cai WRITE cai
    RANGE source, seen
}
PARAMETER {
    mobility = 5 (um2/ms)
    source = 0 (mM/ms)
}
ASSIGNED { diam (um) seen (mM) }
STATE { cai (mM) }
INITIAL { cai = 1e-4 }
BREAKPOINT { SOLVE spread METHOD sparse }
KINETIC spread {
    COMPARTMENT diam*diam { cai }
    LONGITUDINAL_DIFFUSION mobility*diam*diam { cai }
    ~ cai << (source*diam*diam)
    seen = cai
}
