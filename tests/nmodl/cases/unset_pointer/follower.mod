NEURON { POINT_PROCESS Follower RANGE x POINTER target }
ASSIGNED { x v target }
FUNCTION twice() { twice = 2*target }
PROCEDURE put(y) { target = y }
FUNCTION points() { points = nrn_pointing(target) }
