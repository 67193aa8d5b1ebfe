# SPDX-License-Identifier: BSD-3-Clause
"""What holds at the first moment of a run, at the ends of steps and segments, and what stays from the run before.
Numbers are those that the reference simulator printed for the same programs."""
import pytest


@pytest.fixture
def soma(h):
    h.load_file("stdrun.hoc")
    h.dt, h.steps_per_ms, h.secondorder = 0.025, 40, 0
    section = h.Section(name="soma")
    section.L = section.diam = 10
    section.insert("hh")
    yield section
    h.dt, h.steps_per_ms = 0.025, 40


def test_an_event_at_0_finds_currents_and_first_records_made(h, soma):
    v, seen = h.Vector().record(soma(0.5)._ref_v), []

    def at_0():
        seen.append((h.t, len(v), soma(0.5).ina))
        soma(0.5).v = -40

    cvode = h.CVode()
    handlers = [h.FInitializeHandler(1, lambda: cvode.event(0, at_0)), h.FInitializeHandler(2, lambda: seen.append("end"))]
    h.finitialize(-65)
    assert seen == [(0, 1, pytest.approx(-0.00122005717647, rel=1e-11)), "end"]
    assert list(v) == [-65]
    h.fadvance()
    assert v[1] == pytest.approx(-40.4154906, rel=1e-8)  # from -40, where the event left it
    del handlers


def test_a_played_variable_keeps_its_value_until_the_first_time(h, soma):
    clamp = h.IClamp(soma(0.5))
    clamp.dur = 1e9
    amplitude = h.Vector().record(clamp._ref_amp)
    h.dt, h.steps_per_ms = 0.25, 4
    y, t = h.Vector([0, 1, 0.5, -0.2, 0.7]), h.Vector([1, 1.7, 2, 3, 4.2])

    def played(*how):
        clamp.amp = 9
        y.play(clamp._ref_amp, *how)
        h.finitialize(-65)
        h.continuerun(2.25)
        y.play_remove()
        return list(amplitude)

    # the point at 1.7 lies in the second half of a step, whose end is on the line before it
    assert played(t, True) == pytest.approx([9, 0, 0, 0, 0, 0.357142857, 0.714285714, 1.07142857, 0.5, 0.325], rel=1e-8)
    assert played(t) == [9, 9, 9, 9, 9, 0, 0, 0, 1, 0.5]
    t.from_python([0, 1, 1.5, 3, 4.2])
    assert played(t, True)[0] == 0
    jumps = h.Vector([1])
    assert played(t, jumps) == pytest.approx([9, 0.25, 0.5, 0.75, 1, 0.75, 0.5, 0.383333333, 0.266666667, 0.15], rel=1e-8)


def test_recorders_that_begin_late_take_what_is_past_at_once(h, soma):
    times = h.Vector([0, 0.1, 0.33, 1, 2.0126, 3.5, 4, 7])
    at_times, every = h.Vector().record(soma(0.5)._ref_v, times), h.Vector().record(h._ref_t, 0.03)
    h.dt, h.steps_per_ms = 0.1, 10
    h.finitialize(-65)
    h.continuerun(1)
    assert len(at_times) == 4
    # ticks in the middle of a step: they are added up, 15 of them are a little more than 0.45
    assert [round(x, 1) for x in every][14:27] == [0.4, 0.5, 0.5, 0.5, 0.5, 0.6, 0.6, 0.6, 0.7, 0.7, 0.7, 0.8, 0.8]
    h.continuerun(3)
    h.frecord_init()
    v = soma(0.5).v
    h.continuerun(5)
    assert len(at_times) == 7 and list(at_times)[:5] == [v] * 5


def test_segments_at_a_boundary(h):
    section = h.Section(name="cable")

    def change(before, after):
        section.nseg = 1
        section.nseg = before
        for i, segment in enumerate(section):
            segment.v = i
        points = [h.IClamp(section(segment.x)) for segment in section]
        section.nseg = after
        return [int(segment.v) for segment in section], [int(p.get_segment().x * after) for p in points]

    assert change(1, 2) == ([0, 0], [1])
    assert change(2, 1) == ([1], [0, 0])
    assert change(4, 2) == ([1, 3], [0, 0, 1, 1])
    assert change(3, 12) == ([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2], [2, 6, 10])
    assert change(6, 5) == ([0, 1, 3, 4, 5], [0, 1, 2, 2, 3, 4])
    assert change(5, 4) == ([0, 1, 3, 4], [0, 1, 1, 2, 3])
    assert change(27, 2) == ([6, 20], [0] * 14 + [1] * 13)
    assert change(8, 3) == ([1, 4, 6], [0, 0, 0, 1, 1, 2, 2, 2])


def test_distances_of_points_are_taken_in_single_precision(h):
    section = h.Section(name="points")
    h.pt3dclear(sec=section)
    for point in ((0, 0, 0, 10), (1e-3, 0, 0, 1), (30, 0, 0, 1)):
        h.pt3dadd(*point, sec=section)
    assert section.L == pytest.approx(30.000000549364, rel=1e-13)


