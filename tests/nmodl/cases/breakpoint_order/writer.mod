NEURON { SUFFIX writer USEION ca WRITE cai, eca }
ASSIGNED { v eca }
STATE { cai }
INITIAL { cai = 1e-4 eca = 20 }
BREAKPOINT { SOLVE s METHOD cnexp eca = 10 }
DERIVATIVE s { cai' = 1 - cai }
