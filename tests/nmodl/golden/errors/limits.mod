DEFINE N 3
NEURON { SUFFIX limits RANGE x USEION ca READ cai REPRESENTS CHEBI:29108 }
UNITS { R = 8.3 (J/(K.mol) }
ASSIGNED { x v cai y[N] }
STATE { s[N] big[501] }
BREAKPOINT {
    LOCAL z[0], w[v]
    SOLVE k METHOD sparse
    SOLVE b METHOD derivimplicit
    y[N+1] = s[-1]  y[4] = 0
    FROM i = 0 TO 5 BY 0 { x = i }
}
KINETIC k {
    ~ s[0] <-> s[5] (1, 2)
    FROM N = 0 TO 1 { ~ s[N] <-> s[N+1] (1, 1) }
}
DERIVATIVE b { FROM i = 0 TO 500 { big'[i] = -big[i]*big[i] } }
FUNCTION f(a, a) { LOCAL f f = a }
PROCEDURE p(a) { LOCAL a a = 1 }
