# SPDX-License-Identifier: BSD-3-Clause
"""Lists of sections."""
import sys as _sys


def parent(section):
    """The parent section, or None."""
    seg = section.parentseg()
    return seg.sec if seg else None


def root(section):
    """The root of the section's tree."""
    return section.wholetree()[0]


def all_sections():
    """All sections, in order of creation."""
    return list(_sys.modules["neuron.hoc"]._h.allsec())
