NEURON { POINT_PROCESS Streampoint RANGE u RANDOM r }
ASSIGNED { v u }
INITIAL { u = random_uniform(r) }
BEFORE STEP { u = random_normal(r) }
