# SPDX-License-Identifier: BSD-3-Clause
"""Sections, segments and their lives."""
import gc

import pytest


def test_properties_are_checked(soma):
    for name, value in (("L", 0), ("Ra", -1), ("nseg", 0), ("nseg", 2.5), ("L", "long")):
        before = getattr(soma, name)
        with pytest.raises(ValueError):
            setattr(soma, name, value)
        assert getattr(soma, name) == before
    with pytest.raises(AttributeError):
        soma.custom = 1


def test_segments_compare_by_place(soma):
    assert soma(0.5) == soma(0.4) and hash(soma(0.5)) == hash(soma(0.4))
    assert soma(0.5) != soma(0.1) and soma(1) != soma(0.9)
    assert [round(seg.x, 6) for seg in soma] == [0.166667, 0.5, 0.833333]
    with pytest.raises(ValueError):
        soma(1.01)


def test_a_section_lives_as_long_as_its_wrapper(h):
    count = len(list(h.allsec()))
    a = h.Section(name="a")
    seg = a(0.5)
    assert len(list(h.allsec())) == count + 1
    del a
    gc.collect()
    assert len(list(h.allsec())) == count + 1  # the segment keeps it
    del seg
    gc.collect()
    assert len(list(h.allsec())) == count


def test_cell_names_are_frozen(h):
    class Cell:
        def __init__(self, gid):
            self.gid = gid
            self.soma = h.Section("soma", self)

        def __str__(self):
            return f"Cell{self.gid}"

    c = Cell(3)
    c.gid = 8
    assert c.soma.name() == "Cell3.soma" and c.soma.cell() is c


def test_tree(h):
    a, b, c = (h.Section(name=n) for n in "abc")
    b.connect(a)
    c.connect(a(0.5))
    assert a.children() == [c, b] and a.wholetree() == [a, c, b]
    assert b.parentseg() == a(1) and a.parentseg() is None
    for bad in (lambda: b.connect(a, 2), lambda: b.connect(a(0.5), 0.5)):
        with pytest.raises(ValueError):
            bad()
    with pytest.raises(TypeError):
        b.connect(5)


def test_an_unknown_mechanism_is_a_value_error(soma):
    with pytest.raises(ValueError, match="nosuch"):
        soma.insert("nosuch")
    with pytest.raises(TypeError):
        soma.insert(5)


def test_many_sections_are_given_back(h):
    for _ in range(3):
        keep = [h.Section(name=str(i)) for i in range(2000)]
        del keep
    gc.collect()
    assert len(list(h.allsec())) < 100


def test_wrong_arguments_of_3d_methods_are_type_errors(h, soma):
    for wrong in (lambda: soma.pt3dadd(1, 2), lambda: soma.x3d(), lambda: soma.pt3dadd("a", 0, 0, 1)):
        with pytest.raises(TypeError):
            wrong()
    with pytest.raises(IndexError):
        soma.x3d(0)
