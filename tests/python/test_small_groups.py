# SPDX-License-Identifier: BSD-3-Clause
"""A network that fits one group of cells is cut in two: windows and single steps agree to the last bit."""
from neuron import h


def spikes(how, cells=40):
    h.load_file("stdrun.hoc")
    pc = h.ParallelContext()
    somas = [h.Section(name=f"c{i}") for i in range(cells)]
    keep, times = [], []
    for soma in somas:
        soma.L = soma.diam = 20
        soma.insert("hh")
        keep.append(h.ExpSyn(soma(0.5)))
        keep[-1].tau = 1
    for i in range(cells):
        for step, delay in ((1, 1), (7, 1.7)):
            c = h.NetCon(somas[i](0.5)._ref_v, keep[(i + step) % cells], sec=somas[i])
            c.delay, c.weight[0] = delay, 0.05 + 0.0001 * i
            keep.append(c)
        t = h.Vector()
        keep[-1].record(t)
        times.append(t)
    clamp = h.IClamp(somas[0](0.5))
    clamp.delay, clamp.dur, clamp.amp = 1, 1, 1
    h.dt = 0.025
    h.finitialize(-65)
    if how == "steps":
        while h.t < 30 - h.dt / 2:
            h.fadvance()
    elif how == "psolve":
        pc.psolve(30)
    else:
        h.continuerun(30)
    return [list(t) for t in times], [s(0.5).v for s in somas], [s(0.5).hh.gna for s in somas]


def test_windows_of_small_networks():
    wanted = spikes("steps")
    assert sum(map(len, wanted[0])) > 40
    assert spikes("psolve") == wanted
    assert spikes("run") == wanted
