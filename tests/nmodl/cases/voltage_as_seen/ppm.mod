NEURON { POINT_PROCESS PPM RANGE i }
ASSIGNED { v (mV) i }
PARAMETER { g = 0 }
INITIAL { i = 1 }
BREAKPOINT { i = g*v }
FUNCTION f() { f = v }
