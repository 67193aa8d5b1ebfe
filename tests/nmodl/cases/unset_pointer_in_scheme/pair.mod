NEURON { SUFFIX pair RANGE a, b POINTER level }
ASSIGNED { level }
STATE { a b }
INITIAL { a = 1 b = 0 }
BREAKPOINT { SOLVE equations }
NONLINEAR equations {
    ~ a*a + b = level
    ~ a - b = 1
}
