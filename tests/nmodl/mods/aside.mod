: A channel that avoids the voltage at which its rate is 0/0: its own copy of v is written, which what it calls sees,
: and no other kernel.
NEURON {
    SUFFIX aside
    USEION k READ ek WRITE ik
    RANGE gbar, seen, marked
}
PARAMETER { gbar = 0.01 }
ASSIGNED { v ek ik inf tau seen marked }
STATE { n }
BREAKPOINT {
    SOLVE states METHOD cnexp
    ik = gbar * n * (v - ek)
}
INITIAL {
    v = v + 5
    mark(v - 1)
    rates()
    n = inf
}
DERIVATIVE states {
    rates()
    n' = (inf - n) / tau
}
PROCEDURE rates() {
    LOCAL a
    if (v == -27) { v = v + 0.0001 }
    a = 0.05 * (-27 - v) / (exp((-27 - v) / 4) - 1)
    tau = 1 / (a + 0.1)
    inf = a * tau
    note()
}
PROCEDURE note() { seen = v }
PROCEDURE mark(v) {
    marked = v
    note()
}
