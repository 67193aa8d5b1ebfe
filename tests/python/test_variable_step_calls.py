# SPDX-License-Identifier: BSD-3-Clause
"""What one call of fadvance, CVode.solve and continuerun does under the variable time step: where t stands after it,
what has been delivered, and what has been recorded. The numbers are those that the reference simulator prints."""
import pytest


@pytest.fixture
def model(h):
    h.load_file("stdrun.hoc")
    cv = h.CVode()
    cv.active(1)
    cv.use_local_dt(0)
    h.dt = 0.025
    soma = h.Section(name="soma")
    soma.L = soma.diam = 20
    soma.insert("hh")
    yield soma, cv
    cv.use_local_dt(0)
    cv.active(0)
    h.using_cvode_ = 0
    h.dt = 0.025


def close(found, expected):
    found = [round(x, 4) for x in found]
    return len(found) == len(expected) and all(abs(a - b) < 2e-3 for a, b in zip(found, expected)), found


def calls(h, n):
    times = []
    for _ in range(n):
        h.fadvance()
        times.append(h.t)
    return times


def test_events_within_a_step_are_met_one_by_one(h, model):
    soma, cv = model
    each_half = h.Vector().record(soma(0.5)._ref_v, 0.5)
    h.finitialize(-65)
    counts, times = [], []
    for _ in range(11):
        times += calls(h, 1)
        counts.append(len(each_half))
    good, found = close(times, [0.2206, 0.4411, 0.5, 1.0, 1.2009, 1.5, 1.9607, 2.0, 2.5, 2.7204, 3.0])
    assert good, found
    assert counts == [1, 1, 1, 2, 3, 3, 4, 4, 5, 6, 6]  # an event is delivered when the call after it begins


def test_event_with_and_without_action(h, model):
    soma, cv = model
    steps = h.Vector().record(h._ref_t)
    h.finitialize(-65)
    cv.event(2)
    good, found = close(calls(h, 7), [0.2206, 0.4411, 1.2009, 1.9607, 2.0, 2.0, 2.7204])
    assert good, found
    assert close(steps, [0, 0.2206, 0.4411, 1.2009, 1.9607, 2.0])[0], list(steps)
    hits = []
    h.finitialize(-65)
    cv.event(2, lambda: hits.append(h.t))
    good, found = close(calls(h, 6), [0.2206, 0.4411, 1.2009, 1.9607, 2.0, 2.7204])
    assert good, found
    assert hits == [2]


def test_a_jump_takes_a_call_of_its_own(h, model):
    soma, cv = model
    clamp = h.IClamp(soma(0.5))
    clamp.delay, clamp.dur, clamp.amp = 0.7, 0.6, 0.4
    steps = h.Vector().record(h._ref_t)
    h.finitialize(-65)
    good, found = close(calls(h, 7), [0, 0.1788, 0.4955, 0.7, 0.7, 0.7068, 0.7136])
    assert good, found
    assert close(steps, [0, 0, 0.1788, 0.4955, 0.7, 0.7, 0.7068])[0], list(steps)


def test_synaptic_event(h, model):
    soma, cv = model
    synapse, stimulus = h.ExpSyn(soma(0.5)), h.NetStim()
    stimulus.start, stimulus.number = 1, 1
    connection = h.NetCon(stimulus, synapse)
    connection.weight[0], connection.delay = 0.001, 0.25
    h.finitialize(-65)
    good, found = close(calls(h, 6), [0.2332, 0.4664, 1.0, 1.25, 1.25, 1.2545])
    assert good, found
    cv.use_local_dt(1)
    h.finitialize(-65)
    good, found = close(calls(h, 6), [0.2332, 0.4664, 1.0, 1.0, 1.25, 1.2545])
    assert good, found


def test_solve_records_where_it_ends(h, model):
    soma, cv = model
    steps = h.Vector().record(h._ref_t)
    each_half = h.Vector().record(soma(0.5)._ref_v, 0.5)
    h.finitialize(-65)
    cv.solve(2)
    assert h.t == 2 and len(each_half) == 4  # what is due at the end itself waits
    assert close(steps, [0, 0.2206, 0.4411, 1.2009, 1.9607, 2.0])[0], list(steps)
    cv.solve(2.2)
    assert len(each_half) == 5
    assert close(steps, [0, 0.2206, 0.4411, 1.2009, 1.9607, 2.0, 2.2])[0], list(steps)
    cv.solve(2.2)
    assert len(steps) == 8
    h.fadvance()
    assert abs(h.t - 2.5) < 1e-9


def test_solve_ends_early_at_a_bare_event(h, model):
    soma, cv = model
    steps = h.Vector().record(h._ref_t)
    h.finitialize(-65)
    cv.event(2)
    cv.solve(5)
    assert h.t == 2
    assert close(steps, [0, 0.2206, 0.4411, 1.2009, 1.9607, 2.0])[0], list(steps)
    cv.solve(5)
    assert close(steps, [0, 0.2206, 0.4411, 1.2009, 1.9607, 2.0, 2.7204, 3.8737, 5])[0], list(steps)


