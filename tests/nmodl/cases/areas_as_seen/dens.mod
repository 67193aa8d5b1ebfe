NEURON { SUFFIX dens RANGE x }
ASSIGNED { x area (um2) diam (um)}
BREAKPOINT { }
INITIAL { x = area }
FUNCTION a() { a = area }
FUNCTION d() { d = diam }
