: SOLVE comes before the rest of BREAKPOINT, wherever it stands.
NEURON { SUFFIX lagging RANGE x, a, b }
ASSIGNED { v on a b }
STATE { x }
INITIAL { x = 0 on = 0 a = 0 b = 0 }
BREAKPOINT {
    on = t
    SOLVE s METHOD cnexp
    if (t > 0.06) { b = b + x }
    a = x
}
DERIVATIVE s { x' = on }
