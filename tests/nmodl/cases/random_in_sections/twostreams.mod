NEURON { SUFFIX twostreams RANGE u RANDOM r, q }
ASSIGNED { v u }
INITIAL { u = random_uniform(r) }
BEFORE STEP { u = random_negexp(r, 2) + random_uniform(q) }
