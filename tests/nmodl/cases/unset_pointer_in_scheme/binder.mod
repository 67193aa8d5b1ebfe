NEURON { SUFFIX binder RANGE free, bound, pairs POINTER level }
PARAMETER { up = 1 (/ms) down = 2 (/ms) }
ASSIGNED { level }
STATE { free bound pairs }
INITIAL { free = 1 bound = 0 pairs = 0 }
BREAKPOINT { SOLVE scheme METHOD sparse }
KINETIC scheme {
    ~ free <-> bound (up*level, down)
    ~ bound + bound <-> pairs (up*level, down)
}
