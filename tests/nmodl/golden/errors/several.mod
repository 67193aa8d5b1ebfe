NEURON {
    SUFFIX several
    RANGEE a
}
PARAMETER { a = 1 b = }
ASSIGNED { v c[0] }
BREAKPOINT {
    c = (a + ) * 2
}
PROCEDURE p() {
    IF a > 1 { a = 2 }
}
FUNCTION f(x) {
    f = x +* 2
}
