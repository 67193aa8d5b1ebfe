NEURON {
    POINT_PROCESS WeightWatcher
    POINTER w
    RANGE seen
}
ASSIGNED {
    w
    seen
}
INITIAL { seen = w }
BREAKPOINT { seen = w }
