TITLE what the text of VERBATIM blocks finds without including anything
: SPDX-License-Identifier: BSD-3-Clause
NEURON { SUFFIX c_library RANGE a, b, drawn }
ASSIGNED { a b drawn }
INITIAL {
VERBATIM
    assert(sizeof(double) == 8);
    errno = 0;
    a = isdigit('7') ? DBL_DIG : 0;
    {uint32_t index = 5;
    drawn = nrnRan4dbl(&index, 7) + (index == 6 ? 0 : 9);}
    {extern int cvode_active_;
    if (cvode_active_) a = 0;}
    b = fabs(-2.5) + (double) strlen("abc") + (double) INT8_MAX;
ENDVERBATIM
}
