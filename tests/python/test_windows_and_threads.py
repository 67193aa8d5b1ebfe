# SPDX-License-Identifier: BSD-3-Clause
"""Spikes and traces are the same bits step by step and in windows, on any number of threads."""
import subprocess
import sys

import pytest
from neuron import h


def ring(ncell, different):
    """Cells in a ring, a NetStim and an artificial cell among them; unequal shapes when `different`."""
    pc = h.ParallelContext()
    m = {"keep": [], "traces": [], "t": h.Vector(), "spikes": []}
    somas, synapses = [], []
    for i in range(ncell):
        soma = h.Section(name=f"soma{i}")
        soma.L = soma.diam = 15
        soma.insert("hh")
        parent = soma
        for k in range(3 + (i % 4 if different else 0)):
            d = h.Section(name=f"d{i}_{k}")
            d.L, d.diam, d.nseg = 80 + 10 * k, 1.5, 3 + (k + i) % 3 if different else 4
            d.insert("pas")
            d.e_pas, d.g_pas = -65, 1e-4 * (1 + (i % 3))
            d.connect(parent(1))
            if k % 2 == 0:
                parent = d
            m["keep"].append(d)
        syn = h.Exp2Syn(soma(0.5)) if i % 3 else h.ExpSyn(parent(0.5))
        syn.e = 0
        somas.append(soma)
        synapses.append(syn)
        v = h.Vector()
        v.record(soma(0.5)._ref_v)
        m["traces"].append(v)
        if i % 5 == 0:
            g = h.Vector()
            g.record(syn._ref_i)
            m["traces"].append(g)
    cell = h.IntFire1()
    for i in range(ncell):
        nc = h.NetCon(somas[i](0.5)._ref_v, synapses[(i + 1) % ncell], sec=somas[i])
        nc.threshold, nc.weight[0], nc.delay = -10, 0.02, 1 + 0.3 * (i % 2)
        times = h.Vector()
        nc.record(times)
        m["spikes"].append(times)
        to_cell = h.NetCon(somas[i](0.5)._ref_v, cell, sec=somas[i])
        to_cell.weight[0], to_cell.delay = 0.4, 2
        m["keep"] += [nc, to_cell]
    back = h.NetCon(cell, synapses[0])
    back.weight[0], back.delay = 0.02, 0.1
    stim = h.NetStim()
    stim.start, stim.number, stim.interval = 1, 40, 0.7
    for i in range(0, ncell, 3):
        nc = h.NetCon(stim, synapses[i])
        nc.weight[0], nc.delay = 0.015, 0.05 * (i + 1)
        m["keep"].append(nc)
    m["t"].record(h._ref_t)
    m["keep"] += [somas, synapses, cell, back, stim, pc]
    return m


def run(threads, how, different, ncell=13):
    m = ring(ncell, different)
    pc = m["keep"][-1]
    pc.nthread(threads)
    assert pc.nthread() == threads
    h.dt = 0.025
    h.finitialize(-65)
    if how == "run":
        h.load_file("stdrun.hoc")
        h.continuerun(12.5)
        h.continuerun(30)
    elif how == "steps":
        while h.t < 30 - h.dt / 2:
            h.fadvance()
    else:
        pc.psolve(7.03)
        h.fadvance()
        pc.psolve(30)
    result = [list(v) for v in m["spikes"] + m["traces"] + [m["t"]]] + [h.t]
    pc.nthread(1)
    return result


@pytest.mark.parametrize("different", [False, True])
def test_results_do_not_depend_on_windows_and_threads(different):
    expected = run(1, "steps", different)
    assert sum(len(spikes) for spikes in expected[:13]) >= 13
    for threads in (1, 2, 4):
        for how in ("psolve", "run", "steps"):
            assert run(threads, how, different) == expected


def test_a_run_calls_what_users_have_put_in_its_place():
    h.load_file("stdrun.hoc")
    m = ring(5, True)
    m["keep"][-1].nthread(2)
    h.finitialize(-65)
    seen = []

    def take_over():
        seen.append(h.t)
        h("turns = 0")
        h("proc advance() {\n turns = turns + 1\n fadvance()\n}")

    h.CVode().event(2, take_over)
    h.continuerun(3)
    m["keep"][-1].nthread(1)
    h("proc advance() { fadvance() }")
    assert len(seen) == 1 and h.turns == round((3 - seen[0]) / h.dt)


def test_callbacks_are_called_at_their_steps():
    m = ring(5, True)
    pc = m["keep"][-1]
    pc.nthread(2)
    seen = []
    h.finitialize(-65)
    cvode = h.CVode()
    for when in (1, 2.5, 4):
        cvode.event(when, lambda: seen.append(round(h.t, 6)))
    pc.psolve(5)
    pc.nthread(1)
    assert seen == [1, 2.5, 4]


def test_a_fault_in_a_thread_is_an_error_here():
    m = ring(6, False)
    pc = m["keep"][-1]
    pc.nthread(2)
    m["keep"][0].g_pas = float("nan")
    h.finitialize(-65)
    with pytest.raises(Exception, match="d0_0|soma0|nan"):
        pc.psolve(5)
    pc.nthread(1)


def test_a_subinterpreter_is_refused():
    program = """
import _xxsubinterpreters as interpreters
from neuron import h
other = interpreters.create()
try:
    interpreters.run_string(other, "import neuron")
except interpreters.RunFailedError as error:
    print("main interpreter" in str(error), h.Vector(3).size())
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == "True 3\n", done.stderr


def test_two_threads_do_not_run_at_once():
    """The second is told so; the first goes on, and others may use the model meanwhile."""
    done = subprocess.run([sys.executable, "-c", TWO_RUNS], capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[:2] == ["finished 1, refused 2: another thread", "other work done: True"], done.stdout


TWO_RUNS = """
import threading
from neuron import h
h.load_file("stdrun.hoc")
section = h.Section(name="s")
section.nseg = 201
section.insert("hh")
h.finitialize(-65)
finished, refused, made, begun = [], [], [], threading.Event()
handler = h.CVode()

def first():
    handler.event(h.t + 1, begun.set)
    h.continuerun(2000)
    finished.append(h.t)

def second(start):
    begun.wait()
    try:
        start()
        finished.append(h.t)
    except RuntimeError as error:
        refused.append(str(error))

def other():
    begun.wait()
    for _ in range(10):
        part = h.Section(name="part")
        made.append(len(h.Vector(10)))

threads = [threading.Thread(target=first), threading.Thread(target=second, args=(lambda: h.continuerun(50),)),
           threading.Thread(target=second, args=(lambda: h.finitialize(-65),)), threading.Thread(target=other)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(f"finished {len(finished)}, refused {len(refused)}: {refused[0][:14]}")
print("other work done:", made == [10] * 10)
"""
