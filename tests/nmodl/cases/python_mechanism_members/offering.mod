NEURON { SUFFIX offering RANGE u, q, m RANDOM r }
ASSIGNED { v u q m }
INITIAL { u = random_uniform(r) }
FUNCTION_TABLE f(x)
FUNCTION k(x) { k = x*q + v }
FUNCTION g(u) { TABLE FROM -80 TO 60 WITH 20 g = exp(u/30) }
PROCEDURE p(u) { m = u*2 }
