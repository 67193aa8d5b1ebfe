NEURON { THREADSAFE POINT_PROCESS PPT RANGE g, e, i, y, ri
 NONSPECIFIC_CURRENT i }
PARAMETER { g = 0.002 (uS) e = -20 (mV) }
ASSIGNED { v (mV) i (nA) y ri }
INITIAL { y = v ri = f() }
BREAKPOINT { i = g*(v - e) y = v }
FUNCTION f() { f = v }
FUNCTION h(x) { LOCAL a
 a = x
 h = v }
