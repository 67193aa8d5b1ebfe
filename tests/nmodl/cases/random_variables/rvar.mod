NEURON {
    POINT_PROCESS Rvar
    RANDOM r1, r2
    RANGE a, b, c, d, e, f
}
ASSIGNED { a b c d e f }
INITIAL {
    a = random_uniform(r1)
    b = random_uniform(r1, 2, 3)
    c = random_negexp(r2)
    d = random_negexp(r2, 4)
    e = random_normal(r2)
    f = random_normal(r2, 10, 2)
}
FUNCTION draw() { draw = random_uniform(r1) }
FUNCTION pick() { pick = random_ipick(r1) }
FUNCTION dpick() { dpick = random_dpick(r1) }
PROCEDURE rewind(n) { random_setseq(r1, n) }
PROCEDURE ids(a, b, c) { random_setids(r1, a, b, c) }
