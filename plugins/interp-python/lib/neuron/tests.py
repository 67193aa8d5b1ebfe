# SPDX-License-Identifier: BSD-3-Clause
"""A quick check of an installation: neuron.test()."""
import sys as _sys


def run(exit_on_error=True):
    """One active compartment must fire once."""
    h = _sys.modules["neuron.hoc"]._h
    section = h.Section(name="check")
    section.L = section.diam = 20
    section.insert("hh")
    stimulus = h.IClamp(section(0.5))
    stimulus.delay, stimulus.dur, stimulus.amp = 1, 1, 1
    h.finitialize(-65)
    highest = -65
    while h.t < 10:
        h.fadvance()
        highest = max(highest, section(0.5).v)
    good = 20 < highest < 60
    print("ok" if good else f"failed: the action potential reached {highest} mV")
    if not good and exit_on_error:
        _sys.exit(1)
    return good
