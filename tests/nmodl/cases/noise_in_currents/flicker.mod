NEURON { SUFFIX flicker NONSPECIFIC_CURRENT i RANGE g, share }
PARAMETER { g = 1e-5 share = 0.1 e = 0 }
ASSIGNED { v i }
FUNCTION level() { level = 1 + share*scop_random() }
BREAKPOINT { i = g*level()*(v - e) }
