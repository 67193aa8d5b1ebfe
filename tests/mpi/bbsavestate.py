# SPDX-License-Identifier: BSD-3-Clause
"""A ring with noise, saved at mid-run: every number of ranks goes on to the same spikes, bit for bit.

    nrn run bbsavestate.py FOLDER save      writes the state, and the spikes of the whole run
    nrn run bbsavestate.py FOLDER restore   restores it (on any number of ranks) and compares
"""
import os
import sys

from neuron import h

folder, action = sys.argv[-2:]
CELLS, MIDDLE, END = 7, 23.35, 60.0
pc = h.ParallelContext()
rank, size = int(pc.id()), int(pc.nhost())
os.chdir(folder)


class Cell:
    def __init__(self, gid):
        self.soma, self.dend = h.Section("soma", self), h.Section("dend", self)
        self.dend.connect(self.soma(1))
        self.soma.L = self.soma.diam = 15 + gid
        self.dend.L, self.dend.diam, self.dend.nseg = 200, 1.5, 3 + 2 * (gid % 2)
        self.soma.insert("hh")
        self.dend.insert("pas")
        self.dend.e_pas = -65
        self.synapses = [h.ExpSyn(self.dend(0.3)), h.Exp2Syn(self.dend(0.9))]
        self.drive = h.NetStim()  # has no gid: it belongs to its connection
        self.drive.interval, self.drive.number, self.drive.start, self.drive.noise = 4, 1000, 1, 0.5
        self.drive.noiseFromRandom123(gid, 2, 3)
        self.driving = h.NetCon(self.drive, self.synapses[1])
        self.driving.weight[0], self.driving.delay = 0.004, 2.5
        pc.set_gid2node(gid, rank)
        pc.cell(gid, h.NetCon(self.soma(0.5)._ref_v, None, sec=self.soma))


cells = {gid: Cell(gid) for gid in range(CELLS) if gid % size == rank}
ring = []
for gid, cell in cells.items():
    nc = pc.gid_connect((gid + CELLS - 1) % CELLS, cell.synapses[0])
    nc.weight[0], nc.delay = 0.02, 3 + 0.1 * gid
    ring.append(nc)
times, gids = h.Vector(), h.Vector()
pc.spike_record(-1, times, gids)
pc.set_maxstep(10)
h.finitialize(-65)
state = h.BBSaveState()
if action == "save":
    pc.psolve(MIDDLE)
    state.save_test()
else:
    state.restore_test()
    assert abs(h.t - MIDDLE) < 1e-6, h.t
pc.psolve(END)
late = [(int(g), t.hex()) for g, t in zip(gids, times) if t > MIDDLE]
late += [(100 + gid, cell.dend(0.5).v.hex()) for gid, cell in cells.items()]
found = "\n".join(f"{g} {x}" for g, x in sorted(item for part in pc.py_allgather(late) for item in part))
if rank == 0:
    if action == "save":
        with open("expected", "w") as file:
            file.write(found)
    else:
        with open("expected") as file:
            assert file.read() == found, "the restored run went another way"
        print("equal", found.count("\n") + 1)
pc.barrier()
pc.done()
h.quit()
