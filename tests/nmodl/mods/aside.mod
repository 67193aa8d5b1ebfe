: A channel that avoids the voltage at which its rate is 0/0: its own copy of v is written, no other kernel sees it.
NEURON {
    SUFFIX aside
    USEION k READ ek WRITE ik
    RANGE gbar
}
PARAMETER { gbar = 0.01 }
ASSIGNED { v ek ik inf tau }
STATE { n }
BREAKPOINT {
    SOLVE states METHOD cnexp
    ik = gbar * n * (v - ek)
}
INITIAL {
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
}
