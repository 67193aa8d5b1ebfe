# SPDX-License-Identifier: BSD-3-Clause
"""What is deleted gives its memory back: by object counts, and by the size of a process that makes and deletes much."""
import os
import subprocess
import sys

import pytest

MEASURE = """
import gc, resource, sys
from neuron import h

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 2**20

soma = h.Section(name="soma")
soma.insert("hh")
synapse = h.ExpSyn(soma(0.5))

def sections(n):
    for _ in range(n):
        h.Section(name="x").insert("pas")

def vectors(n):
    for _ in range(n):
        h.Vector(100)[0]

def connections(n):
    for _ in range(n):
        h.NetCon(soma(0.5)._ref_v, synapse, sec=soma)

def point_processes(n):
    for _ in range(n):
        h.IClamp(soma(0.5)).amp = 1

def references(n):
    for _ in range(n):
        h.Vector().record(soma(0.5)._ref_v)
        h.ref([1])

def callbacks(n):
    for _ in range(n):
        h.FInitializeHandler(1, lambda: None)
        h.List().append({"a": 1})

def errors(n):
    for _ in range(n // 10):
        try:
            h.Vector(-1)
        except RuntimeError:
            pass

def subclasses(n):
    class Mine(h.Vector):
        pass
    for _ in range(n):
        mine = Mine([1, 2])
        mine.me = mine

class Cell:
    def __init__(self):
        self.soma, self.dend = h.Section(name="soma", cell=self), h.Section(name="dend", cell=self)
        self.dend.connect(self.soma)
        self.synapse = h.ExpSyn(self.dend(0.5))
        self.detector = h.NetCon(self.soma(0.5)._ref_v, None, sec=self.soma)
        self.me, self.parts = self, [self.soma, self]

def cells(n):
    for i in range(n // 20):
        Cell()
        if i % 500 == 0:
            gc.collect()

class Handled:
    def __init__(self):
        self.handler = h.FInitializeHandler(self.start)
        self.everything = h.List()
        self.everything.append(self)
        self.source = h.NetStim()
        self.detector = h.NetCon(self.source, None)
        self.detector.record(self.start)
        self.machine = h.StateTransitionEvent(2)
        self.machine.transition(0, 1, soma(0.5)._ref_v, h.ref(0), self.start)
        self.player = h.Vector([1, 2])
        self.player.play(self.start, 1)

    def start(self):
        pass

def handlers(n):
    for i in range(n // 4):
        Handled()
        if i % 500 == 0:
            gc.collect()

work = globals()[sys.argv[1]]
work(5000)
gc.collect()
before, sections_before = resident(), len(list(h.allsec()))
work(100000)
gc.collect()
assert len(list(h.allsec())) == sections_before, "sections are left"
for name in ("Vector", "NetCon", "IClamp", "FInitializeHandler"):
    assert h.List(name).count() == 0, name + " objects are left"
print(resident() - before)
"""


@pytest.mark.parametrize("what", ["sections", "vectors", "connections", "point_processes", "references", "callbacks", "errors", "subclasses", "cells", "handlers"])
def test_memory_comes_back(what):
    done = subprocess.run([sys.executable, "-c", MEASURE, what], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    if "asan" in os.environ.get("LD_PRELOAD", ""):  # the sanitizer keeps freed memory for a while: only the counts say something
        return
    # A hundred thousand of even the smallest object, were they kept, would take more than 10 MiB.
    assert float(done.stdout) < 8, f"{what}: {done.stdout} MiB more after 100,000 were made and deleted"
