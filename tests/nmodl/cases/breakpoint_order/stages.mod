: The stages of runge see their own time.
NEURON { SUFFIX stages RANGE p, q, n, last }
ASSIGNED { v n last }
STATE { p q }
INITIAL { p = 0 q = 0 n = 0 }
BREAKPOINT { SOLVE s METHOD runge }
DERIVATIVE s {
    p' = t
    q' = t*t - q
    n = n + t
    last = q
}
