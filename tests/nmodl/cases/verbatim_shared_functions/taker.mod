NEURON { SUFFIX taker }
VERBATIM
#define HALF_TURN 3.0
extern double* vector_newsize(IvocVect* vector, int n);
ENDVERBATIM
: stretches a Vector to n elements and puts 0, 1, 2 ... there
FUNCTION stretch() {
VERBATIM
	int i, n = (int)*getarg(2);
	double* x = vector_newsize(vector_arg(1), n);
	for (i = 0; i < n; ++i) x[i] = i;
	_lstretch = n;
ENDVERBATIM
}
FUNCTION square(x) {
	TABLE FROM 0 TO HALF_TURN WITH 3
	square = x*x
}
