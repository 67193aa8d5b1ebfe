TITLE single-electrode voltage clamp with three levels
: SPDX-License-Identifier: BSD-3-Clause
NEURON {
    POINT_PROCESS SEClamp
    ELECTRODE_CURRENT i
    RANGE dur1, amp1, dur2, amp2, dur3, amp3, rs, vc, i
    THREADSAFE
}
PARAMETER {
    rs = 1 (megohm) <1e-9,1e9>
    dur1 (ms)
    amp1 (mV)
    dur2 (ms) <0,1e9>
    amp2 (mV)
    dur3 (ms) <0,1e9>
    amp3 (mV)
}
ASSIGNED { v (mV) i (nA) vc (mV) tc2 (ms) tc3 (ms) on }
INITIAL {
    tc2 = dur1 + dur2
    tc3 = tc2 + dur3
    on = 0
}
BREAKPOINT {
    SOLVE settle METHOD after_cvode
    level()
    i = on*(vc - v)/rs
}
: what users read after a step belongs to the new potential
PROCEDURE settle() {
    i = on*(vc - v)/rs
}
PROCEDURE level() {
    tc2 = dur1 + dur2
    tc3 = tc2 + dur3
    : under a variable step the changes are events
    IF (dur1 > 0) { at_time(dur1) }
    IF (dur2 > 0) { at_time(tc2) }
    IF (dur3 > 0) { at_time(tc3) }
    on = 1
    IF (t < dur1) {
        vc = amp1
    } ELSE {
        IF (t < tc2) {
            vc = amp2
        } ELSE {
            IF (t < tc3) {
                vc = amp3
            } ELSE {
                vc = 0
                on = 0
            }
        }
    }
}
