# SPDX-License-Identifier: BSD-3-Clause
"""Branching cells with random connections, some with gap junctions: writes every spike, exactly, to a file.

Usage: random_network.py FILE [gap] [threads=N]. The test compares the files of several ranks and threads byte by byte.
"""
import sys

from neuron import h

h.nrnmpi_init()
h.load_file("stdrun.hoc")
pc = h.ParallelContext()
rank, ranks = int(pc.id()), int(pc.nhost())
gaps = "gap" in sys.argv
threads = [a for a in sys.argv if a.startswith("threads=")]
if threads:
    pc.nthread(int(threads[0][8:]))
N = 24


class Cell:
    def __init__(self, gid):
        self.gid = gid
        self.soma = h.Section(name="soma", cell=self)
        self.soma.L = self.soma.diam = 18 + gid % 3
        self.soma.insert("hh")
        self.dends = []
        for k in range(2 + gid % 2):
            dend = h.Section(name=f"dend{k}", cell=self)
            dend.L, dend.diam, dend.nseg = 120 + 10 * k, 1.5, 3 + 2 * k
            dend.insert("pas")
            dend.g_pas, dend.e_pas = 1e-4, -65
            dend.connect(self.soma(1) if k == 0 else self.dends[0](1))
            self.dends.append(dend)
        self.exc = h.ExpSyn(self.dends[-1](0.5))
        self.exc.tau = 2
        self.inh = h.Exp2Syn(self.soma(0.5))
        self.inh.tau1, self.inh.tau2, self.inh.e = 0.5, 6, -75
        pc.set_gid2node(gid, rank)
        source = h.NetCon(self.soma(0.5)._ref_v, None, sec=self.soma)
        source.threshold = -10
        pc.cell(gid, source)
        self.drive = h.NetStim()
        self.drive.interval, self.drive.number, self.drive.start, self.drive.noise = 12, 1e9, 1, 0.8
        self.drive.noiseFromRandom123(gid, 3, 5)
        self.kick = h.NetCon(self.drive, self.exc)
        self.kick.weight[0], self.kick.delay = 0.02, 0.1


cells = {gid: Cell(gid) for gid in range(rank, N, ranks)}
connections = []
for gid, cell in cells.items():
    r = h.Random()
    r.Random123(gid, 17, 0)
    r.discunif(0, N - 1)
    for k in range(8):
        source = int(r.repick())
        nc = pc.gid_connect(source, cell.exc if source % 4 else cell.inh)
        # equal delays on purpose: events of one instant must be added in the same order everywhere
        nc.weight[0], nc.delay = 0.0017 + 0.0001 * (k % 3), 1 + 0.5 * (k % 3)
        connections.append(nc)
halves = []
if gaps:
    h("""proc nothing() {}""")
    for gid, cell in cells.items():
        pc.source_var(cell.soma(0.5)._ref_v, gid, sec=cell.soma)
    for gid, cell in cells.items():
        clamp = h.SEClamp(cell.soma(0.5))  # a resistor to the neighbour's potential
        clamp.dur1, clamp.rs = 1e9, 50
        pc.target_var(clamp, clamp._ref_amp1, (gid + 1) % N)
        halves.append(clamp)
    pc.setup_transfer()
times, ids = h.Vector(), h.Vector()
for gid in cells:
    t, i = h.Vector(), h.Vector()
    pc.spike_record(gid, t, i)
    cells[gid].record = (t, i)
pc.spike_compress(int(pc.nhost()))  # few enough that a second round is needed now and then
pc.set_maxstep(10)
h.finitialize(-65)
pc.psolve(40)
mine = [(x, gid) for gid, cell in cells.items() for x in cell.record[0]]
everyone = pc.py_gather(mine, 0)
if rank == 0:
    spikes = sorted(s for part in everyone for s in part)
    with open(sys.argv[1], "w") as f:
        for x, gid in spikes:
            print(x.hex(), gid, file=f)
pc.barrier()
pc.runworker()
pc.done()
h.quit()
