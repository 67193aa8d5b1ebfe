NEURON { SUFFIX scalar RANGE x POINTER p }
ASSIGNED { x p }
STATE { m }
BREAKPOINT { SOLVE s METHOD cnexp x = p }
DERIVATIVE s { m' = -m*p }
