: counts its arguments as published models do
NEURON { SUFFIX nothing }
FUNCTION count_from_0() {
VERBATIM
  int i;
  for (i = 0; ifarg(i); i++) {}
  _lcount_from_0 = i - 1;
ENDVERBATIM
}
FUNCTION has() {
VERBATIM
  _lhas = ifarg(3);
ENDVERBATIM
}
