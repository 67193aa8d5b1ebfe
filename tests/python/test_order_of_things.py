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


def test_numbers_come_in_the_kind_that_the_reference_gives(h, soma):
    assert type(h.int(2.7)) is float and type(h.name_declared("t")) is float and type(h.issection("s", sec=soma)) is float
    assert type(h.secondorder) is int and type(h.dt) is float and h.File().isopen() == 0.0 and type(h.File().isopen()) is float
    connection = h.NetCon(None, h.ExpSyn(soma(0.5)))
    assert type(connection.wcnt()) is float and type(connection.valid()) is bool
    assert type(h.CVode().use_local_dt()) is bool and repr(h.Vector(2).x).endswith("].x[?]")


def test_jobs_without_a_number_of_their_own_have_negative_ones(h):
    pc = h.ParallelContext()
    pc.runworker()
    told = [pc.submit(max, i, 1) for i in range(3)]
    assert all(n < 0 for n in told) and told[0] > told[1] > told[2]
    done = {}
    while pc.working():
        done[pc.userid()] = pc.pyret()
    assert done == dict(zip(told, (1.0, 1.0, 2.0)))
    assert pc.submit(7, max, 1, 2) == 7 and pc.working() and pc.userid() == 7


def test_lists_of_an_imported_cell_take_all_its_sections(h, tmp_path):
    h.load_file("import3d.hoc")
    (tmp_path / "cell.swc").write_text("1 1 0 0 0 5 -1\n2 1 5 0 0 5 1\n3 3 10 0 0 1 2\n4 3 20 0 0 1 3\n")
    h("""begintemplate Imported
public soma, dend, axon, all, axonal, basal
create soma[1], dend[1], axon[1]
objref all, axonal, basal
proc init() { all = new SectionList() axonal = new SectionList() basal = new SectionList() }
endtemplate Imported""")
    cell, reader = h.Imported(), h.Import3d_SWC_read()
    reader.input(str(tmp_path / "cell.swc"))
    h.Import3d_GUI(reader, False).instantiate(cell)
    names = [[s.name().split(".")[1] for s in sections] for sections in (cell.all, cell.axonal, cell.basal)]
    assert names == [["axon[0]", "soma[0]", "dend[0]"], ["axon[0]"], ["dend[0]"]]
