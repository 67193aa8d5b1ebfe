DEFINE N 3
NEURON { SUFFIX past_end RANGE gate, rate, far }
ASSIGNED { gate[N] rate[3] far[2] back[2] own[2] }
INITIAL {
    FROM i = 0 TO N { gate[i] = i }
    rate[3] = 1
    FROM i = 1 TO 4 { far[i] = rate[0] }
    FROM i = 0 TO 1 { back[i] = 1 }
    p(1)
}
PROCEDURE p(x) { LOCAL own[3] own[2] = x }
