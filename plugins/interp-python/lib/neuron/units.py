# SPDX-License-Identifier: BSD-3-Clause
"""Factors to the simulator's units: 5 * units.s is 5000 [ms], 0.02 * units.mm is 20 [um]."""
# time [ms]
ms = 1
s = sec = 1000.0 * ms
us = 1e-3 * ms
minute = 60.0 * s
hour = 60 * minute
day = 24 * hour
# voltage [mV]
mV = 1
V = 1000.0 * mV
uV = 1e-3 * mV
# length [um]
um = 1
nm = 1e-3 * um
mm = 1000 * um
cm = 10 * mm
m = 100 * cm
# concentration [mM]
mM = 1
uM = 1e-3 * mM
nM = 1e-6 * mM
M = 1000.0 * mM
# Both signs for micro, U+00B5 and U+03BC, are one identifier to Python.
μs, μV, μm, μM = us, uV, um, uM
