: What a variable was a while ago, interpolated; before the beginning, its first value.
NEURON { SUFFIX lagged RANGE x, old, pause }
PARAMETER { pause = 0.6 (ms) }
ASSIGNED { x old }
INITIAL { x = 5 look() }
BREAKPOINT { x = t look() }
PROCEDURE look() {
    LAG x BY pause
    old = lag_x_pause
}
