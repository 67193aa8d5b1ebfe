# SPDX-License-Identifier: BSD-3-Clause
"""Objects, sections and recorders that go in any order leave the others in theirs."""
import random

import pytest
from neuron import h


def without(things, order):
    """Drops two of three, in this order; what stays keeps its place."""
    gone = [i for i in range(len(things)) if i % 3]
    if order == "newest first":
        gone.reverse()
    elif order == "any":
        random.Random(1).shuffle(gone)
    for i in gone:
        things[i] = None
    return [thing for thing in things if thing is not None]


orders = pytest.mark.parametrize("order", ["oldest first", "newest first", "any"])


@orders
def test_instances(order):
    stims = without([h.NetStim() for _ in range(90)], order)
    listed = h.List("NetStim")
    assert [listed.o(i) for i in range(int(listed.count()))][-len(stims):] == stims
    last = h.NetStim()
    assert listed.o(int(listed.count()) - 1) == last


@orders
def test_sections(order):
    sections = without([h.Section(name=f"s{i}") for i in range(90)], order)
    mine = set(sections)
    assert [s for s in h.allsec() if s in mine] == sections
    late = h.Section(name="late")
    assert list(h.allsec())[-1] == late
    root = sections[0]
    for s in sections[1:]:
        s.connect(root(1))
    assert set(root.wholetree()) == mine
    with pytest.raises(Exception, match="loop"):
        root.connect(sections[1](1))


@orders
def test_recorders(order):
    section = h.Section(name="recorded")
    section.nseg = 9
    vectors = [h.Vector().record(section((i % 9 + 0.5) / 9)._ref_v) for i in range(90)]
    h.finitialize(-65)
    h.fadvance()
    vectors = without(vectors, order)
    h.fadvance()
    assert all(v.size() == 3 for v in vectors)
    h.finitialize(-60)
    h.fadvance()
    assert all(list(v)[0] == -60 and v.size() == 2 for v in vectors)
    again = vectors[0].record(h._ref_t)
    h.finitialize(-65)
    h.fadvance()
    assert list(again) == pytest.approx([0, h.dt]) and vectors[1].size() == 2
