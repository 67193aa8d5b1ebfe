NEURON {
    SUFFIX tabarr
    RANGE out
    GLOBAL scale
}
PARAMETER { scale = 2 }
ASSIGNED { v (mV) out a[3] b celsius (degC) }
INITIAL { rates(v) out = a[0] + 10*a[2]*b }
BREAKPOINT { rates(v) out = a[0] + 10*a[2]*b }
PROCEDURE rates(v) {
    LOCAL q
    TABLE a, b DEPEND celsius, scale FROM -100 TO 100 WITH 50
    q = 3^((celsius - 6.3)/10)
    FROM i = 0 TO 2 { a[i] = q*exp(v/(30 + 10*i)) }
    b = scale*v
}
FUNCTION f(x) {
    TABLE DEPEND scale FROM 0 TO 1 WITH 10
    f = scale*x*x
}
