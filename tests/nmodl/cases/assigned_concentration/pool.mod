NEURON { SUFFIX pool USEION ca READ ica, cai WRITE cai RANGE ca, rest, tau, start }
UNITS { (mM) = (milli/liter) (mA) = (milliamp) }
PARAMETER { rest = 1e-4 (mM) tau = 3 (ms) start = 0.01 (mM) }
ASSIGNED { ica (mA/cm2) cai (mM) }
STATE { ca (mM) }
INITIAL { ca = start cai = ca }
BREAKPOINT { SOLVE decay METHOD derivimplicit }
DERIVATIVE decay {
	ca' = (rest - ca)/tau
	cai = ca
}
