NEURON { SUFFIX factored RANGE x, w, z }
STATE { x w z }
ASSIGNED { v k f }
INITIAL { x = 1 w = 0 z = 1 }
BREAKPOINT { SOLVE a METHOD derivimplicit SOLVE b METHOD cnexp }
DERIVATIVE a {
    if (w > 0.2) { k = 2 } else { k = 1 }
    x' = -k*x + x*w
    w' = x*(1 - w)
}
DERIVATIVE b { if (t < 1) { k = 1 f = 0 } else if (t < 2) { k = 1 f = 2 } else { k = 3 f = 0 } z' = f - k*z }
