TITLE current clamp: a pulse
: SPDX-License-Identifier: BSD-3-Clause
NEURON {
    POINT_PROCESS IClamp
    RANGE del, dur, amp, i
    ELECTRODE_CURRENT i
    THREADSAFE
}
PARAMETER {
    del (ms)
    dur (ms) <0,1e9>
    amp (nA)
}
ASSIGNED { i (nA) }
INITIAL { i = 0 }
BREAKPOINT {
    at_time(del)
    at_time(del + dur)
    IF (t < del + dur && t >= del) {
        i = amp
    } ELSE {
        i = 0
    }
}
