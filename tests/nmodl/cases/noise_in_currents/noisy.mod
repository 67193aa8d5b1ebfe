NEURON { SUFFIX noisy NONSPECIFIC_CURRENT i RANGE g, spread, drawn }
PARAMETER { g = 1e-4 spread = 0 e = -70 }
ASSIGNED { v i drawn }
BREAKPOINT {
	drawn = g*normrand(1, spread)
	i = drawn*(v - e)
}
