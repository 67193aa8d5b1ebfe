TITLE current clamp: a pulse
: SPDX-License-Identifier: BSD-3-Clause
NEURON {
    POINT_PROCESS IClamp
    RANGE delay, dur, amp, i
    ELECTRODE_CURRENT i
    THREADSAFE
}
PARAMETER {
    delay (ms)
    dur (ms) <0,1e9>
    amp (nA)
}
ASSIGNED { i (nA) }
INITIAL { i = 0 }
BREAKPOINT {
    at_time(delay)
    at_time(delay + dur)
    IF (t < delay + dur && t >= delay) {
        i = amp
    } ELSE {
        i = 0
    }
}
