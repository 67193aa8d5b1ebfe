# SPDX-License-Identifier: BSD-3-Clause
"""Communicators of mpi4py as the ranks of a ParallelContext, on 4 ranks.

Usage: handed_communicator.py before|after|constructor: mpi4py is imported before neuron, or when neuron has started MPI;
the last hands communicators to the class instead of to a function.
"""
import sys

if sys.argv[-1] == "after":
    from neuron import h
    h.nrnmpi_init()
    from mpi4py import MPI
else:
    from mpi4py import MPI
    from neuron import h

world = MPI.COMM_WORLD


def hand_in(communicator):
    if sys.argv[-1] == "constructor":
        return h.ParallelContext(communicator)
    h.nrnmpi_init(communicator)
    return h.ParallelContext()


def refused(call, *arguments):
    try:
        call(*arguments)
    except (RuntimeError, TypeError, ValueError) as e:
        return str(e)
    raise AssertionError(f"{arguments} was accepted")


for wrong in ("no communicator", MPI.COMM_NULL, -5, 1.5, 1e300, 123456789, h.Vector(3), MPI.INT):
    assert "communicator" in refused(h.nrnmpi_init, wrong), wrong
half = world.Split(world.rank % 2, 0)
between = half.Create_intercomm(0, world, 1 - world.rank % 2)
assert "Merge" in refused(h.nrnmpi_init, between)

# ranks 3 and 1, in this order, and ranks 2 and 0: two networks at the same time
part = world.Split(world.rank % 2, -world.rank)
pc = hand_in(part)
assert (pc.id(), pc.nhost()) == (part.rank, part.size) == ((3 - world.rank) // 2, 2)
assert (pc.id_world(), pc.nhost_world()) == (world.rank, 4)
assert pc.allreduce(world.rank, 1) == (4 if world.rank % 2 else 2)
assert pc.py_allgather(world.rank) == ([3, 1] if world.rank % 2 else [2, 0])

cells = h.IntFire1()
cells.refrac = 0.5
pc.set_gid2node(part.rank, part.rank)
pc.cell(part.rank, h.NetCon(cells, None))
heard = pc.gid_connect(1 - part.rank, cells)
heard.weight[0], heard.delay = 2, 1 + world.rank % 2
times, ids = h.Vector(), h.Vector()
pc.spike_record(part.rank, times, ids)
start = h.NetStim()
start.number, start.start = 1, 0.5
kick = h.NetCon(start, cells)
kick.weight[0], kick.delay = 2 * (part.rank == 0), 0.5
assert pc.set_maxstep(10) == 1 + world.rank % 2
h.finitialize(-65)
pc.psolve(5.5)
expected = {(0, 0): [1, 3, 5], (0, 1): [2, 4], (1, 0): [1, 5], (1, 1): [3]}[world.rank % 2, part.rank]
assert list(times) == expected, (world.rank, list(times))

# not under gids, and not while one rank still has one
assert "gid" in refused(h.nrnmpi_init, world.py2f())
if world.rank != 2:
    pc.gid_clear()
    del heard
assert "gid" in refused(h.nrnmpi_init, world)
pc.gid_clear()
h.nrnmpi_init(world.py2f())
pc = h.ParallelContext()
assert (pc.id(), pc.nhost()) == (world.rank, world.size)
pc.barrier()
alone = hand_in(MPI.COMM_SELF)
assert (alone.id(), alone.nhost()) == (0, 1)
world.barrier()
print("done", flush=True)
