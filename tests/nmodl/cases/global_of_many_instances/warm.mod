NEURON { SUFFIX warm NONSPECIFIC_CURRENT i RANGE g, n GLOBAL factor, q, last }
PARAMETER { g = 1e-4 q = 2.3 celsius }
ASSIGNED { v i factor last ninf ntau }
STATE { n }
INITIAL { rates(v) n = ninf }
BREAKPOINT { SOLVE states METHOD cnexp i = factor*g*n*(v + 80) }
DERIVATIVE states { rates(v) n' = (ninf - n)/ntau }
PROCEDURE rates(v) {
	factor = q^((celsius - 23)/10)
	ninf = 1/(1 + exp(-(v + 50)/9))
	ntau = (1 + 20*exp(-((v + 50)/30)^2))/factor
	last = ninf
}
