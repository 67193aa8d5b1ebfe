NEURON { SUFFIX opening NONSPECIFIC_CURRENT i RANGE o, g GLOBAL scale }
PARAMETER { scale = 6 g = 1e-4 }
ASSIGNED { v i }
STATE { c o }
LOCAL up, down
INITIAL { o = 0.2 c = 0.8 }
BREAKPOINT { SOLVE gating METHOD sparse i = g*o*(v + 20) }
KINETIC gating {
	up = opens(v)
	down = closes(v)
	~ c <-> o (up, down)
	CONSERVE c + o = 1
}
FUNCTION opens(v) {
	TABLE DEPEND scale FROM -100 TO 100 WITH 200
	opens = 0.1 + steady(v)/scale
}
FUNCTION steady(v) {
	TABLE FROM -100 TO 100 WITH 200
	steady = 1/(1 + exp(-(v + 60)/10))
}
FUNCTION closes(v) {
	TABLE DEPEND scale FROM -100 TO 100 WITH 200
	closes = 0.1 + (1 - steady(v))/scale
}
