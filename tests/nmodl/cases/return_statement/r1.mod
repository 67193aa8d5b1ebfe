NEURON { SUFFIX r1 RANGE x }
ASSIGNED { x }
INITIAL { x = f() + g(2) + g(-2)
 p(3) }
FUNCTION f() { return(3) }
FUNCTION g(a) { g = 10
 if (a > 0) { return(a) }
 g = 5 }
PROCEDURE p(a) { x = x + 100
 return(0)
 x = 0 }
