# SPDX-License-Identifier: BSD-3-Clause
"""Programs as users write them: cells as classes, networks, scans, recordings, files of morphology."""
import multiprocessing
import pickle
import threading

import pytest

numpy = pytest.importorskip("numpy")


class BallAndStick:
    """A soma with a dendrite, a synapse and a spike detector."""

    def __init__(self, h, gid, x=0.0):
        self.h, self.gid = h, gid
        self.soma, self.dend = h.Section(name="soma", cell=self), h.Section(name="dend", cell=self)
        self.dend.connect(self.soma)
        self.all = self.soma.wholetree()
        self.soma.L = self.soma.diam = 12.6157
        self.dend.L, self.dend.diam, self.dend.nseg = 200, 1, 5
        for section in self.all:
            section.Ra, section.cm = 100, 1
        self.soma.insert("hh")
        for segment in self.soma:
            segment.hh.gnabar, segment.hh.el = 0.12, -54.3
        self.dend.insert(h.pas)
        for segment in self.dend:
            segment.pas.g, segment.pas.e = 0.001, -65
        h.define_shape()
        for section in self.all:
            for i in range(section.n3d()):
                section.pt3dchange(i, x + section.x3d(i), section.y3d(i), section.z3d(i), section.diam3d(i))
        self.synapse = h.ExpSyn(self.dend(0.5))
        self.synapse.tau = 2
        self.detector = h.NetCon(self.soma(0.5)._ref_v, None, sec=self.soma)
        self.spikes = h.Vector()
        self.detector.record(self.spikes)

    def __repr__(self):
        return f"BallAndStick[{self.gid}]"


@pytest.fixture
def ring(h):
    h.load_file("stdrun.hoc")
    h.dt = 0.025
    cells = [BallAndStick(h, i, 100.0 * i) for i in range(4)]
    connections = []
    for source, target in zip(cells, cells[1:] + cells[:1]):
        connection = h.NetCon(source.soma(0.5)._ref_v, target.synapse, sec=source.soma)
        connection.weight[0], connection.delay = 0.01, 5
        connections.append(connection)
    stimulus = h.NetStim()
    stimulus.number, stimulus.start = 1, 9
    kick = h.NetCon(stimulus, cells[0].synapse)
    kick.delay, kick.weight[0] = 1, 0.04
    yield cells, [*connections, kick, stimulus]
    del cells, connections


def test_a_ring_passes_its_spike_on(h, ring):
    cells, _ = ring
    t, v = h.Vector().record(h._ref_t), h.Vector().record(cells[0].soma(0.5)._ref_v)
    h.finitialize(-65)
    h.continuerun(100)
    assert len(t) == len(v) == 4001
    firsts = [cell.spikes[0] for cell in cells]
    assert firsts == sorted(firsts) and 10 < firsts[0] < 12
    steps = numpy.diff(firsts)
    assert numpy.allclose(steps, steps[0], atol=0.03)
    assert v.max() > 20 and str(cells[2].soma) == "BallAndStick[2].soma" and cells[2].soma.cell() is cells[2]
    assert cells[1].soma.x3d(0) - cells[0].soma.x3d(0) == pytest.approx(100, rel=1e-5)


def test_the_same_ring_through_parallel_context(h, ring):
    cells, _ = ring
    pc = h.ParallelContext()
    for cell in cells:
        pc.set_gid2node(cell.gid, pc.id())
        pc.cell(cell.gid, cell.detector)
    assert pc.gid2cell(2) is cells[2]
    times, gids = h.Vector(), h.Vector()
    pc.spike_record(-1, times, gids)
    pc.set_maxstep(10)
    h.finitialize(-65)
    pc.psolve(50)
    assert [int(g) for g in gids][:4] == [0, 1, 2, 3]
    assert 10 < times[0] < 12 and len(cells[0].spikes) == 0  # a source has one vector: spike_record took the place
    assert pc.py_allgather({"n": 1}) == [{"n": 1}] and pc.py_broadcast(3, 0) == 3 and isinstance(pc.py_broadcast(3, 0), int)
    pc.gid_clear()


def test_a_scan_gives_a_rising_curve(h):
    h.load_file("stdrun.hoc")
    cell = BallAndStick(h, 0)
    clamp = h.IClamp(cell.soma(0.5))
    clamp.delay, clamp.dur = 5, 200
    counts = []
    for amplitude in numpy.arange(0, 0.31, 0.1):
        clamp.amp = amplitude
        h.finitialize(-65)
        h.continuerun(100)
        counts.append(len(cell.spikes))
    assert counts[0] == 0 and counts == sorted(counts) and counts[-1] >= 1


def test_psection_tells_everything(h):
    section = h.Section(name="s")
    section.nseg = 3
    section.insert("hh")
    clamp = h.IClamp(section(0.5))
    facts = section.psection()
    assert facts["name"] == "s" and facts["nseg"] == 3 and facts["density_mechs"]["hh"]["gnabar"] == [0.12] * 3
    assert facts["point_processes"] == {"IClamp": {clamp}} and set(facts["ions"]) == {"na", "k"}
    assert facts["morphology"]["L"] == 100 and facts["cell"] is None


