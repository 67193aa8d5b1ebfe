# SPDX-License-Identifier: BSD-3-Clause
"""Signals and other threads while a run or a Hoc loop goes on."""
import signal
import threading
import time

import pytest


class Stopped(Exception):
    """Raised by the alarm."""


@pytest.fixture
def endless(h):
    """A run without end, which an alarm is to stop."""
    h.load_file("stdrun.hoc")
    section = h.Section(name="s")
    section.insert("hh")
    h.finitialize(-65)

    def stop(*_):
        raise Stopped

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    yield h
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def test_what_a_signal_handler_raises_ends_a_run(endless):
    with pytest.raises(Stopped):
        endless.continuerun(1e12)
    t = endless.t
    assert 0 < t < 1e12
    endless.fadvance()  # still usable
    assert endless.t > t


def test_interrupt_is_a_keyboard_interrupt(h, endless):
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    with pytest.raises(KeyboardInterrupt):
        endless.continuerun(1e12)


def test_execute1_does_not_keep_an_interrupt_to_itself(endless):
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    with pytest.raises(KeyboardInterrupt):
        endless('execute1("while (1) {}", 0)')


def test_execute1_does_not_keep_what_a_handler_raised_to_itself(endless):
    with pytest.raises(Stopped):
        endless('execute1("while (1) {}", 0)')


CLINGING = """
clings_ = 1
begintemplate Clinging
external clings_
proc unref() { while (clings_) {} }
endtemplate Clinging
objref clinging_, clingings_
clingings_ = new List()
proc cling_() { localobj o  while (1) o = new Clinging() }
"""


@pytest.fixture
def clinging(endless):
    """A template whose objects do not let go."""
    if not hasattr(endless, "Clinging"):
        assert endless(CLINGING)
    endless.clings_ = 1
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    yield endless
    endless.clings_ = 0
    endless("objref clinging_")
    assert endless("clings_ = clings_")  # nothing is left that ends an innocent statement


@pytest.mark.parametrize("loop", [
    "for (x = 0; 1; x = 1) clinging_ = new Clinging()",
    "cling_()",
    "for (x = 0; 1; x = 1) { clingings_.append(new Clinging()) clingings_.remove_all() }",
    'execute1("while (1) clinging_ = new Clinging()", 0)',
])
def test_an_interrupt_inside_unref_ends_the_work_around_it(clinging, loop):
    with pytest.raises(KeyboardInterrupt):
        clinging(loop)


def test_what_a_handler_raised_inside_unref_ends_the_work_around_it(clinging):
    def stop(*_):
        raise Stopped

    signal.signal(signal.SIGALRM, stop)
    with pytest.raises(Stopped):
        clinging("while (1) clinging_ = new Clinging()")


def test_an_interrupt_inside_unref_ends_a_program_that_drops_objects(clinging):
    with pytest.raises(KeyboardInterrupt):
        while True:
            clinging.Clinging()
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    with pytest.raises(KeyboardInterrupt):
        while True:
            clinging.clinging_ = clinging.Clinging()


def test_a_variable_step_run_can_be_stopped(h, endless):
    method = h.CVode()
    method.active(True)
    try:
        h.finitialize(-65)
        with pytest.raises(Stopped):
            method.solve(1e12)
    finally:
        method.active(False)
        h.dt = 0.025  # else that of the last adaptive step


@pytest.mark.parametrize("loop", ["while (1) {}", "for (;;) {}", "for i = 0, 1e12 {}"])
def test_hoc_loops_can_be_stopped(endless, loop):
    loop = loop.replace("for (;;)", "for (x = 0; 1; x = 1)")
    with pytest.raises(Stopped):
        endless(loop)


def test_other_threads_get_their_turn_during_a_run(h):
    h.load_file("stdrun.hoc")
    section = h.Section(name="s")
    section.nseg = 51
    section.insert("hh")
    seen, done = [], threading.Event()

    def watch():
        while not done.is_set():
            seen.append(h.t)
            time.sleep(0.001)

    watcher = threading.Thread(target=watch)
    h.finitialize(-65)
    watcher.start()
    deadline = time.monotonic() + 20
    while len({t for t in seen if t > 0}) < 3 and time.monotonic() < deadline:
        h.continuerun(h.t + 200)
    done.set()
    watcher.join()
    assert len({t for t in seen if t > 0}) >= 3
