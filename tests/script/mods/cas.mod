TITLE a mechanism with a function's name
: SPDX-License-Identifier: BSD-3-Clause
NEURON { SUFFIX cas NONSPECIFIC_CURRENT i RANGE g }
PARAMETER { g = 1e-3 }
ASSIGNED { v i }
BREAKPOINT { i = g * (v + 60) }
