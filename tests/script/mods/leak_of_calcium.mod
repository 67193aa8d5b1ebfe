TITLE a calcium current
: SPDX-License-Identifier: BSD-3-Clause
NEURON { SUFFIX caleak USEION ca WRITE ica RANGE g }
PARAMETER { g = 1e-3 }
ASSIGNED { v ica }
BREAKPOINT { ica = g * (v - 60) }
