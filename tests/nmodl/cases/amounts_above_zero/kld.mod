NEURON { SUFFIX kld RANGE x, w, z }
STATE { x w z }
INITIAL { x = 0.5 w = 1 z = 1 }
BREAKPOINT { SOLVE k METHOD derivimplicit }
DERIVATIVE k {
  x' = -1
  w' = -x*w
  z' = -3 + 0*z*z
}
