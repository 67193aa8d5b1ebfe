NEURON { SUFFIX point }
UNITS {
    R = (k-mole) (./degC)
    (a) = (.)
}
PARAMETER { x = 1 (./ms) }
