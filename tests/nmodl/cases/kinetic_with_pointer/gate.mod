: A receptor whose binding rate comes through a POINTER, and a channel that steps aside of a singular voltage.
NEURON {
    POINT_PROCESS Gate
    POINTER c
    RANGE gmax
    NONSPECIFIC_CURRENT i
}
PARAMETER { gmax = 0.01 (microsiemens) }
ASSIGNED { v (millivolt) i (nanoamp) c (millimolar) bind (/ms) }
STATE { closed bound open }
INITIAL { closed = 1 }
BREAKPOINT {
    SOLVE kin METHOD sparse
    i = gmax * open * v
}
KINETIC kin {
    bind = 5 * c * exp(-v / 100)
    ~ closed <-> bound (bind, 0.3)
    ~ bound <-> open (0.8, 0.2)
    CONSERVE closed + bound + open = 1
}
