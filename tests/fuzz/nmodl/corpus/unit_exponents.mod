NEURON { SUFFIX exponents }
UNITS { (big) = (m9) (bigger) = (big9) (more) = (bigger9) (most) = (more9) (last) = (most9) (end) = (last9) (over) = (end9) (far) = (over9) (beyond) = (far9) (out) = (beyond9) (there) = (out9) }
PARAMETER { a = 1 (there) b = 1 (there2147483647) }
