NEURON { SUFFIX giver }
VERBATIM
double* vector_newsize(IvocVect* vector, int n) {
	vector_resize(vector, n);
	return vector_vec(vector);
}
ENDVERBATIM
FUNCTION unused() { unused = 0 }
