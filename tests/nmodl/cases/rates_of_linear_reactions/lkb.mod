NEURON { SUFFIX lkb RANGE x, z, q, r, s }
STATE { x z q r s }
INITIAL { x = 1 z = 0.3 q = 1 r = 1 s = 0.5 }
BREAKPOINT { SOLVE k METHOD sparse }
KINETIC k {
    ~ q << (-0.2*q)
    ~ x <-> z (0.3*x, 0.1)
}
