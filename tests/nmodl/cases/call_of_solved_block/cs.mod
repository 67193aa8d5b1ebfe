NEURON { SUFFIX cs RANGE a, start }
ASSIGNED { a start }
STATE { n }
INITIAL { n = 1 a = 7 states() start = n }
BREAKPOINT { SOLVE states METHOD cnexp a = a + 1 }
DERIVATIVE states { fac() n' = (3-n)/2 }
PROCEDURE fac() { a = a*2 }
