NEURON { SUFFIX ds NONSPECIFIC_CURRENT i }
PARAMETER { g = 0.0001 e = -20 }
ASSIGNED { v (mV) i }
BREAKPOINT { i = g*(v-e) }
FUNCTION f() { f = v }
