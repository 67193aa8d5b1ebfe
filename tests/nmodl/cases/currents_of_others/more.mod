NEURON { SUFFIX more USEION na READ ina WRITE ina RANGE seen, q }
ASSIGNED { v ina seen }
STATE { q }
INITIAL { q = 0 }
BREAKPOINT {
	SOLVE carried METHOD cnexp
	seen = ina
	ina = ina + 1e-4
}
DERIVATIVE carried { q' = -ina*1000 }
