NEURON { SUFFIX names RANGE gbar, ghost NONSPECIFIC_CURRENT i GLOBAL gbarr }
PARAMETER { gbar = 1 gbarr = 2 }
ASSIGNED { v i }
BREAKPOINT { i = gbar*(v - e) + gbr }
PROCEDURE p(x) { q = sinn(x) + exp(x, 2) + ramp(1) + spline(x) }
