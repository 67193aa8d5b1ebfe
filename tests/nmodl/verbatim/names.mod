: A number that another file's VERBATIM text declares extern.
NEURON { SUFFIX nothing GLOBAL outside_ }
PARAMETER { outside_ = 1000 }
FUNCTION twice_outside() { twice_outside = 2*outside_ }
