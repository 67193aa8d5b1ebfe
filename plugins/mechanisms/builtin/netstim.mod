TITLE sends spikes at a regular or random interval
: SPDX-License-Identifier: BSD-3-Clause
NEURON {
    ARTIFICIAL_CELL NetStim
    RANGE interval, number, start, noise
    RANDOM ranvar
    THREADSAFE
}
PARAMETER {
    interval = 10 (ms) <1e-9,1e9>
    number = 10 <0,1e9>
    start = 50 (ms)
    noise = 0 <0,1>
}
ASSIGNED { event (ms) on ispike }
INITIAL {
    random_setseq(ranvar, 0)
    on = 0
    ispike = 0
    IF (noise < 0) { noise = 0 }
    IF (noise > 1) { noise = 1 }
    IF (start >= 0 && number > 0) {
        on = 1
        : the first spike falls on average at start + noise*interval
        event = start + invl(interval) - interval*(1 - noise)
        IF (event < 0) { event = 0 }
        net_send(event, 3)
    }
}
FUNCTION invl(mean (ms)) (ms) {
    IF (mean <= 0) { mean = .01 }
    IF (noise == 0) {
        invl = mean
    } ELSE {
        invl = (1 - noise)*mean + noise*mean*random_negexp(ranvar, 1)
    }
}
PROCEDURE noiseFromRandom() {
VERBATIM
    nrn_random_follow(_p_ranvar, *hoc_objgetarg(1));
ENDVERBATIM
}
PROCEDURE noiseFromRandom123(id1, id2, id3) { random_setids(ranvar, id1, id2, id3) }
: names that older models call
PROCEDURE seed(x) { random_setseq(ranvar, x) }
FUNCTION erand() { erand = random_negexp(ranvar, 1) }
PROCEDURE init_sequence(t (ms)) {
    IF (number > 0) {
        on = 1
        event = 0
        ispike = 0
    }
}
PROCEDURE next_invl() {
    IF (number > 0) { event = invl(interval) }
    IF (ispike >= number) { on = 0 }
}
NET_RECEIVE(w) {
    IF (flag == 0) {
        IF (w > 0 && on == 0) {
            on = 1
            ispike = 0
            event = invl(interval) - interval*(1 - noise)
            IF (event < 0) { event = 0 }
            net_send(event, 1)
        } ELSE {
            IF (w < 0) { on = 0 }
        }
    }
    IF (flag == 3) {
        IF (on == 1) { net_send(0, 1) }
    }
    IF (flag == 1 && on == 1) {
        net_event(t)
        ispike = ispike + 1
        next_invl()
        IF (on == 1) { net_send(event, 1) }
    }
}
