NEURON { SUFFIX bare RANGE n, seen }
ASSIGNED { v n seen }
INITIAL { n = 0 seen = 0 }
BREAKPOINT { n = n + 1 seen = v }
