NEURON { SUFFIX tables }
FUNCTION_TABLE one(x (mV)) (/ms)
FUNCTION_TABLE two(x (mV), y (mM)) (/ms)
FUNCTION ask(x (mV)) (/ms) { ask = one(x) + 1 }
FUNCTION askboth(x (mV), y (mM)) (/ms) { askboth = 2*two(x, y) }
