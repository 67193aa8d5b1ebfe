# SPDX-License-Identifier: BSD-3-Clause
"""Sections of imported cells that are Python objects; called by Import3d_GUI.instantiate."""
from neuron import h


def create_sections(cell, name, count):
    """Makes name[0] ... in `cell` and keeps them in its attributes `name` and `all`, which are lists."""
    made = [h.Section(name=f"{name}[{i}]", cell=cell) for i in range(int(count))]
    setattr(cell, name, made)
    cell.all = list(getattr(cell, "all", [])) + made