def test_transitions_begin_with_state_after_finitialize(h, soma):
    clamp = h.IClamp(soma(0.5))
    clamp.delay, clamp.dur, clamp.amp = 1, 60, 0.3
    machine, up, down, log = h.StateTransitionEvent(2), h.ref(-20.0), h.ref(-50.0), []
    machine.transition(0, 1, soma(0.5)._ref_v, up, lambda: log.append(h.t))
    machine.transition(1, 0, down, soma(0.5)._ref_v, lambda: log.append(-h.t))

    def run():
        log.clear()
        h.finitialize(-65)
        h.continuerun(10)
        return machine.state(), [round(t, 4) for t in log]

    assert run() == (0, [])
    machine.state(0)
    assert run() == (0, [])
    handler = h.FInitializeHandler(lambda: machine.state(0))
    assert run() == (1, [1.45, -4.025, 9.575])
    del handler
    assert run() == (1, [])


def test_a_circuits_callback_sees_the_beginning_of_the_step(h):
    h.load_file("stdrun.hoc")
    h.dt, h.steps_per_ms = 0.025, 40
    s = h.Section(name="s")
    s.L, s.diam = 100, 3
    s.insert("pas")
    b, y, y0, where, log = h.Vector(1), h.Vector(1), h.Vector([-65]), h.Vector([0.5]), []
    sections = h.SectionList()
    sections.append(sec=s)

    def source():
        log.append(h.t)
        b[0] = 0.1 * h.t

    circuit = h.LinearMechanism(source, h.Matrix(1, 1, 2), h.Matrix(1, 1), y, y0, b, sections, where)
    h.finitialize(-65)
    for _ in range(3):
        h.fadvance()
    assert log == pytest.approx([0, 0, 0.025, 0.05], abs=1e-12)
    assert s(0.5).v == pytest.approx(-65.1755633261, rel=1e-11)
    del circuit


def test_apcount_keeps_the_last_time(h, soma):
    clamp = h.IClamp(soma(0.5))
    clamp.delay, clamp.dur, clamp.amp = 1, 50, 0.3
    count = h.APCount(soma(0.5))
    h.finitialize(-65)
    h.continuerun(3)
    last = count.time
    assert count.n == 1 and last > 1
    h.finitialize(-65)
    assert count.n == 0 and count.time == last


def test_adams_with_newton_takes_few_steps(h, soma):
    clamp = h.IClamp(soma(0.5))
    clamp.delay, clamp.dur, clamp.amp = 1, 3, 0.5
    cvode = h.CVode()
    cvode.active(True)
    try:
        counts = []
        for kind in (0, 1, 2):
            cvode.stiff(kind)
            h.finitialize(-65)
            n = 0
            while h.t < 3:
                h.fadvance()
                n += 1
            counts.append(n)
        assert counts[1] < 1.5 * counts[2] and counts[0] > 1.5 * counts[1]
    finally:
        cvode.stiff(2)
        cvode.active(False)


def test_compartments_of_threads_are_those_with_membrane(h, soma, capsys):
    before = sum(section.nseg for section in h.allsec())
    h.ParallelContext().thread_stat()
    assert f", {before} compartments" in capsys.readouterr().out


def test_queue_mode_tells_both_flags(h):
    cvode = h.CVode()
    assert [cvode.queue_mode(*modes) for modes in ((0, 0), (1, 0), (0, 1), (1, 1), (0, 0))] == [0, 1, 2, 3, 0]


def test_a_batch_without_comment_begins_with_an_empty_line(h, soma, tmp_path):
    h.finitialize(-65)
    h.batch_save()
    h.batch_save(soma(0.5)._ref_v)
    h.batch_run(1, 0.5, str(tmp_path / "out"))
    lines = (tmp_path / "out").read_text().split("\n")
    assert lines[0] == "" and lines[1].startswith("batch_run from t = 0 to 1") and lines[2:] == [" -65", " -64.9867", " -64.9755", ""]


@pytest.mark.parametrize("kind", ["SEClamp", "VClamp"])
def test_changes_of_a_voltage_clamp_are_events_of_the_variable_step(h, soma, kind):
    clamp = getattr(h, kind)(soma(0.5))
    if kind == "SEClamp":
        clamp.dur1, clamp.amp1, clamp.dur2, clamp.amp2 = 2, -70, 500, -20
    else:
        clamp.dur[0], clamp.amp[0], clamp.dur[1], clamp.amp[1] = 2, -70, 500, -20
    t = h.Vector().record(h._ref_t)
    cvode = h.CVode()
    cvode.active(True)
    try:
        h.finitialize(-70)
        cvode.solve(3)
        before = [x for x in t if x < 2]
        assert 2 in list(t)
        assert 2 - max(before) > 0.01  # the last step leads there, it does not creep up
    finally:
        cvode.active(False)
