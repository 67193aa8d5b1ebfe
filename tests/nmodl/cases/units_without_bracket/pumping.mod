: a unit with one bracket too few, as published files have it
NEURON { SUFFIX pumping RANGE r, s }
UNITS {
  (j) = (joule)
  (molar) = (1/liter)
}
PARAMETER {
  R = 8.314472 (j/(K.molar)
  q = 2 (mV/(ms.mV)
}
ASSIGNED { r s }
INITIAL {
  r = R
  s = q
}
