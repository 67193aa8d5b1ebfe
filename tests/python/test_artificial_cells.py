# SPDX-License-Identifier: BSD-3-Clause
"""Artificial cells: time constants that their formulas cannot bear, and patterns; numbers as the reference prints them."""
import pytest


@pytest.mark.parametrize("given, used", [((8, 5), (8, 8.1)), ((10, 20), (10, 20)), ((10, 10), (10, 10.1))])
def test_intfire2_needs_the_slower_current(h, given, used):
    cell = h.IntFire2()
    cell.taum, cell.taus = given
    h.finitialize()
    assert (round(cell.taum, 6), round(cell.taus, 6)) == used


@pytest.mark.parametrize("given, used", [
    ((5, 10, 20, 30), (5, 10, 20, 30)), ((5, 10, 20, 12), (5, 10, 20, 12)), ((15, 10, 20, 30), (15, 10, 20, 30)),
    ((5, 20, 10, 30), (5, 10, 20, 30)), ((5, 10, 20, 20), (5, 10, 20, 19.99)), ((25, 10, 20, 30), (19.99, 10, 20, 30))])
def test_intfire4_orders_its_time_constants(h, given, used):
    cell = h.IntFire4()
    cell.taue, cell.taui1, cell.taui2, cell.taum = given
    h.finitialize()
    assert tuple(round(x, 6) for x in (cell.taue, cell.taui1, cell.taui2, cell.taum)) == used


@pytest.mark.parametrize("taum, spikes", [(30, [10.456, 14.585, 18.482, 22.414]), (7, [9.184, 12.476, 15.135, 17.974])])
def test_intfire4_fires(h, taum, spikes):
    h.load_file("stdrun.hoc")
    cell, stimulus, inhibition = h.IntFire4(), h.NetStim(), h.NetStim()
    cell.taum = taum
    stimulus.start, stimulus.number, stimulus.interval = 3, 40, 2.1
    inhibition.start, inhibition.number, inhibition.interval = 13.3, 4, 17.1
    excite, inhibit, output = h.NetCon(stimulus, cell), h.NetCon(inhibition, cell), h.NetCon(cell, None)
    excite.weight[0], inhibit.weight[0] = 0.45, -0.6
    times = h.Vector()
    output.record(times)
    h.finitialize()
    h.continuerun(30)
    assert [round(x, 3) for x in times][:4] == spikes


def test_pattern_need_not_be_in_order(h):
    pc = h.ParallelContext()
    pc.gid_clear()
    cells, connections, records = [], [], []
    for gid in range(3):
        cell, times = h.IntFire1(), h.Vector()
        cell.refrac = 0.1
        connection = pc.gid_connect(100 + gid, cell)
        connection.weight[0], connection.delay = 2, 1
        output = h.NetCon(cell, None)
        output.record(times)
        cells.append(cell)
        connections += [connection, output]
        records.append(times)
    pattern = h.PatternStim()
    pattern.play(h.Vector([5, 3, 7, 7, 1]), h.Vector([100, 101, 102, 100, 999]))
    pc.set_maxstep(10)
    h.finitialize(-65)
    pc.psolve(15)
    assert [list(v) for v in records] == [[6, 8], [4], [8]]
    pattern.play()
    del connections
    pc.gid_clear()
