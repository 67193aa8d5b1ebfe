NEURON { SUFFIX kla RANGE x, w }
STATE { x w }
INITIAL { x = 0.5 w = 1 }
BREAKPOINT { SOLVE k METHOD sparse }
KINETIC k {
  ~ x << (-1)
  ~ w <-> x (0.1, 0.2)
}
