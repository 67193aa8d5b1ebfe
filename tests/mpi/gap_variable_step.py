# SPDX-License-Identifier: BSD-3-Clause
"""Cells joined by gap junctions and synapses under the variable step: writes spike times and last voltages.

Usage: gap_variable_step.py FILE [daspk]. The test compares the files of several numbers of ranks, one of which has
no cell on one of its ranks.
"""
import sys

from neuron import h

h.nrnmpi_init()
pc = h.ParallelContext()
rank, ranks = int(pc.id()), int(pc.nhost())
N = 3


class Cell:
    def __init__(self, gid):
        self.soma = h.Section(name="soma", cell=self)
        self.soma.L = self.soma.diam = 20
        self.soma.insert("hh")
        self.dend = h.Section(name="dend", cell=self)
        self.dend.L, self.dend.diam, self.dend.nseg = 200, 1, 3
        self.dend.connect(self.soma(1))
        self.synapse = h.ExpSyn(self.dend(0.7))
        self.synapse.tau = 1
        pc.set_gid2node(gid, rank)
        source = h.NetCon(self.soma(0.5)._ref_v, None, sec=self.soma)
        source.threshold = -10
        pc.cell(gid, source)
        pc.source_var(self.soma(0.5)._ref_v, gid, sec=self.soma)
        self.half = h.SEClamp(self.soma(0.5))  # a resistor to the neighbour's potential
        self.half.dur1, self.half.rs = 1e9, 60
        pc.target_var(self.half, self.half._ref_amp1, (gid + 1) % N)
        self.times, self.ids = h.Vector(), h.Vector()


cells = {gid: Cell(gid) for gid in range(rank, N, ranks)}
connections = []
for gid, cell in cells.items():
    connections.append(pc.gid_connect((gid + 2) % N, cell.synapse))
    connections[-1].weight[0], connections[-1].delay = 0.01, 1.25
    pc.spike_record(gid, cell.times, cell.ids)
pc.setup_transfer()
if 0 in cells:
    stimulus = h.IClamp(cells[0].soma(0.5))
    stimulus.delay, stimulus.dur, stimulus.amp = 0.5, 0.5, 3
cvode = h.CVode()
cvode.active(True)
cvode.use_daspk("daspk" in sys.argv)
seen = []


def look():
    seen.append(cells[0].soma(0.5).v)


pc.set_maxstep(10)
h.finitialize(-65)
if 0 in cells:
    cvode.event(1.3, look)  # what one rank does alone in the middle of a step
pc.psolve(1 if "daspk" in sys.argv else 2.5)
lines = [f"spike {gid} {x:.9g}" for gid, cell in cells.items() for x in cell.times]
lines += [f"v {gid} {cell.soma(0.5).v:.9g} {cell.dend(1).v:.9g} {h.t:.9g}" for gid, cell in cells.items()]
lines += [f"seen 0 {v:.9g}" for v in seen]
everyone = pc.py_gather(lines, 0)
if rank == 0:
    with open(sys.argv[1], "w") as f:
        print("\n".join(sorted(line for part in everyone for line in part)), file=f)
pc.barrier()
pc.runworker()
pc.done()
h.quit()
