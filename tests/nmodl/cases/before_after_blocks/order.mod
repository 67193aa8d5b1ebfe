NEURON {
    SUFFIX order
    RANGE x, y
    GLOBAL count
}
ASSIGNED { x y count }
STATE { m }
INITIAL { x = 10*x + 1  m = 0 y = 0 }
BREAKPOINT { SOLVE grow METHOD cnexp  x = 10*x + 5 }
DERIVATIVE grow { m' = 1 }
BEFORE INITIAL { x = 2 }
AFTER INITIAL { x = 10*x + 3 }
BEFORE BREAKPOINT { x = 10*x + 4 }
AFTER SOLVE { x = 10*x + 7 y = m }
BEFORE STEP { x = 10*x + 8 }
PROCEDURE clear() { x = 0 }
