NEURON { SUFFIX stages RANGE before_step, after_solve, before_breakpoint, solved }
ASSIGNED { v before_step after_solve before_breakpoint solved }
STATE { x }
INITIAL { before_step = 0 after_solve = 0 before_breakpoint = 0 x = 1 }
BEFORE BREAKPOINT { before_breakpoint = before_breakpoint + 1 }
BREAKPOINT { SOLVE d METHOD cnexp }
DERIVATIVE d { x' = -x }
AFTER SOLVE { after_solve = (before_breakpoint > 0) solved = x*10 }
BEFORE STEP { before_step = before_step + 1 }
