# SPDX-License-Identifier: BSD-3-Clause
"""Answers that programs written for the established interface count on."""
import pytest


def test_extremes_of_nothing(h):
    empty = h.Vector()
    assert (empty.max(), empty.min(), empty.max_ind(), empty.min_ind()) == (0, 0, -1, -1)
    v = h.Vector([2, 5, 1, 5, 1])
    assert (v.max(), v.max_ind(), v.min(), v.min_ind()) == (5, 1, 1, 2)
    assert (v.max(2, 4), v.min_ind(3, 4)) == (5, 4)


def test_a_section_list_loses_one_entry_for_each_time_a_section_is_named(h, soma):
    both = h.SectionList([soma, soma])
    assert both.remove(soma) == 1 and list(both) == [soma]
    assert both.remove(soma) == 1 and both.remove(soma) == 0 and list(both) == []


def test_a_connection_without_a_source_is_valid(h, soma):
    synapse = h.ExpSyn(soma(0.5))
    connection = h.NetCon(None, synapse)
    assert connection.valid()
    connection.setpost(None)
    assert not connection.valid()


def test_object_variables_take_any_python_object(h):
    h("objref any_object")
    for thing in (3, "abc", 2.5, True, [1], {"a": 1}, (1, 2)):
        h.any_object = thing
        assert h.any_object == thing and type(h.any_object) is type(thing)
    h.any_object = None
    assert h.any_object is None


def test_texts_of_functions_and_of_the_top_level(h):
    h("func answers_four() { return 4 }")
    assert repr(h.answers_four) == "answers_four()" and repr(h.sin) == "sin()"
    assert h.hname() == "<TopLevelHocInterpreter>"


def test_methods_about_points_return_nothing(h, soma):
    assert soma.pt3dadd(0, 0, 0, 1) is None and soma.pt3dadd(9, 0, 0, 1) is None
    assert soma.pt3dinsert(1, 5, 0, 0, 1) is None and soma.pt3dchange(1, 4, 0, 0, 1) is None and soma.pt3dremove(1) is None
    assert soma.n3d() == 2 and soma.pt3dclear() == 0


def test_impossible_connections_are_runtime_errors_too(h, soma):
    with pytest.raises(RuntimeError):
        soma.connect(soma)
    with pytest.raises(ValueError):
        soma.connect(soma)


def test_a_vector_divided_by_zero(h):
    with pytest.raises(RuntimeError, match="division by zero"):
        h.Vector([1, 2]) / 0
