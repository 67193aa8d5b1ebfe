NEURON { SUFFIX again USEION na READ ina WRITE ina RANGE q }
ASSIGNED { v ina }
STATE { q }
INITIAL { q = 0 }
BREAKPOINT { SOLVE carried METHOD cnexp }
DERIVATIVE carried { q' = -ina*1000 }
