NEURON {
    POINT_PROCESS Several
    RANGE up, down, top, last, level
}
PARAMETER { level = -40 (mV) }
ASSIGNED { v (mV) up down top last (ms) }
INITIAL {
    up = 0
    down = 0
    top = 0
    last = -1
    net_send(0, 1)
}
NET_RECEIVE(w) {
    if (flag == 1) {
        WATCH (v > level) 2, (v < -70) 3
        WATCH (v > 0) 4
    } else if (flag == 2) {
        up = up + 1
        last = t
    } else if (flag == 3) {
        down = down + 1
        last = t
    } else if (flag == 4) {
        top = top + 1
        WATCH (v < 0) 5, (v > level + 60) 6
    } else if (flag >= 5) {
        printf("flag %g at %g\n", flag, t)
        net_send(0.5, 1)
    }
}
