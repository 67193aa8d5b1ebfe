NEURON { SUFFIX store USEION na READ ina, nai WRITE nai, ina RANGE seen, q }
ASSIGNED { v ina seen }
STATE { q nai }
INITIAL { q = 0 }
BREAKPOINT {
	SOLVE carried METHOD sparse
	seen = ina
}
KINETIC carried {
	~ q << (-ina*1000)
	~ nai << (-ina)
}
