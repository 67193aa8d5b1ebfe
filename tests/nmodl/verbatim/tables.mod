: VERBATIM text that reads a TABLE.
NEURON { SUFFIX tabled GLOBAL square }

ASSIGNED { square }
PROCEDURE fill(x) {
    TABLE square FROM -2 TO 2 WITH 4
    square = x*x
}
FUNCTION entry(i) {
    fill(0)
VERBATIM
    _lentry = _t_square[(int)_li] + 100*_tmin_fill;
ENDVERBATIM
}