def test_a_path_is_given_by_its_ends(h):
    cell = BallAndStick(h, 0)
    h.finitialize(-65)
    path = h.RangeVarPlot("v", cell.soma(0), cell.dend(1))
    values, places = h.Vector(), h.Vector()
    path.to_vector(values, places)
    assert len(values) == len(places) > 5 and set(values) == {-65}
    with pytest.raises(RuntimeError):
        h.RangeVarPlot("v", cell.soma(0))


def test_elements_of_a_vector_are_read_and_written(h):
    v = h.Vector([1, 2, 3])
    v.x[1] = 7.5
    v.x[2] = 4
    assert list(v) == [1, 7.5, 4] and v.x[1] == 7.5 and len(v.x) == 3 and v._ref_x[1][0] == 7.5
    for index in (3, -1, 10**12):
        with pytest.raises(IndexError):
            v.x[index]
        with pytest.raises(IndexError):
            v.x[index] = 1.0
    with pytest.raises(TypeError):
        v.x[0] = "a"


def test_numpy_works_on_vectors(h):
    v = h.Vector(numpy.linspace(0, 1, 5))
    assert numpy.sum(v) == 2.5 and numpy.mean(v) == 0.5 and numpy.max(v) == 1 and numpy.argmax(v) == 4
    assert numpy.array([v, v]).shape == (2, 5) and (numpy.sqrt(v) == numpy.sqrt(v.as_numpy())).all()
    assert numpy.concatenate([v, v]).shape == (10,) and numpy.interp([0.3], v, v)[0] == pytest.approx(0.3)
    assert isinstance(v + numpy.ones(5), numpy.ndarray)
    section = h.Section(name="s")
    section.nseg, section.L = numpy.int64(3), numpy.float32(20)
    section(numpy.float64(0.5)).v = numpy.float64(-60)
    assert section.nseg == 3 and section.L == 20 and section(0.5).v == -60


def test_classes_extend_those_of_the_simulator(h):
    class Named(h.Vector):
        def __init__(self, *arguments):
            self.label = "mine"

    kept = h.List()
    named = Named([1, 2])
    kept.append(named)
    assert kept[0] is named and kept.o(0).label == "mine" and list(named) == [1, 2] and isinstance(named, h.Vector)
    section = h.Section(name="s")

    class Synapse(h.ExpSyn):
        def __init__(self, segment, e):
            self.e = e

    synapse = Synapse(section(0.5), e=3)
    assert synapse.e == 3 and section(0.5).point_processes()[0] is synapse


def test_what_can_be_pickled(h):
    v = pickle.loads(pickle.dumps(h.Vector([1, 2])))
    assert list(v) == [1, 2]
    assert pickle.loads(pickle.dumps(h.IClamp)) is h.IClamp
    for thing in (h, h.List(), h.Section(name="s")):
        with pytest.raises(TypeError):
            pickle.dumps(thing)


def test_members_of_templates(h):
    h("begintemplate Shy\npublic a, f, part\ncreate part\nproc init() { a = $1  hidden = 2 }\nfunc f() { return a + hidden }\nfunc g() { return 7 }\nendtemplate Shy")
    shy = h.Shy(5)
    assert shy.a == 5 and shy.f() == 7 and shy.hidden == 2 and shy.g() == 7
    assert "hidden" not in dir(shy) and "a" in dir(shy)
    shy.hidden = 10
    assert shy.f() == 15
    assert shy.part.cell() == shy
    with pytest.raises(LookupError):
        shy.nosuch = 1


def run_once(length):
    from neuron import h

    h.load_file("stdrun.hoc")
    section = h.Section(name="s")
    section.insert("pas")
    section.L = length
    h.finitialize(-60)
    h.continuerun(2)
    return section(0.5).v


def test_forked_processes_simulate(h):
    run_once(10)  # the parent has a simulator at work already
    with multiprocessing.get_context("fork").Pool(2) as pool:
        assert pool.map(run_once, [10, 20]) == [run_once(10), run_once(20)]


def test_a_thread_may_simulate(h):
    results = []
    worker = threading.Thread(target=lambda: results.append(run_once(10)))
    worker.start()
    worker.join()
    assert results == [run_once(10)]


def test_hoc_and_python_see_each_other(h):
    import __main__

    __main__.numbers = [1, 2, 3]
    h("objref from_python\nfrom_python = new PythonObject()\nfrom_python.numbers.append(7)")
    assert __main__.numbers == [1, 2, 3, 7]
    h("func twice() { return 2*$1 }\nproc fill() { $&1 = 42 }\nproc say() { sprint($s1, \"n = %d\", $2) }\nproc make() { $o1 = new List() }")
    number, text, made = h.ref(0), h.ref(""), h.ref(None)
    h.fill(number)
    h.say(text, 5)
    h.make(made)
    assert h.twice(4) == 8 and number[0] == 42 and text[0] == "n = 5" and len(made[0]) == 0
    with pytest.raises(RuntimeError) as caught:
        h.twice()
    assert "twice" in str(caught.value) and caught.value.lineno == 1
