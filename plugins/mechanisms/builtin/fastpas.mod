TITLE passive membrane, under the second name by which older models know it
: SPDX-License-Identifier: BSD-3-Clause
NEURON {
    SUFFIX fastpas
    NONSPECIFIC_CURRENT i
    RANGE g, e
    THREADSAFE
}
PARAMETER {
    g = .0005 (S/cm2) <0,1e9>
    e = -65 (mV)
}
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT { i = g*(v - e) }
