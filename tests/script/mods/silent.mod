TITLE a state that no current shows
: SPDX-License-Identifier: BSD-3-Clause
NEURON {
    SUFFIX silent
    RANGE rate
    THREADSAFE
}
PARAMETER { rate = 0.1 (/ms) }
STATE { y }
INITIAL { y = 1 }
BREAKPOINT { SOLVE decay METHOD cnexp }
DERIVATIVE decay { y' = -rate*y }
