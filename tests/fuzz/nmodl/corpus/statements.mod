TITLE Every statement once
COMMENT
It only has to be read and printed.
ENDCOMMENT
NEURON {
    POINT_PROCESS Statements
    USEION ca READ cai, eca WRITE ica VALENCE 2
    NONSPECIFIC_CURRENT i
    RANGE g, e, a
    GLOBAL tau
    POINTER other
    THREADSAFE
}
UNITS {
    (mV) = (millivolt)
    (nA) = (nanoamp)
    FARADAY = (faraday) (coulomb)
    half = 0.5 (1)
}
DEFINE N 3
PARAMETER {
    g = 0.001 (uS) <0, 1>
    e = -70 (mV)
    tau = 10 (ms)
    w[N]
}
ASSIGNED { v (mV) i (nA) ica (nA) cai (mM) eca (mV) other a[N] }
STATE {
    m FROM 0 TO 1 START 0.5 (1) <1e-4>
    c[N] (mM)
}
LOCAL q
INITIAL {
    LOCAL x, y[2]
    x = -2^2 + (1 - (2 - 3))*4/5/(6*7)
    y[1] = !(x > 1 && x <= 2 || x != 3)
    IF (x == 1) { m = 1 } ELSE IF (x < 0) { m = 2 } ELSE { m = 3 }
    WHILE (x < 3) { x = x + 1 }
    FROM k = 0 TO N - 1 BY 1 { a[k] = k }
    { q = x }
    net_send(1 (ms), 1)
    printf("%g\n", x)
    SOLVE scheme STEADYSTATE sparse
}
BREAKPOINT {
    SOLVE scheme METHOD sparse
    CONDUCTANCE g
    i = g*(v - e)
    ica = (0.001)*g*(v - eca)
}
KINETIC scheme {
    COMPARTMENT k, 1 + k { c }
    LONGITUDINAL_DIFFUSION 0.5 { c }
    ~ 2 c[0] + m <-> c[1] (1, 2)
    ~ c[1] -> (3)
    ~ c[2] << (f_flux - b_flux)
    CONSERVE c[0] + 2 c[1] = 1
}
LINEAR both { ~ m + c[0] = 1  ~ m - c[0] = 0 }
FUNCTION_TABLE look(x (mV)) (/ms)
FUNCTION f(x (mV)) (/ms) {
    TABLE DEPEND tau, celsius FROM -100 TO 100 WITH 200
    f = look(x)*exp(-x/10 (mV))
}
PROCEDURE p() { a[0] = f(v) UNITSOFF UNITSON }
NET_RECEIVE (weight (uS), n) {
    INITIAL { n = 1 }
    IF (flag == 1) { WATCH (v > -20) 2, (v < -80) 3 }
    FOR_NETCONS (ww, nn) { nn = nn + 1 }
    net_event(t)
    VERBATIM
    /* C text stays as it is */
    ENDVERBATIM
}
BEFORE STEP { m = m }
