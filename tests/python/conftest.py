# SPDX-License-Identifier: BSD-3-Clause
"""What the tests share: the top level, and a clean model before each test."""
import gc

import pytest


@pytest.fixture
def h():
    from neuron import h

    gc.collect()
    yield h
    gc.collect()


@pytest.fixture
def soma(h):
    section = h.Section(name="soma")
    section.nseg = 3
    return section
