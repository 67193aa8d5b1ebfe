# SPDX-License-Identifier: BSD-3-Clause
"""Vector as a Python sequence, number and buffer."""
import copy
import pickle

import numpy
import pytest


def test_construction(h):
    assert list(h.Vector([1, 2.5, True])) == [1, 2.5, 1]
    assert list(h.Vector(x * x for x in range(4))) == [0, 1, 4, 9]
    assert list(h.Vector(numpy.arange(10.0)[::3])) == [0, 3, 6, 9]
    for bad in ("abc", ["a"], {"k": 1}, h.Vector([1]), numpy.zeros((2, 2))):
        with pytest.raises(RuntimeError):
            h.Vector(bad)


def test_slices(h):
    v = h.Vector(range(10))
    assert list(v[2:5]) == [2, 3, 4]
    assert list(v[::-1])[0] == 9
    v[2:5] = [0, -1, -2]
    assert list(v)[:6] == [0, 1, 0, -1, -2, 5]
    with pytest.raises(IndexError):
        v[2:4] = [1, 2, 3]


def test_arithmetic_makes_new_vectors(h):
    a = h.Vector([1, 2])
    b = a
    a += 1
    assert list(a) == [2, 3] and list(b) == [1, 2]
    assert list(2 / h.Vector([1, 4])) == [2, 0.5]
    assert isinstance(a + numpy.ones(2), numpy.ndarray)
    with pytest.raises(TypeError):
        a + "x"


def test_a_view_shares_memory_and_outlives_resizing(h):
    v = h.Vector([1, 2, 3])
    view = v.as_numpy()
    view[1] = 20
    assert v[1] == 20
    v.resize(100000)  # other memory
    v[1] = 21
    assert list(view) == [1, 20, 3] and len(v.as_numpy()) == 100000
    for change in (lambda: v.append(v), lambda: v.insrt(0, v), lambda: v.buffer_size(1000000), lambda: v.remove(0, 5), v.clear, lambda: v.from_python([4] * 9)):
        views = [v.as_numpy(), numpy.asarray(v), memoryview(v)]
        before = list(views[0])
        change()
        assert len(views[0]) == len(before)
        assert sum(map(len, views)) == 3 * len(before)
    assert list(view) == [1, 20, 3]


def test_arrays_of_a_run_do_not_hinder_the_next(h, soma):
    h.load_file("stdrun.hoc")
    t, spikes, source = h.Vector().record(h._ref_t), h.Vector(), h.NetStim()
    source.number, source.start = 100, 1
    detector = h.NetCon(source, None)
    detector.record(spikes)
    kept = []
    for duration in (5, 50, 20):
        h.finitialize(-65)
        h.continuerun(duration)
        kept.append((t.as_numpy(), spikes.as_numpy(), t.size()))
    assert [len(a) for a, _, _ in kept] == [n for _, _, n in kept]
    assert kept[2][0][-1] == pytest.approx(20)


def test_pickle_and_copy(h):
    v = h.Vector([1.25, 1e300])
    assert list(pickle.loads(pickle.dumps(v))) == [1.25, 1e300]
    other = copy.copy(v)
    other[0] = 0
    assert v[0] == 1.25


def test_subclass_keeps_its_attributes(h):
    class Trace(h.Vector):
        def __init__(self, *args, caption="none"):
            self.caption = caption

        def sum(self):
            return self.baseattr("sum")() + 1000

    t = Trace([1, 2, 9], caption="soma")
    assert t.caption == "soma" and t.sum() == 1012 and isinstance(t, h.Vector)
    holder = h.List()
    holder.append(t)
    assert holder[0] is t


def test_hoc_fills_vectors_from_python_objects(h):
    import __main__

    __main__.numbers = numpy.arange(4.0)
    __main__.places = [0.0] * 4
    assert h("""objref filler, filled, list_
filler = new PythonObject()
filled = new Vector()
filled.from_python(filler.numbers)
filled.mul(2)
filled.to_python(filler.places)
list_ = filled.to_python()""")
    assert list(h.filled) == [0, 2, 4, 6] == __main__.places == h.list_
    assert h("objref array_\narray_ = filled.as_numpy()\narray_.fill(7)") and list(h.filled) == [7] * 4
    assert not h("filled.from_python(filler)")  # a module has no numbers
    del __main__.numbers, __main__.places
    h("objref filler, filled, list_, array_")


def test_from_python_takes_arrays_of_any_layout_and_its_own_view(h):
    v = h.Vector([1, 2, 3])
    own = v.as_numpy()
    assert list(v.from_python(own)) == [1, 2, 3]
    assert list(v.from_python(own[::-1])) == [3, 2, 1]
    del own
    assert list(v.from_python(numpy.arange(5.0))) == [0, 1, 2, 3, 4]
    assert list(v.from_python(numpy.array([]))) == []
    assert list(v.from_python(numpy.arange(3))) == [0, 1, 2]
