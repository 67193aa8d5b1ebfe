NEURON {
    SUFFIX misplaced
    USEION na
    RANGE diam
}
PARAMETER { p = 1 v (mV) }
ASSIGNED { z v (mV) a[3] }
STATE { x y }
INITIAL {
    net_send(1, 1)
    INITIAL { z = 1 }
}
BREAKPOINT {
    TABLE z FROM 0 TO 1 WITH 10
    SOLVE d METHOD cnexp
    SOLVE d METHOD cnexp
    SOLVE k METHOD sparse
    t = 3
    net_event(t)
}
DERIVATIVE d { z' = -z }
KINETIC k {
    ~ x <-> y (1, 1)
    CONSERVE x + z = 1
    ~ z << (2)
}
NET_RECEIVE () {
    LOCAL b
    WATCH (v > b) 1
}
FUNCTION exp(x) { exp = 1 }
PROCEDURE z() { }
PROCEDURE two(a, b) { TABLE z FROM 0 TO 1 WITH 10 }
PROCEDURE one(a) {
    TABLE FROM 0 TO 1 WITH 10
    FOR_NETCONS (w) { z = w }
    net_move(3)
}
PROCEDURE fine(t, celsius) {
    LOCAL dt, q
    dt = t + celsius
    q[2] = 1
    two = 1
    fine = 2
}
FUNCTION value() { value = 1 }
