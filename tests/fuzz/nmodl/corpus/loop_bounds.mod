NEURON { SUFFIX bounds RANGE x }
STATE { x[3] }
INITIAL { FROM i = 0 - 2147483648 TO 2 { x[i] = 1 } FROM i = 0 TO 1e300 BY 1e300 { x[i] = 2 } }
