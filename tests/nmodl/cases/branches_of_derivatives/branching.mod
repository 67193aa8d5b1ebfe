NEURON { SUFFIX branching RANGE x, w, z }
STATE { x w z }
ASSIGNED { v }
INITIAL { x = 1 w = 0 z = 1 }
BREAKPOINT { SOLVE a METHOD derivimplicit SOLVE b METHOD cnexp }
DERIVATIVE a {
    if (w > 0.2) { x' = -x*2 + x*w } else { x' = -x + x*w }
    w' = x*(1 - w)
}
DERIVATIVE b { if (t < 1) { z' = -z } else if (t < 2) { z' = 2 - z } else { z' = -3*z } }
