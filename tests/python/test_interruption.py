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
