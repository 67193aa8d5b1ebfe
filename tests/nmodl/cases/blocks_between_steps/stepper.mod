NEURON { SUFFIX stepper RANGE n, seen NONSPECIFIC_CURRENT i }
ASSIGNED { v i n seen }
INITIAL { n = 0 seen = -1 }
BREAKPOINT { SOLVE p METHOD after_cvode i = 0 }
PROCEDURE p() { n = n + 1 seen = t }
