TITLE two-electrode voltage clamp with an amplifier of finite gain
: SPDX-License-Identifier: BSD-3-Clause
NEURON {
    POINT_PROCESS VClamp
    ELECTRODE_CURRENT i
    RANGE dur, amp, gain, rstim, tau1, tau2, e0, vo0, vi0, i, fac
    THREADSAFE
}
PARAMETER {
    gain = 1e5
    rstim = 1 (megohm)
    tau1 = .1 (ms)
    tau2 = 0 (ms)
    e0 = 0 (mV)
    vo0 = 0 (mV)
    vi0 = 0 (mV)
}
ASSIGNED { v (mV) i (nA) dur[3] (ms) amp[3] (mV) fac on stim (mV) }
INITIAL { on = 0 stim = 0 fac = 0 }
BREAKPOINT {
    SOLVE level METHOD after_cvode
    : the amplifier settles fast against the membrane: its output drives v towards the command
    i = on*gain/(gain + 1)*(stim - v)/rstim
}
PROCEDURE level() {
    on = 1
    IF (t < dur[0]) {
        stim = amp[0]
    } ELSE {
        IF (t < dur[0] + dur[1]) {
            stim = amp[1]
        } ELSE {
            IF (t < dur[0] + dur[1] + dur[2]) {
                stim = amp[2]
            } ELSE {
                stim = 0
                on = 0
            }
        }
    }
}
