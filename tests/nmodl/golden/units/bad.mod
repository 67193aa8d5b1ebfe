NEURON {
    POINT_PROCESS bad
    USEION ca READ cai WRITE ica
    NONSPECIFIC_CURRENT i
}
UNITS {
    (mV) = (millivolt)
    (nA) = (nanoamp)
    (uS) = (microsiemens)
    (mM) = (milli/liter)
}
PARAMETER {
    g = 1 (uS)
    e = 0 (volt)
    k = 1 (/mM-ms)
    length = 3 (furlongs)
}
ASSIGNED {
    v (mV)
    i (mA/cm2)
    ica (nA)
    cai (mM)
}
STATE {
    m (mM)
    n (mM)
    p
}
BREAKPOINT {
    SOLVE s METHOD sparse
    i = g*(v - e)
    ica = g*v*v
    if (v > cai) { i = exp(v) }
    p = f(3) + f(v)
    UNITSOFF
    ica = v
    UNITSON
    ica = cai^p
}
KINETIC s {
    ~ m <-> n (k, 1(/ms))
    ~ p << (k)
}
DERIVATIVE d { m' = m }
FUNCTION f(x (mV)) (nA) { f = (0.001)*g*x }
