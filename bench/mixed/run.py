#!/usr/bin/python3
"""64 cells of 64 different random morphologies: nothing to interleave but branches. hh soma and stem, passive dendrites, one synapse each."""
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import benchlib as B


def main():
    neuron(B.parser(ncell=64, nsec=40, tstop=50.0).parse_args())


def neuron(args):
    t0 = time.perf_counter()
    n = B.Neuron(args)
    h, pc = n.h, n.pc
    keep, syns, comps = [], {}, 0
    for gid in n.local_gids(args.ncell):
        u = lambda *key: B.hash01(gid, *key)
        secs = []
        for i in range(int(args.nsec * (0.5 + u(0)))):
            s = h.Section(name=f"c{gid}_{i}")
            s.Ra, s.cm = 110, 1
            if i == 0:
                s.L = s.diam = 15 + 10 * u(1)
            else:
                s.L, s.diam, s.nseg = 20 + 180 * u(2, i), 0.6 + 2 * u(3, i), 1 + int(11 * u(4, i))
                # a third start at the soma, others at the end of an earlier section: long and short paths
                s.connect(secs[0](1) if u(5, i) < 0.3 else secs[max(0, i - 1 - int(6 * u(6, i)))](1))
            if i < 3:
                s.insert("hh")
            else:
                s.insert("pas")
                s.g_pas, s.e_pas = 1e-4, -65
            comps += s.nseg
            secs.append(s)
        syn = h.ExpSyn(secs[-1 - int(5 * u(7))](0.5))
        syn.tau, syn.e = 2, 0
        stim = h.IClamp(secs[0](0.5))
        stim.delay, stim.dur, stim.amp = 1 + 4 * u(8), 1e9, 0.3 + 0.5 * u(9)
        n.detect(gid, secs[0](0.5)._ref_v, secs[0])
        syns[gid] = syn
        keep += [secs, syn, stim]
    for gid, syn in syns.items():
        nc = pc.gid_connect((gid + 1) % args.ncell, syn)
        nc.weight[0], nc.delay = 0.005, 2
        keep.append(nc)
    n.record_spikes()
    setup = time.perf_counter() - t0
    r = n.run(args.tstop)
    spikes, total = n.total(len(n.spike_t)), n.total(comps)
    n.finish(B.line("mixed", args, r.pop("wall_s"), setup, round(args.tstop / B.DT), total, spikes, ncells=args.ncell, **r))


main()
