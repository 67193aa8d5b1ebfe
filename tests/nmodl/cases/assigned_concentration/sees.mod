NEURON { SUFFIX sees USEION ca READ cai RANGE seen, n, gone NONSPECIFIC_CURRENT i }
ASSIGNED { cai seen v i }
STATE { n }
INITIAL { n = 0 }
BREAKPOINT { SOLVE s METHOD cnexp i = 0 }
DERIVATIVE s { seen = cai n' = cai - n/20 }
