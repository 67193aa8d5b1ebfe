NEURON { SUFFIX counted RANGE r GLOBAL g }
ASSIGNED { v g r }
INITIAL { g = g + 1 r = g }
BREAKPOINT { SOLVE p }
PROCEDURE p() { g = g + 1 r = r*100 + g }
