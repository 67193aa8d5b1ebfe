# SPDX-License-Identifier: BSD-3-Clause
"""Events and connections: what users do with them, also while events are in flight."""
import math

import pytest
from neuron import h

h.load_file("stdrun.hoc")


def stimulus(start=1, interval=1, number=20, noise=0):
    s = h.NetStim()
    s.start, s.interval, s.number, s.noise = start, interval, number, noise
    return s


def cell():
    s = h.Section(name="s")
    s.L = s.diam = 10
    s.insert("pas")
    return s, h.ExpSyn(s(0.5))


def test_a_connection_deleted_with_events_in_flight_delivers_nothing():
    s, syn = cell()
    ns = stimulus()
    nc = h.NetCon(ns, syn, 0, 5, 0.001)
    h.finitialize(-65)
    h.continuerun(4)
    del nc
    other = h.NetCon(ns, syn, 0, 100, 0.5)  # may not inherit the events of the one that has gone
    h.continuerun(12)
    assert syn.g == 0
    assert other.valid()


def test_setpost_none_and_a_target_that_goes_leave_queued_events_without_effect():
    s, syn = cell()
    ns = stimulus()
    nc = h.NetCon(ns, syn, 0, 5, 0.001)
    h.finitialize(-65)
    h.continuerun(4)
    nc.setpost(None)
    h.continuerun(8)
    assert not nc.valid() and nc.syn() is None and nc.wcnt() == 0
    nc.setpost(syn)
    assert nc.wcnt() == 1 and nc.weight[0] == 0
    h.finitialize(-65)
    h.continuerun(4)
    syn = None
    h.continuerun(12)
    assert nc.syn() is None


def test_a_section_deleted_by_an_event_ends_its_synapses_only():
    s, syn = cell()
    ns = stimulus()
    nc = h.NetCon(ns, syn, 0, 1, 0.001)
    keep = {"s": s}

    def kill():
        h.delete_section(sec=keep.pop("s"))

    h.finitialize(-65)
    h.cvode.event(3, kill)
    del s
    h.continuerun(10)
    assert h.t == pytest.approx(10)
    assert not syn.has_loc()
    h.finitialize(-65)
    h.continuerun(2)


def test_weights_are_kept_by_a_target_that_takes_as_many():
    s, syn = cell()
    nc = h.NetCon(stimulus(), syn, 0, 1, 0.25)
    nc.setpost(h.Exp2Syn(s(0.5)))
    assert nc.wcnt() in (0, 1)  # the new target is gone at once: nobody holds it
    other = h.Exp2Syn(s(0.5))
    nc = h.NetCon(stimulus(), syn, 0, 1, 0.25)
    nc.setpost(other)
    assert nc.weight[0] == 0.25


def test_an_inactive_connection_takes_no_event_by_hand():
    s, syn = cell()
    nc = h.NetCon(None, syn)
    nc.weight[0] = 1
    nc.active(False)
    h.finitialize(-65)
    nc.event(1)
    h.continuerun(2)
    assert syn.g == 0


def test_streams_of_generators_are_their_own_and_start_again_at_each_initialisation():
    a, b = stimulus(noise=1), stimulus(noise=1)
    ta, tb = h.Vector(), h.Vector()
    na, nb = h.NetCon(a, None), h.NetCon(b, None)
    na.record(ta)
    nb.record(tb)
    h.finitialize(-65)
    h.continuerun(30)
    first = list(ta), list(tb)
    assert first[0] != first[1]
    h.finitialize(-65)
    h.continuerun(30)
    assert (list(ta), list(tb)) == first


def test_noise_from_a_generator_without_identifiers_is_drawn_from_itself():
    ns = stimulus(noise=1, number=5, interval=2)
    r = h.Random()
    r.MCellRan4(11, 3)
    r.negexp(1)
    ns.noiseFromRandom(r)
    times = h.Vector()
    nc = h.NetCon(ns, None)
    nc.record(times)
    h.finitialize(-65)
    h.continuerun(100)
    again = h.Random()
    again.MCellRan4(11, 3)
    again.negexp(1)
    t, expected = 1.0, []
    for _ in range(5):
        t += 2 * again.repick()
        expected.append(t)
    assert list(times) == pytest.approx(expected)