def test_cvode_active_makes_runs_end_exactly(h, model):
    soma, cv = model
    steps = h.Vector().record(h._ref_t)
    each_half = h.Vector().record(soma(0.5)._ref_v, 0.5)
    h.tstop = 2
    h.dt = 0.025
    each_half.play_remove()
    h.run()
    assert abs(h.t - 2.7204) < 2e-3  # CVode.active alone: the step that passes tstop
    each_half.record(soma(0.5)._ref_v, 0.5)
    for local in (0, 1):
        h.cvode_active(1)
        cv.use_local_dt(local)
        h.run()
        assert h.t == 2 and len(each_half) == 5
        if not local:
            assert close(steps, [0, 0.2206, 0.4411, 1.2009, 1.9607, 2.0])[0], list(steps)
        h.continuerun(3)
        assert h.t == 3 and len(each_half) == 7


def test_re_init_keeps_the_step_before_it(h, model):
    soma, cv = model
    steps = h.Vector().record(h._ref_t)
    h.finitialize(-65)
    calls(h, 2)
    soma(0.5).v = -60
    cv.re_init()
    calls(h, 2)
    assert close(steps, [0, 0.2206, 0.4411, 0.451])[0], list(steps)


def test_names_magnitudes_and_events_of_cvode(h, model):
    soma, cv = model
    name = h.ref("")
    cv.statename(0, name)
    assert name[0] == "soma.v(0.5)"
    cv.statename(0, name, 2)
    assert name[0] == "v"
    cv.state_magnitudes(1)
    h.finitialize(-65)
    cv.solve(5)
    cv.state_magnitudes(2)
    error = h.ref(0)
    assert 64 < cv.state_magnitudes("v", error) <= 65 and 0 < error[0] < 0.01
    assert cv.state_magnitudes("ExpSyn.g", error) == -1e9
    values = h.Vector()
    cv.state_magnitudes(values, 0)
    assert len(values) == 4
    cv.state_magnitudes(0)
    cv.active(0)
    stimulus, cell = h.NetStim(), h.IntFire1()
    stimulus.start, stimulus.number, stimulus.interval = 1, 2, 2
    connection = h.NetCon(stimulus, cell)
    connection.delay = 0.5
    log = h.Vector()
    cv.store_events(log)
    h.finitialize(-65)
    h.continuerun(1.25)
    cv.store_events()
    assert list(log) == [0, 1, 1, 1, 1, 1.5, 1, 3]
    times, flags, found = h.Vector(), h.Vector(), h.List()
    cv.event_queue_info(2, times, found)
    assert list(times) == [1.5] and found[0] == connection
    found = h.List()
    cv.event_queue_info(3, times, flags, found)
    assert list(times) == [3] and list(flags) == [1] and found[0] == stimulus
    counts = h.Vector()
    cv.spike_stat(counts)
    assert counts[1] == 1 and counts[8] == 4 and counts[10] == 2


@pytest.mark.parametrize("order", (1, 2))
def test_events_take_back_spikes_that_a_step_has_seen_behind_them(h, model, order):
    """A step that passes threshold, and an event within it: one spike, not two."""
    soma, cv = model
    other = h.Section(name="other")
    other.L = other.diam = 22
    other.insert("hh")
    synapses = [h.ExpSyn(s(0.5)) for s in (soma, other)]
    for synapse in synapses:
        synapse.tau = 1.5
    stimulus = h.NetStim()
    stimulus.start, stimulus.number, stimulus.interval = 1, 200, 0.13
    connections = [h.NetCon(stimulus, synapse) for synapse in synapses]
    for connection in connections:
        connection.weight[0], connection.delay = 0.0015, 0.3
    times = []
    for section in (soma, other):
        source = h.NetCon(section(0.5)._ref_v, None, sec=section)
        source.threshold = -20
        spikes = h.Vector()
        source.record(spikes)
        connections.append(source)
        times.append(spikes)
    cv.condition_order(order)
    cv.atol(1e-3)
    h.finitialize(-65)
    cv.solve(25)
    cv.condition_order(1)
    for spikes in times:
        assert len(spikes) >= 2
        assert all(b - a > 3 for a, b in zip(spikes, list(spikes)[1:])), list(spikes)


def test_membrane_current_is_as_exact_as_the_potentials(h, model):
    """Beside an extracellular medium: what charges the membrane comes from the balance of currents."""
    cv = model[1]
    cable = h.Section(name="cable")
    cable.L, cable.diam, cable.nseg = 100, 1, 5
    cable.insert("pas")
    cable.insert("extracellular")
    cable.e_pas = -65
    for segment in cable:
        segment.xraxial[0], segment.xg[0], segment.xc[0] = 1e5, 1e-3, 0.2
    clamp = h.IClamp(cable(0.1))
    clamp.delay, clamp.dur, clamp.amp = 0.5, 2, 0.05
    found = []
    for tolerance in (1e-3, 1e-7):
        cv.atol(tolerance)
        h.finitialize(-65)
        cv.solve(3)
        found.append(cable(0.1).i_membrane)
    cv.atol(1e-3)
    cv.active(0)
    fixed = []
    for h.dt in (0.01, 0.005):
        h.finitialize(-65)
        while h.t < 3 - h.dt / 2:
            h.fadvance()
        fixed.append(cable(0.1).i_membrane)
    limit = 2 * fixed[1] - fixed[0]  # implicit Euler: of first order
    assert abs(found[1] - limit) < 2e-3 * abs(limit), (found, limit)
    assert abs(found[0] - limit) < 2e-2 * abs(limit), (found, limit)
