# SPDX-License-Identifier: BSD-3-Clause
"""Cycles that pass through the kernel are collected, and what is still held from elsewhere is not."""
import gc
import weakref

import pytest


class Cell:
    def act(self, *arguments):
        return arguments


def keep_handler(h, cell, soma):
    cell.kept = h.FInitializeHandler(cell.act)


def keep_handler_with_arguments(h, cell, soma):
    cell.kept = h.FInitializeHandler(0, (cell.act, 1, cell))


def keep_lambda(h, cell, soma):
    cell.kept = h.FInitializeHandler(2, lambda: cell)


def keep_list(h, cell, soma):
    cell.kept = h.List()
    cell.kept.append(cell)


def keep_deep_list(h, cell, soma):
    inner = h.List()
    inner.append(cell)
    for _ in range(2000):
        outer = h.List()
        outer.append(inner)
        inner = outer
        del outer
    cell.kept = inner


def keep_recorder(h, cell, soma):
    cell.kept = h.NetCon(soma(0.5)._ref_v, None, sec=soma)
    cell.kept.record(cell.act)


def keep_machine(h, cell, soma):
    cell.kept = h.StateTransitionEvent(2)
    cell.kept.transition(0, 1, soma(0.5)._ref_v, h.ref(0), cell.act)


def keep_template(h, cell, soma):
    if not hasattr(h, "Keeper"):
        h("begintemplate Keeper\npublic o, list\nobjref o, list\nproc init() { list = new List() }\nendtemplate Keeper")
    cell.kept = h.Keeper()
    cell.kept.o = cell
    cell.kept.list.append((cell, 1))


def keep_reference(h, cell, soma):
    cell.kept = h.ref(None)
    cell.kept[0] = cell


def keep_pointer(h, cell, soma):
    cell.kept = h.Pointer(soma(0.5)._ref_v, cell.act)


def keep_player(h, cell, soma):
    cell.kept = h.Vector([1, 2, 3])
    cell.kept.play(cell.act, 0.1)


def keep_player_by_lambda(h, cell, soma):
    cell.kept = h.Vector([1, 2, 3])
    cell.times = h.Vector([0.1, 0.2, 0.3])
    cell.kept.play(lambda value: cell, cell.times)


def keep_circuit(h, cell, soma):
    cell.kept = h.LinearMechanism(cell.act, h.Matrix(1, 1), h.Matrix(1, 1), h.Vector(1), h.Vector(1), soma(0.5))


def keep_subclass(h, cell, soma):
    class Mine(h.List):
        pass

    cell.kept = Mine()
    cell.kept.append(cell)
    cell.kept.me = cell.kept


def keep_tuple(h, cell, soma):
    several = h.List()
    several.append((several, cell))


def keep_event(h, cell, soma):
    h.finitialize()
    h.CVode().event(1, cell.act)
    h.finitialize()  # clears the queue


def keep_parts(h, cell, soma):
    cell.section = h.Section(name="part", cell=cell)
    cell.synapse = h.ExpSyn(cell.section(0.5))
    cell.connection = h.NetCon(cell.section(0.5)._ref_v, cell.synapse, sec=cell.section)
    cell.record = h.Vector().record(cell.section(0.5)._ref_v)
    cell.all = h.SectionList([cell.section])


KEEPERS = [value for name, value in list(globals().items()) if name.startswith("keep_")]


@pytest.mark.parametrize("keep", KEEPERS, ids=[keep.__name__ for keep in KEEPERS])
def test_a_cell_that_keeps_itself_is_collected(h, soma, keep):
    gone = []
    for _ in range(3):
        cell = Cell()
        gone.append(weakref.ref(cell))
        keep(h, cell, soma)
        gc.collect()
        assert gone[-1]() is cell  # not while it is in use
        del cell
    gc.collect()
    assert [cell() for cell in gone] == [None] * 3
    h.finitialize(-65)


def test_what_is_held_from_elsewhere_stays(h, soma):
    calls = []

    class Counting(Cell):
        def act(self, *arguments):
            calls.append(len(arguments))

    cell = Counting()
    everything = h.List()
    keep_handler(h, cell, soma)
    everything.append(cell.kept)
    del cell
    gc.collect()
    h.finitialize(-65)
    assert calls == [0]  # the List holds the handler, which holds the cell
    handler = everything[0]
    everything.remove_all()
    gc.collect()
    h.finitialize(-65)
    assert calls == [0, 0]
    del handler
    gc.collect()
    h.finitialize(-65)
    assert calls == [0, 0] and h.List("FInitializeHandler").count() == 0


def test_a_player_held_from_elsewhere_goes_on(h, soma):
    h.load_file("stdrun.hoc")
    values = []

    class Playing(Cell):
        def act(self, value):
            values.append(value)

    cell = Playing()
    keep_player(h, cell, soma)
    vector = cell.kept
    del cell
    gc.collect()
    h.finitialize(-65)
    h.continuerun(0.25)
    assert values == [1, 2, 3]
    del vector
    gc.collect()
    h.finitialize(-65)
    h.continuerun(0.25)
    assert values == [1, 2, 3]


def test_collection_inside_callbacks(h, soma):
    """Garbage goes, and what runs stays, when the collector runs in the middle of a run."""
    h.load_file("stdrun.hoc")
    seen = []

    class Collecting(Cell):
        def act(self):
            garbage = Cell()
            keep_handler(h, garbage, soma)
            seen.append(weakref.ref(garbage))
            del garbage
            gc.collect()

    cell = Collecting()
    keep_handler(h, cell, soma)
    h.finitialize(-65)
    for t in (0.1, 0.2):
        h.CVode().event(t, cell.act)
    h.continuerun(0.3)
    assert len(seen) == 3 and all(reference() is None for reference in seen)


def test_a_template_that_keeps_a_handler_of_its_own_goes(h):
    h("""begintemplate Handled
public calls
objref handler, this
create part
proc init() { calls = 0  handler = new FInitializeHandler("calls += 1", this) }
endtemplate Handled""")
    made = h.Handled()
    h.finitialize(-65)
    assert made.calls == 1 and len(list(h.allsec())) == 1
    del made
    assert h.List("Handled").count() == 0 and len(list(h.allsec())) == 0
    h.finitialize(-65)
