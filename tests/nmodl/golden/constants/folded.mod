NEURON { SUFFIX folded RANGE y, z }
UNITS { FARADAY = 96485 (coulomb) }
DEFINE N 4
CONSTANT { q10 = 3 }
ASSIGNED { y[N] z celsius }
INITIAL {
    LOCAL q10
    q10 = 2
    z = 2*FARADAY/1000*q10
    y[N - 1] = (1 + 2)*3 - N^2
    FROM N = 0 TO 2 { y[N] = N }
}
FUNCTION f(FARADAY) { f = FARADAY + 2*3 }
FUNCTION g(x) { g = q10*x - 1/4*N }
