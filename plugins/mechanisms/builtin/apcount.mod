TITLE counts upward crossings of a threshold and keeps the time of the last
: SPDX-License-Identifier: BSD-3-Clause
NEURON {
    POINT_PROCESS APCount
    RANGE n, thresh, time, firing
    THREADSAFE
}
PARAMETER {
    n
    thresh = -20 (mV)
    time (ms)
}
ASSIGNED { v (mV) firing }
INITIAL {
    n = 0
    time = 0
    firing = 0
    IF (v >= thresh) { firing = 1 }
}
BREAKPOINT { SOLVE check METHOD after_cvode }
PROCEDURE check() {
    IF (v >= thresh && !firing) {
        firing = 1
        time = t
        n = n + 1
    }
    IF (firing && v < thresh && t > time) { firing = 0 }
}
