TITLE two-electrode voltage clamp: a recording electrode, an amplifier of finite gain, a current electrode
: SPDX-License-Identifier: BSD-3-Clause
COMMENT
The command (inverted) and the recorded potential reach the amplifier's input vi through equal resistors; a
capacitor bridges that of the recorded potential (time constant tau1):
    (-stim - vi) + (v - vi) + tau1 d(v - vi)/dt = 0
The amplifier inverts, with its own time constant:
    tau2 dvo/dt = -vo - gain vi
and its output drives i = (vo - v)/rstim. The equations are stiffer than the membrane, so they are advanced
implicitly together with v. e0 is kept for scripts that set it and has no effect; vi0 and vo0 show v and the
output of the last step. Under a variable step the amplifier is taken in its steady state.
ENDCOMMENT
NEURON {
    POINT_PROCESS VClamp
    ELECTRODE_CURRENT i
    RANGE dur, amp, gain, rstim, tau1, tau2, e0, vo0, vi0, i, fac
    THREADSAFE
}
PARAMETER {
    dur[3] (ms)
    amp[3] (mV)
    gain = 1e5
    rstim = 1 (megohm)
    tau1 = .001 (ms)
    tau2 = 0 (ms)
    e0 = 0 (mV)
    vo0 = 0 (mV)
    vi0 = 0 (mV)
    fac
}
ASSIGNED {
    v (mV) i (nA) on stim (mV)
    vc (mV)    : v - vi, over the capacitor, at the end of the last step
    k1 k2      : time constants per step
    steady     : 1 under a variable step
}
INITIAL {
    on = 0
    stim = 0
    fac = 0
    vo0 = v
    vi0 = v
    vc = v
    k1 = 0
    k2 = 0
}
: level() assigns, so that the slope of i is the difference over 0.001 mV that the reference takes: at the default
: gain its last digits are seen in i after a change of the command
BREAKPOINT {
    SOLVE settle METHOD after_cvode
    level()
    i = on*(output(v) - v)/rstim
}
PROCEDURE level() {
    : under a variable step the changes are events
    IF (dur[0] > 0) { at_time(dur[0]) }
    IF (dur[1] > 0) { at_time(dur[0] + dur[1]) }
    IF (dur[2] > 0) { at_time(dur[0] + dur[1] + dur[2]) }
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
VERBATIM
    steady = nrn_verbatim_now.context->variable_step;
ENDVERBATIM
    k1 = 0
    k2 = 0
    IF (steady == 0) {  : dt may be 0 where an integration begins anew
        k1 = tau1/dt
        k2 = tau2/dt
    }
}
: Current balance at the input solved for vi, in the order of operations that leaves the rounding of the reference.
FUNCTION input(v (mV)) (mV) { input = (v - (stim + k1*vc)/(1 + k1))/(1 + 1/(1 + k1)) }
FUNCTION output(v (mV)) (mV) { output = (k2*vo0 - gain*input(v))/(1 + k2) }
: what users read after a step belongs to the new potential
PROCEDURE settle() {
    IF (on == 1) {
        vo0 = output(v)
        vc = v - input(v)
        vi0 = v
        i = (vo0 - v)/rstim
    } ELSE {
        i = 0
    }
}
