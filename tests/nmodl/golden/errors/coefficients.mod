NEURON { SUFFIX coefficients }
STATE { p q }
BREAKPOINT { SOLVE k METHOD sparse }
KINETIC k { ~ 1.5 p <-> 100000 q (1, 2) }