def test_equal_times_are_delivered_in_one_order_however_they_were_made():
    s, syn = cell()
    ns = [stimulus(start=1, number=1) for _ in range(3)]
    weights = (0.1, 1e-17, 0.3)

    def run(order):
        ncs = {}
        for i in order:
            ncs[i] = h.NetCon(ns[i], syn, 0, 1, weights[i])
        h.finitialize(-65)
        h.continuerun(3)
        return syn.g

    assert run((0, 1, 2)) == run((2, 0, 1)) == run((1, 2, 0))


def test_pattern_stim_fires_gids_that_live_elsewhere_and_others_only_when_asked():
    pc = h.ParallelContext()
    s, syn = cell()
    pc.set_gid2node(5, 0)
    source = h.NetCon(s(0.5)._ref_v, None, sec=s)
    pc.cell(5, source)
    remote, local = pc.gid_connect(9, syn), pc.gid_connect(5, syn)
    remote.delay, local.delay = 1, 1
    remote.weight[0], local.weight[0] = 1, 10
    times, gids = h.Vector([1, 2]), h.Vector([9, 5])
    ps = h.PatternStim()
    ps.play(times, gids)
    syn.tau = 1e9
    for fake, expected in ((0, 1), (1, 11)):
        ps.fake_output = fake
        h.finitialize(-65)
        h.continuerun(5)
        assert syn.g == pytest.approx(expected)
    ps.play()
    pc.gid_clear()


def test_bbsavestate_continues_bit_by_bit(tmp_path):
    s, syn = cell()
    ns = stimulus(noise=1, interval=2, number=1e9)
    nc = h.NetCon(ns, syn, 0, 3, 0.01)
    v = h.Vector().record(s(0.5)._ref_v)
    h.finitialize(-65)
    h.continuerun(20)
    state = h.BBSaveState()
    state.save(str(tmp_path / "state"))
    h.continuerun(40)
    expected = s(0.5).v, syn.g
    h.finitialize(-65)
    state.restore(str(tmp_path / "state"))
    assert h.t == pytest.approx(20)
    h.continuerun(40)
    assert (s(0.5).v, syn.g) == expected
    assert nc.valid() and len(v) > 0


def test_pieces_of_a_cell_that_are_joined_on_one_rank_are_the_cell():
    def build(split):
        secs = [h.Section(name=n) for n in ("soma", "dend", "tuft")]
        for sec, length, nseg in zip(secs, (20, 200, 150), (1, 7, 5)):
            sec.L, sec.diam, sec.nseg = length, 3, nseg
            sec.insert("pas")
        secs[0].insert("hh")
        secs[1].connect(secs[0](1))
        if split:
            pc = h.ParallelContext()
            pc.multisplit(1, 7, sec=secs[1])
            pc.multisplit(0, 7, sec=secs[2])
            pc.multisplit()
        else:
            secs[2].connect(secs[1](1))
        clamp = h.IClamp(secs[0](0.5))
        clamp.delay, clamp.dur, clamp.amp = 1, 2, 1
        h.finitialize(-65)
        h.continuerun(10)
        return [sec(0.5).v for sec in secs]

    whole = build(False)
    pieces = build(True)
    h.ParallelContext().gid_clear()
    assert pieces == pytest.approx(whole, rel=1e-9)


def test_a_state_that_an_event_makes_jump_decays_for_half_a_step_when_asked():
    s, syn = cell()
    syn.tau = 2
    nc = h.NetCon(None, syn)
    nc.weight[0] = 1
    got = []
    for adjust in (0, 1):
        h.nrn_netrec_state_adjust = adjust
        h.finitialize(-65)
        nc.event(1)
        h.continuerun(1.5)
        got.append(syn.g)
    h.nrn_netrec_state_adjust = 0
    assert got[0] > 0 and got[1] / got[0] == pytest.approx(math.exp(-0.5 * h.dt / 2))


def test_an_event_needs_a_time(h, soma):
    synapse = h.ExpSyn(soma(0.5))
    connection = h.NetCon(None, synapse)
    h.finitialize(-65)
    for wrong in (lambda: connection.event(float("nan")), lambda: h.CVode().event(float("nan"))):
        with pytest.raises(RuntimeError, match="nan|not a number"):
            wrong()
