TITLE A channel whose units are right
NEURON {
    SUFFIX good
    USEION k READ ek WRITE ik
    RANGE gbar
}
UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
    (mM) = (milli/liter)
    F = (faraday) (coulomb)
}
PARAMETER {
    gbar = 0.01 (S/cm2)
    vhalf = -40 (mV)
    tau = 2 (ms)
}
ASSIGNED {
    v (mV)
    ek (mV)
    ik (mA/cm2)
    depth (um)
    influx (mM/ms)
}
STATE { n }
BREAKPOINT {
    SOLVE states METHOD cnexp
    ik = gbar*n^4*(v - ek)
    influx = -(10000)*ik/(2*F*depth)
}
DERIVATIVE states { n' = (steady(v) - n)/tau }
FUNCTION steady(v (mV)) {
    LOCAL x
    x = (v - vhalf)/10(mV)
    if (v > -100) { steady = 1/(1 + exp(-x)) } else { steady = 0 }
}
