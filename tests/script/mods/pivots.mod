: Equations whose diagonal is no good pivot: without exchange of rows x would be 0.
NEURON {
    SUFFIX pivots
    RANGE tiny, x, y, p, q, s1, s5, i5, u, w, f1, f2, b1, g1
}
PARAMETER {
    tiny = 1e-20
    f1 = 2
    f2 = 3
    b1 = 0.5
    g1 = 0.25
}
STATE { x y p q s1 s2 s3 s4 s5 i1 i2 i3 i4 i5 u w }
BREAKPOINT {
    SOLVE lines
    SOLVE curves
    SOLVE balance
    SOLVE ratio
}
INITIAL {
    p = 3
    q = 3
}
LINEAR lines {
    ~ tiny * x + y = 1
    ~ x + y = 3
}
NONLINEAR curves {
    ~ tiny * p + q * q = 4
    ~ p + q = 5
}
LINEAR balance {
    ~ s2 * b1 + i1 * f2 - s1 * (f1 + g1) = 0
    ~ s3 * b1 + s1 * f1 + i2 * f2 - s2 * (f1 + b1 + g1) = 0
    ~ s4 * b1 + s2 * f1 + i3 * f2 - s3 * (f1 + b1 + g1) = 0
    ~ s5 * b1 + s3 * f1 + i4 * f2 - s4 * (f1 + b1 + g1) = 0
    ~ s5 * g1 - i5 * f2 = 0
    ~ s1 * g1 - i1 * f2 = 0
    ~ s2 * g1 - i2 * f2 = 0
    ~ s3 * g1 - i3 * f2 = 0
    ~ s4 * g1 - i4 * f2 = 0
    ~ s1 + s2 + s3 + s4 + s5 + i1 + i2 + i3 + i4 + i5 = 1
}
LINEAR ratio {
    ~ u * f1 = 0
    ~ w - u * f1 = 1
}
