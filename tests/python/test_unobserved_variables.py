# SPDX-License-Identifier: BSD-3-Clause
"""Variables that a mechanism only tells to users need not be kept up in the steps of a run, and whoever looks finds them so."""
import pytest
from neuron import h

TOLD = ("minf", "hinf", "ninf", "mtau", "htau", "ntau", "gna", "gk", "il")


def cells(count):
    h.load_file("stdrun.hoc")
    m = {"somas": [], "keep": []}
    for i in range(count):
        soma = h.Section(name=f"soma{i}")
        soma.L = soma.diam = 20
        soma.nseg = 3
        soma.insert("hh")
        dendrite = h.Section(name=f"dendrite{i}")
        dendrite.L, dendrite.diam, dendrite.nseg = 200, 1, 7
        dendrite.insert("pas")
        dendrite.connect(soma(1))
        synapse = h.ExpSyn(dendrite(0.5))
        m["somas"].append(soma)
        m["keep"] += [dendrite, synapse]
        m.setdefault("synapses", []).append(synapse)
    for i in range(count):
        connection = h.NetCon(m["somas"][i](0.5)._ref_v, m["synapses"][(i + 1) % count], sec=m["somas"][i])
        connection.delay, connection.weight[0] = 1 + 0.1 * (i % 3), 0.01
        m["keep"].append(connection)
    clamp = h.IClamp(m["somas"][0](0.5))
    clamp.delay, clamp.dur, clamp.amp = 1, 50, 0.6
    m["keep"].append(clamp)
    return m


def seen(m):
    return [[getattr(segment.hh, name) for name in TOLD] for soma in m["somas"] for segment in soma]


def by_hand(count, t_stop, look=lambda: None):
    m = cells(count)
    h.dt = 0.025
    h.finitialize(-65)
    while h.t < t_stop - h.dt / 2:
        h.fadvance()
        look()
    return seen(m)


@pytest.mark.parametrize("threads", (1, 2))
@pytest.mark.parametrize("count", (1, 2, 40))
def test_they_are_right_when_a_run_has_ended(count, threads):
    wanted = by_hand(count, 12.5)
    m = cells(count)
    pc = h.ParallelContext()
    pc.nthread(threads)
    try:
        h.tstop, h.v_init, h.dt, h.steps_per_ms = 12.5, -65, 0.025, 40
        h.run()
        assert seen(m) == wanted
        h.finitialize(-65)
        pc.set_maxstep(10)
        pc.psolve(12.5)
        assert seen(m) == wanted
        h.finitialize(-65)
        for stop in (3, 3.05, 7.5, 12.5):
            h.continuerun(stop)
        assert seen(m) == wanted
    finally:
        pc.nthread(1)


@pytest.mark.parametrize("count", (1, 9))
def test_recorders_see_every_step(count):
    wanted = []
    m = None

    def look():
        wanted.append(next(s for s in h.allsec() if s.name() == "soma0")(0.5).hh.gna)

    by_hand(count, 8, look)
    m = cells(count)
    every = h.Vector().record(m["somas"][0](0.5).hh._ref_gna)
    h.tstop = 8
    h.run()
    assert list(every)[1:] == wanted
    at_times = h.Vector().record(m["somas"][0](0.5).hh._ref_gna, h.Vector([1, 2.5, 4]))
    every.play_remove()
    h.run()
    assert list(at_times) == [wanted[39], wanted[99], wanted[159]]


@pytest.mark.parametrize("count", (1, 9))
def test_callbacks_in_a_run_see_what_is_so(count):
    m = cells(count)
    soma = m["somas"][0]
    every = h.Vector().record(soma(0.5).hh._ref_ntau)
    h.tstop = 8
    h.run()
    wanted = [every[int(round(t / 0.025))] for t in (2, 3.3, 5)]
    every.play_remove()
    found = []
    cvode = h.CVode()
    start = h.FInitializeHandler(lambda: [cvode.event(t, lambda: found.append(soma(0.5).hh.ntau)) for t in (2, 3.3, 5)])
    h.run()
    assert found == wanted
    # A spike's callback as well.
    told = []
    spike = h.NetCon(soma(0.5)._ref_v, None, sec=soma)
    spike.record(lambda: told.append((h.t, soma(0.5).hh.ntau)))
    del start
    h.run()
    assert told and all(abs(every[int(t / 0.025)] - ntau) < 0.2 for t, ntau in told)


def test_thresholds_of_such_variables():
    m = cells(9)
    soma = m["somas"][0]
    times = h.Vector()
    crossing = h.NetCon(soma(0.5).hh._ref_gna, None, sec=soma)
    crossing.threshold = 0.01
    crossing.record(times)
    h.tstop = 8
    h.run()
    first = list(times)
    trace = h.Vector().record(soma(0.5).hh._ref_gna)
    h.run()
    assert first and first == list(times)
    at = int(round(first[0] / 0.025))
    assert max(trace[at - 1], trace[at], trace[at + 1]) > 0.01 > trace[at - 2]


def test_a_break_in_a_run_finds_them_right():
    m = cells(3)
    cvode = h.CVode()

    def stop():
        h.stoprun = 1

    start = h.FInitializeHandler(lambda: cvode.event(4, stop))
    h.tstop = 8
    h.run()
    del start
    assert h.t == pytest.approx(4, abs=0.026)
    h.stoprun = 0
    found = seen(m)
    assert found == by_hand(3, h.t)
