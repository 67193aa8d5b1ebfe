# SPDX-License-Identifier: BSD-3-Clause
"""In which order things are listed, and where define_shape puts what has no points: as the reference was seen to do."""
import math

import pytest


def test_mechanisms_and_point_processes_newest_first(h, soma):
    for name in ("pas", "hh", "extracellular"):
        soma.insert(name)
    assert [m.name() for m in soma(0.5)] == ["extracellular", "k_ion", "na_ion", "hh", "pas"]
    points = [h.IClamp(soma(0.5)), h.ExpSyn(soma(0.5)), h.IClamp(soma(0.5))]
    assert soma(0.5).point_processes() == points[::-1]
    told = soma.psection()
    assert list(told["density_mechs"]) == ["pas", "extracellular", "hh"] and list(told["ions"]) == ["na", "k"]


def test_a_list_leaves_null_objects_out(h):
    things = h.List()
    assert things.append(None) == 0 and things.append(h.Vector()) == 1 and things.prepend(None) == 1 and len(things) == 1


def angle(section):
    last = section.n3d() - 1
    return math.atan2(section.y3d(last) - section.y3d(0), section.x3d(last) - section.x3d(0))


def joined(h, parent, x, count=1, end=0):
    children = [h.Section(name=f"child{i}") for i in range(count)]
    for child in children:
        child.connect(parent(x), end)
    return children


@pytest.mark.parametrize("x, turn", [(1, 0), (0, math.pi), (0.3, -math.pi / 2), (0.5, math.pi / 2), (0.9, math.pi / 2)])
def test_a_child_leaves_its_parent(h, x, turn):
    parent = h.Section(name="parent")
    parent.nseg = 5
    parent.L = 33.3
    child, = joined(h, parent, x)
    h.define_shape()
    assert abs(angle(child)) == pytest.approx(abs(turn), abs=1e-5) and (turn == math.pi or angle(child) == pytest.approx(turn, abs=1e-5))
    assert child.x3d(0) == pytest.approx(x * 33.3, abs=1e-4) and parent.L == 33.3 and parent.arc3d(parent.n3d() - 1) == 33.3


def test_children_at_one_place_fan_out(h):
    parent = h.Section(name="parent")
    children = joined(h, parent, 1, 4)
    h.define_shape()
    assert [angle(c) for c in children] == pytest.approx([0.4, 0.4 / 3, -0.4 / 3, -0.4], abs=1e-5)


def test_roots_lie_above_each_other_and_joined_ends_come_first(h):
    first, second = h.Section(name="first"), h.Section(name="second")
    last, = joined(h, first, 1, end=1)
    last.nseg = 3
    last(0.1).diam, last(0.9).diam = 1, 5
    h.define_shape()
    assert second.z3d(0) == 100 and last.x3d(0) == first.L and [last.diam3d(i) for i in (0, 4)] == [5, 1]
