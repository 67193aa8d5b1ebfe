NEURON { SUFFIX klb RANGE x, a, b, c }
STATE { x a b c }
INITIAL { x = 0.5 a = 1 b = 1 c = 0.5 }
BREAKPOINT { SOLVE k METHOD sparse }
KINETIC k {
  ~ x << (-1)
  ~ a + b <-> c (0.1, 0.2)
}
