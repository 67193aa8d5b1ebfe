: g and h2 are told to users; no block of this mechanism reads them
NEURON { SUFFIX toldleak NONSPECIFIC_CURRENT i RANGE gbar, g, twice }
PARAMETER { gbar = 0.001 }
ASSIGNED { v i g twice }
STATE { m }
BREAKPOINT {
  SOLVE states METHOD cnexp
  g = gbar*m
  twice = 2*g
  i = g*(v + 70)
}
INITIAL { m = 0.5 }
DERIVATIVE states { m' = (1/(1 + exp(-(v + 50)/10)) - m)/3 }
