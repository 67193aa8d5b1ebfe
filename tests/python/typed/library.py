# SPDX-License-Identifier: BSD-3-Clause
"""Library style: annotations with the simulator's own types."""
from typing import Any, Callable, Optional, Sequence

import neuron
from neuron import h, hclass, load_mechanisms, psection
from neuron.nrn import Section, Segment

SectionFilter = Callable[[Section], bool]


def find(sections: Sequence[Section], keep: SectionFilter) -> list[Section]:
    return [s for s in sections if keep(s)]


def closest(sec: Section, x: float) -> Segment:
    best: Optional[Segment] = None
    for seg in sec:
        if best is None or abs(seg.x - x) < abs(best.x - x):
            best = seg
    assert best is not None
    return best


class Template:
    instances = 0

    def __init__(self, morphology: str | None = None) -> None:
        self.soma = [h.Section(name="soma[0]", cell=self)]
        self.dend = [h.Section(name=f"dend[{i}]", cell=self) for i in range(3)]
        self.all = h.SectionList()
        for s in self.soma + self.dend:
            self.all.append(s)
        for d in self.dend:
            d.connect(self.soma[0](1), 0)
        type(self).instances += 1
        self.morphology = morphology

    def biophys(self, params: dict[str, float]) -> None:
        for sec in self.all:
            sec.insert("pas")
            sec.insert("hh")
            for name, value in params.items():
                setattr(sec, name, value)
        self.soma[0].ena = 50
        self.soma[0](0.5).hh.gnabar *= 2
        self.soma[0](0.5).pas.g = 0.001

    def geometry(self) -> dict[str, list[float]]:
        out: dict[str, list[float]] = {"x": [], "y": [], "diam": []}
        for sec in self.all:
            for i in range(sec.n3d()):
                out["x"].append(sec.x3d(i))
                out["y"].append(sec.y3d(i))
                out["diam"].append(sec.diam3d(i))
        return out


class MyVector(hclass(h.Vector)):  # type: ignore[misc]
    def total(self) -> float:
        return float(self.sum())


def callback(what: str) -> Callable[[], None]:
    def act() -> None:
        print(what, h.t)

    return act


def simulate(cell: Template, protocols: dict[str, Any], tstop: float = 100.0) -> dict[str, Any]:
    h.load_file("stdrun.hoc")
    cvode = h.CVode()
    cvode.active(0)
    h.dt = 0.025
    h.v_init = -65
    h.tstop = tstop
    stims = []
    for place, amp in protocols.items():
        stim = h.IClamp(closest(cell.soma[0], 0.5))
        stim.amp = float(amp)
        stims.append((place, stim))
    rec = {s.name(): h.Vector().record(s(0.5)._ref_v) for s in cell.all}
    handler = h.FInitializeHandler(1, callback("start"))
    cvode.event(5, callback("five"))
    h.stdinit()
    h.run()
    state = h.SaveState()
    state.save()
    del handler
    return {k: v.to_python() for k, v in rec.items()}


def error_handling() -> int:
    try:
        h.Vector(-1)
    except neuron.HocError as error:
        return error.lineno or 0
    except RuntimeError:
        return -1
    return 1


pc = h.ParallelContext()
if __name__ == "__main__":
    load_mechanisms("x86_64")
    c = Template()
    c.biophys({"Ra": 100.0, "cm": 1.0})
    print(simulate(c, {"soma": 0.2}), c.geometry(), psection(c.soma[0]), find(list(c.all), lambda s: s.L > 10))
    vec = MyVector([1, 2, 3])
    print(vec.total(), error_handling(), pc.id())
    gids = [gid for gid in range(int(pc.id()), 10, int(pc.nhost()))]
    for gid in gids:
        pc.set_gid2node(gid, pc.id())
    syn = h.ExpSyn(c.soma[0](0.5))
    nc = pc.gid_connect(gids[0], syn)
    nc.weight[0], nc.delay = 0.1, 1
    tvec, idvec = h.Vector(), h.Vector()
    pc.spike_record(-1, tvec, idvec)
    pc.set_maxstep(10)
    h.finitialize()
    pc.psolve(10)
    spikes = sorted(zip(tvec, idvec))
    print(spikes, pc.py_allgather(spikes))
    pc.barrier()
