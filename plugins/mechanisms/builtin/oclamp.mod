TITLE voltage clamp that is switched on and off, with a command that is played into it
: SPDX-License-Identifier: BSD-3-Clause
NEURON {
    POINT_PROCESS OClamp
    ELECTRODE_CURRENT i
    RANGE rs, on, off, vc, switched_on, i
    THREADSAFE
}
PARAMETER {
    rs = 1 (megohm) <1e-9,1e9>
    on (ms)
    off (ms)
    vc (mV)
    switched_on
}
ASSIGNED { v (mV) i (nA) clamped }
INITIAL { clamped = 0 }
BREAKPOINT {
    SOLVE settle METHOD after_cvode
    watch()
    i = current()
}
: what users read after a step belongs to the new potential
PROCEDURE settle() { i = current() }
PROCEDURE watch() {
    clamped = 0
    IF (switched_on != 0) {
        IF (t >= on) {
            IF (t <= off) { clamped = 1 }
        }
    }
}
: without a resistance nothing flows where the clamp is off
FUNCTION current() (nA) {
    current = 0
    IF (clamped != 0) { current = (vc - v)/rs }
}
