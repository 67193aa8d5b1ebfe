NEURON { SUFFIX kt }
STATE { x w }
INITIAL { x = 1 w = 0 }
BREAKPOINT { SOLVE d METHOD sparse }
KINETIC d { ~ x <-> w (499.5, 499.5)
 ~ x -> (1)
 ~ w -> (1) }
