NEURON {
    SUFFIX closed
    RANGE c1, c2, o, kf, kb
}
PARAMETER { kf = 0.3 kb = 0.1 }
STATE { c1 c2 o }
INITIAL { SOLVE states STEADYSTATE sparse }
BREAKPOINT {
    SOLVE states METHOD sparse
}
KINETIC states {
    ~ c1 <-> c2 (2*kf, kb)
    ~ c2 <-> o (kf, 2*kb)
    CONSERVE c1 + c2 + o = 1
}
