NEURON { POINT_PROCESS PPN RANGE y }
ASSIGNED { v (mV) y }
STATE { s }
INITIAL { y = v s = 0}
BREAKPOINT { SOLVE d METHOD cnexp  y = v}
DERIVATIVE d { s' = -s }
FUNCTION f() { f = v }
