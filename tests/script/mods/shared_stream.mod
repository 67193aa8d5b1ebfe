: Instances that draw from the stream without an owner, one after the other.
NEURON { SUFFIX drawer RANGE at_start, at_step GLOBAL count }
ASSIGNED { at_start at_step count drawn }
INITIAL { count = count + 1  at_start = count  drawn = scop_random() }
BREAKPOINT { SOLVE step }
PROCEDURE step() { count = count + 1  at_step = count  drawn = scop_random() }
