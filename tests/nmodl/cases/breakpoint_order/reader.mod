NEURON { SUFFIX reader USEION ca READ cai, cao WRITE ica REPRESENTS CHEBI:29108 RANGE ica }
ASSIGNED { v cai cao ica }
BREAKPOINT { ica = 1e-6*(v + cai + cao) }
