TITLE a procedure that ends in C, as those of old files do
: SPDX-License-Identifier: BSD-3-Clause
NEURON { SUFFIX ending NONSPECIFIC_CURRENT i RANGE minf, g }
PARAMETER { g = 1e-3 }
ASSIGNED { v i minf tau }
STATE { m }
BREAKPOINT {
    SOLVE gate METHOD cnexp
    i = g * m * (v + 60)
}
INITIAL {
    rates(v)
    m = minf
}
DERIVATIVE gate {
    rates(v)
    m' = (minf - m) / tau
}
PROCEDURE rates(v) {
    minf = 1 / (1 + exp(-v / 10))
    tau = 3 + minf
    VERBATIM
	return 0;
    ENDVERBATIM
}
