DEFINE N 3
NEURON {
    SUFFIX forms
    RANGE a, b, c, p, q, net, kf, kb, total
}
PARAMETER {
    kf = 0.1
    kb = 0.2
}
STATE { a b c[N] p q }
ASSIGNED { net total }
INITIAL {
    a = 1
    b = 2
    FROM i = 0 TO N - 1 { c[i] = i + 1 }
    p = 0
    q = 0.5
}
BREAKPOINT {
    SOLVE scheme METHOD sparse
    total = c[0] + 2*c[1] + 3*c[2]
}
KINETIC scheme {
    COMPARTMENT 2 { a b }
    COMPARTMENT i, 1 + i { c }
    ~ a + 2 b <-> p (kf, kb)
    net = f_flux - b_flux
    FROM i = 0 TO N - 2 { ~ c[i] <-> c[i+1] (kf*(i + 1), kb) }
    ~ c[0] << (0.01)
    ~ p -> (0.02)
    ~ q + p <-> q + a (0.05, 0.01)
}
