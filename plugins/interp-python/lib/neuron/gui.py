# SPDX-License-Identifier: BSD-3-Clause
"""`from neuron import gui`: loads the standard run system. There is no window: graphs and panels keep their data."""
import sys as _sys

_sys.modules["neuron.hoc"]._h.load_file("nrngui.hoc")


def use_gui():
    """Is there a screen to show windows on? Never: see Graph.vector and friends for the data."""
    return False
