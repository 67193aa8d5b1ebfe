TITLE what a KINETIC block assigns belongs to the states it found, however small they are; units of the gas constant
: SPDX-License-Identifier: BSD-3-Clause
NEURON { SUFFIX exchange RANGE kf, kb, flux, shadow GLOBAL r1, r2, r3 }
UNITS {
    (mV) = (millivolt)
    R1 = (mole k) (mV-coulomb/degC)
    R2 = (k-mole) (joule/degC)
    R3 = (k mole) (joule/degC)
}
PARAMETER { kf = 2 (/ms) kb = 3 (/ms) }
ASSIGNED { flux shadow r1 r2 r3 }
STATE { outside inside }
INITIAL {
    outside = 1e-13
    inside = 2e-14
    r1 = R1
    r2 = R2
    r3 = R3
}
BREAKPOINT { SOLVE moves METHOD sparse }
KINETIC moves {
    ~ outside <-> inside (kf, kb)
    flux = f_flux - b_flux
    shadow = inside
}
