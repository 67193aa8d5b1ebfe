NEURON { SUFFIX nothing }
FUNCTION square(x, period, height) { square = squarewave(x, period, height) }
FUNCTION rising(x, lag, height, duration) { rising = ramp(x, lag, height, duration) }
FUNCTION once(x, lag, height, duration) { once = pulse(x, lag, height, duration) }
FUNCTION again(x, lag, height, duration, pause) { again = perpulse(x, lag, height, duration, pause) }
FUNCTION stairs(x, lag, period, height) { stairs = perstep(x, lag, period, height) }
FUNCTION onestep(x, lag, height) { onestep = step(x, lag, height) }
FUNCTION wave(x, period, height, phase) { wave = harmonic(x, period, height, phase) }
FUNCTION saturating(x, a, b) { saturating = hyperbol(x, a, b) }
FUNCTION falling(x, a, b) { falling = revhyperbol(x, a, b) }
FUNCTION hill(x, a, b, n) { hill = sigmoid(x, a, b, n) }
FUNCTION unhill(x, a, b, n) { unhill = revsigmoid(x, a, b, n) }
FUNCTION bell(x, m, s) { bell = gauss(x, m, s) }
FUNCTION counts(n, m) { counts = poisson(n, m) }
FUNCTION product(n) { product = factorial(n) }
FUNCTION err(x) { err = erf(x) + 10*erfc(x) }
