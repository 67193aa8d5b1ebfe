# SPDX-License-Identifier: BSD-3-Clause
"""A typed user script: a ball and stick, a network, records, plots."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Iterator

import numpy as np
from neuron import h, n, units
from neuron.units import ms, mV, um


class Cell:
    """A ball and stick."""

    def __init__(self, gid: int, x: float = 0.0) -> None:
        self.gid = gid
        self.soma = h.Section(name="soma", cell=self)
        self.dend = n.Section(name="dend", cell=self)
        self.all = [self.soma, self.dend]
        self.dend.connect(self.soma(1))
        self.soma.L = self.soma.diam = 12.6157 * um
        self.dend.L, self.dend.diam, self.dend.nseg = 200, 1, 5
        for sec in self.all:
            sec.Ra = 100
            sec.cm = 1
        self.soma.insert("hh")
        for seg in self.soma:
            seg.hh.gnabar = 0.12
            seg.hh.el = -54.3 * mV
        self.dend.insert(h.pas)
        for seg in self.dend:
            seg.pas.g = 0.001
        self.syn = h.ExpSyn(self.dend(0.5))
        self.syn.tau = 2 * ms
        self.spikes = h.Vector()
        self.detector = h.NetCon(self.soma(0.5)._ref_v, None, sec=self.soma)
        self.detector.record(self.spikes)
        self.netcons: list[object] = []

    def __repr__(self) -> str:
        return f"Cell[{self.gid}]"

    def segments(self) -> Iterator[float]:
        for sec in self.soma.wholetree():
            for seg in sec:
                yield seg.area()


@dataclass
class Ring:
    size: int
    cells: list[Cell] = field(default_factory=list)

    def build(self) -> None:
        self.cells = [Cell(i) for i in range(self.size)]
        for a, b in zip(self.cells, self.cells[1:] + self.cells[:1]):
            nc = h.NetCon(a.soma(0.5)._ref_v, b.syn, sec=a.soma)
            nc.weight[0] = 0.05
            nc.delay = 5 * ms
            a.netcons.append(nc)


def main() -> None:
    h.load_file("stdrun.hoc")
    h.celsius = 6.3
    ring = Ring(5)
    ring.build()
    stim = h.NetStim()
    stim.number = 1
    stim.start = 9
    ncstim = h.NetCon(stim, ring.cells[0].syn)
    ncstim.delay = 1
    ncstim.weight[0] = 0.04
    t = h.Vector().record(h._ref_t)
    v = h.Vector().record(ring.cells[0].soma(0.5)._ref_v)
    clamp = h.IClamp(ring.cells[0].soma(0.5))
    clamp.delay, clamp.dur, clamp.amp = 1, 2, 0.5
    h.finitialize(-65 * mV)
    h.continuerun(100 * ms)
    times: list[float] = list(t)
    volts = np.array(v)
    print(len(times), volts.max(), v.max(), v.size(), float(h.t))
    first: float = v[0]
    part = v[1:5]
    print(first, part.to_python(), (v + 1).sum(), (v * 2 - v).mean())
    for cell in ring.cells:
        print(cell, list(cell.spikes), cell.spikes.size(), sum(cell.segments()))
    sl = h.SectionList([c.soma for c in ring.cells])
    for sec in sl:
        print(sec.name(), sec.n3d(), sec.psection()["nseg"])
    for sec in h.allsec():
        if "soma" in sec.name():
            print(sec.L, sec.nseg, sec(0.5).v)
    fih = h.FInitializeHandler(lambda: print("init"))
    h.finitialize()
    pc = h.ParallelContext()
    pc.set_gid2node(1, int(pc.id()))
    pc.cell(1, ring.cells[0].detector)
    if pc.id() == 0 and pc.nhost() == 1:
        print(pc.allreduce(1.0, 1))
    r = h.Random()
    r.Random123(1, 2, 3)
    r.normal(0, 1)
    print(r.repick(), fih)
    st = h.ref("")
    h.sprint(st, "%d", 3)
    print(st[0])
    imp = h.Impedance()
    imp.loc(0.5, sec=ring.cells[0].soma)
    imp.compute(10)
    print(imp.input(0.5, sec=ring.cells[0].soma))
    cv = h.CVode()
    cv.active(True)
    cv.atol(1e-3)
    m = h.Matrix(2, 2)
    m.setval(0, 0, 1)
    print(m.getval(0, 0), m.nrow(), m.to_vector().to_python())
    f = h.File()
    f.wopen("/dev/null")
    v.vwrite(f)
    f.close()
    l = h.List("IClamp")
    print(l.count(), len(l), l.o(0))
    print(h.distance(ring.cells[0].soma(0.5), ring.cells[0].dend(1)))
    seg = ring.cells[0].dend(0.3)
    print(seg.x, seg.sec, seg.ri(), seg.volume(), seg.point_processes())
    parent = ring.cells[0].dend.parentseg()
    if parent is not None:
        print(parent.sec.name(), parent.x)
    secs = [s for s in ring.cells[0].soma.children()]
    print(secs[0].name() if secs else "none", units.sec)


def run_protocol(amp: float, *, dur: float = 10.0) -> tuple[np.ndarray, np.ndarray]:
    soma = h.Section(name="soma")
    soma.pt3dadd(0, 0, 0, 10)
    soma.pt3dadd(10, 0, 0, 10)
    xs = [soma.x3d(i) for i in range(soma.n3d())]
    assert max(xs) > 0
    iclamp = h.IClamp(0.5, sec=soma)
    iclamp.amp = amp
    iclamp.dur = dur
    t, v = h.Vector(), h.Vector()
    t.record(h._ref_t)
    v.record(soma(0.5)._ref_v, 0.1)
    h.tstop = dur
    h.run()
    return t.as_numpy().copy(), np.asarray(v)


if __name__ == "__main__":
    main()
    run_protocol(0.1)
