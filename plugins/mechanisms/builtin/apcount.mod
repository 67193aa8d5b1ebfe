TITLE counts upward crossings of a threshold, keeps the time of the last and records all in a Vector
: SPDX-License-Identifier: BSD-3-Clause
NEURON {
    POINT_PROCESS APCount
    RANGE n, thresh, time, firing
    BBCOREPOINTER times
    THREADSAFE
}
PARAMETER {
    n
    thresh = -20 (mV)
    time (ms)
}
ASSIGNED { v (mV) firing times }
INITIAL {
    n = 0
    firing = 0
VERBATIM
    if (_p_times) vector_resize(_p_times, 0);
ENDVERBATIM
    check()    : what starts above the threshold counts
}
BREAKPOINT { SOLVE check METHOD after_cvode }
PROCEDURE check() {
    IF (v >= thresh && !firing) {
        firing = 1
        time = t
        n = n + 1
        keep()
    }
    IF (firing && v < thresh && t > time) { firing = 0 }
}
PROCEDURE keep() {
VERBATIM
    if (_p_times) {
        const int count = vector_capacity(_p_times);
        vector_resize(_p_times, count + 1);
        vector_vec(_p_times)[count] = time;
    }
ENDVERBATIM
}
: record(Vector): the times of all crossings; record() ends that
PROCEDURE record() {
VERBATIM
    IvocVect* vector = ifarg(1) ? vector_arg(1) : nullptr;
    if (vector) hoc_obj_ref(reinterpret_cast<Object*>(vector));
    if (_p_times) hoc_obj_unref(static_cast<Object*>(_p_times));
    _p_times = vector;
ENDVERBATIM
}
DESTRUCTOR {
VERBATIM
    if (_p_times) hoc_obj_unref(static_cast<Object*>(_p_times));
    _p_times = nullptr;
ENDVERBATIM
}
