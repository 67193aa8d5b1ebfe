: STATEs whose start values users may set, listed in RANGE or GLOBAL and declared nowhere else.
NEURON { SUFFIX starts RANGE s0, seen, element GLOBAL g0, part0 }
STATE { s g part[3] plain }
ASSIGNED { seen element }
INITIAL { seen = s0 + part0 + g0 + plain0  element = part[1] + s + g }
