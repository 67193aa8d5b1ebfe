NEURON { SUFFIX floor USEION ca READ ica WRITE cai RANGE rest, tau, drain }
PARAMETER { rest = 5e-5 tau = 100 drain = 1e-5 }
ASSIGNED { ica }
STATE { cai }
INITIAL { cai = 1e-4 }
BREAKPOINT { SOLVE decay METHOD derivimplicit }
DERIVATIVE decay {
	cai' = -drain + (rest - cai)/tau
	if (cai < rest) { cai = rest }
}
