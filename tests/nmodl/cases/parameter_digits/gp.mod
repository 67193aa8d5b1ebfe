NEURON { SUFFIX gp RANGE r, b GLOBAL g }
PARAMETER {
  r = 8.314472
  g = 96485.309
  b = 123456.789 (mV)
}
CONSTANT { c = 96485.309 }
ASSIGNED { v x }
FUNCTION getc() { getc = c }
FUNCTION lit() { lit = 96485.309 }
