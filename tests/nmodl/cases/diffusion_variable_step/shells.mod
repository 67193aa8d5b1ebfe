DEFINE N 2
NEURON {
    SUFFIX shells
    USEION ca READ cai, ica WRITE cai
    RANGE D, ca0, sum
}
UNITS {
    (mM) = (milli/liter)
    (um) = (micron)
    (mA) = (milliamp)
}
PARAMETER { D = 0.6 (um2/ms) }
ASSIGNED {
    ica (mA/cm2)
    cai (mM)
    diam (um)
    vol[N]
    sum
}
STATE {
    ca[N] (mM)
    tracer (mM)
}
INITIAL {
    vol[0] = 0.3
    vol[1] = 0.4
    FROM i = 0 TO N - 1 { ca[i] = cai }
    tracer = cai*10
}
BREAKPOINT {
    SOLVE flow METHOD sparse
    sum = ca[0] + ca[1]
}
KINETIC flow {
    COMPARTMENT i, diam*diam*vol[i] { ca }
    COMPARTMENT diam*diam { tracer }
    LONGITUDINAL_DIFFUSION i, D*diam*diam*vol[i] { ca }
    LONGITUDINAL_DIFFUSION 2*D*diam*diam { tracer }
    ~ ca[0] <-> ca[1] (D, D)
    ~ tracer << (0.01*diam*diam)
    cai = ca[0]
}
