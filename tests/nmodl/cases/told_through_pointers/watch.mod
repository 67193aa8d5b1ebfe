: adds up what its POINTER shows
NEURON { SUFFIX toldwatch RANGE sum POINTER g }
ASSIGNED { g }
STATE { sum }
BREAKPOINT { SOLVE add METHOD euler }
INITIAL { sum = 0 }
DERIVATIVE add { sum' = g }
