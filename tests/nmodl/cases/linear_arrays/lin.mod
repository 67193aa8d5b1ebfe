DEFINE N 4
NEURON {
    SUFFIX lin
    RANGE x, z, a
}
PARAMETER { a = 2 }
STATE { x[N] z }
INITIAL { SOLVE chain }
BREAKPOINT { SOLVE chain }
LINEAR chain {
    ~ a*x[0] + x[1] = 1
    ~ 2*x[1] - x[2] = 1 + t
    ~ 2*x[2] - x[3] = 2 + t
    ~ x[3] + x[0] = 5
    ~ z - x[0] = 0.5
}
