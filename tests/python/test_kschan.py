# SPDX-License-Identifier: BSD-3-Clause
"""Channels built at run time: kinetic schemes against exact solutions, ligands, single channels."""
import math

import pytest


@pytest.fixture
def cell(h):
    section = h.Section(name="kscell")
    section.L = section.diam = 10
    return section


def clamp(h, section, v):
    vc = h.SEClamp(section(0.5))
    vc.dur1, vc.amp1, vc.rs = 1e9, v, 1e-6
    return vc


def two_state(h, name, point=0):
    k = h.KSChan(point)
    k.name(name)
    k.ion("NonSpecific")
    c, o = k.add_ksstate(None, "c"), None
    o = k.add_ksstate(k.gate(0), "o")
    c.frac(0)
    o.frac(1)
    t = k.add_transition(c, o)
    t.set_f(0, 1, h.Vector([0.3]))
    t.set_f(1, 1, h.Vector([0.1]))
    return k


def test_kinetic_scheme_relaxes_to_its_steady_state(h, cell):
    k = two_state(h, "twostate")
    k.gmax(0.001)
    k.erev(-20)
    cell.insert("twostate")
    assert cell(0.5).twostate.gmax == 0.001 and cell(0.5).twostate.e == -20
    h.finitialize(-65)
    assert cell(0.5).twostate.o == pytest.approx(0.75, rel=1e-12)
    cell(0.5).twostate.o, cell(0.5).twostate.c = 0, 1
    h.dt = 0.001
    for _ in range(2000):
        h.fadvance()
    assert cell(0.5).twostate.o == pytest.approx(0.75 * (1 - math.exp(-0.4 * h.t)), rel=1e-3)
    assert cell(0.5).twostate.o + cell(0.5).twostate.c == pytest.approx(1, rel=1e-12)
    h.dt = 0.025


def test_parts_keep_their_identity_and_tables_interpolate(h):
    k = two_state(h, "parts")
    assert k.state(1) == k.trans(0).target() and k.gate(0) == k.state(0).gate() and k.state(0) != k.state(1)
    t = k.trans(0)
    t.set_f(0, 7, h.Vector([0, 1, 4]), -100, 100)
    assert [t.f(0, v) for v in (-200, -100, -50, 0, 50, 300)] == [0, 0, 0.5, 1, 2.5, 4]
    t.set_f(1, 4, h.Vector([2, 0.1, -40]))
    assert t.f(1, -40) == 1 and t.f(1, -30) == pytest.approx(2 / (1 + math.exp(1)))
    with pytest.raises(Exception, match="takes 5 parameters"):
        t.set_f(0, 5, h.Vector([1, 1, 1]))


def test_borg_graham_functions(h):
    # values of the reference
    k = two_state(h, "borg_graham")
    t = k.trans(0)
    t.type(1)
    t.set_f(0, 5, h.Vector([1, 2, -40, 0.3, 2]))
    t.set_f(1, 6, h.Vector([1, 5, -40, 0.3, 2]))
    before = h.celsius
    h.celsius = 6.3
    assert [t.f(0, v) for v in (-65, 0, 20)] == pytest.approx([1, 0.96517931, 1.0352953e-13], rel=1e-6)
    assert [t.f(1, v) for v in (-65, -10, 0)] == pytest.approx([2, 2.0005672, 2.0827589], rel=1e-6)
    t.set_f(1, 6, h.Vector([1, 2, -40, 0.7, 2]))
    assert t.f(1, 20) == pytest.approx(2.0001272, rel=1e-7)
    h.celsius = 37
    assert t.f(0, 0) == pytest.approx(0.95226898, rel=1e-6)
    h.celsius = before


def test_structure_is_frozen_while_inserted(h, cell):
    k = two_state(h, "frozen")
    cell.insert("frozen")
    with pytest.raises(RuntimeError, match="instances"):
        k.add_hhstate("x")
    cell.uninsert("frozen")
    assert k.add_hhstate("x").index() == 0  # Hodgkin-Huxley states come first
    assert [k.state(i).name() for i in range(3)] == ["x", "c", "o"]
    cell.insert("frozen")
    assert cell(0.5).frozen.x == 0


def test_ligand_gates(h, cell):
    k = h.KSChan()
    k.name("lig")
    c = k.add_ksstate(None, "c")
    o = k.add_ksstate(k.gate(0), "o")
    c.frac(0)
    o.frac(1)
    t = k.add_transition(0, 1)
    t.type(3)
    t.ligand("ca")
    t.stoichiometry(2)
    t.set_f(0, 1, h.Vector([100]))
    t.set_f(1, 1, h.Vector([1]))
    assert k.nligand() == 1 and k.ligand(0) == "ca_ion"
    assert t.ligand() == "cai"
    cell.insert("lig")
    cell(0.5).cai = 0.1
    h.ion_style("ca_ion", 3, 2, 1, 1, 0, sec=cell)
    h.finitialize(-65)
    assert cell(0.5).lig.o == pytest.approx(0.5)


def test_type_of_a_transition_names_its_ligand(h, cell):
    h.ion_register("ca", 2)
    cell.insert("ca_ion")
    cell.cai, cell.cao = 5e-5, 2
    for kind, name, ligand, wanted in ((2, "cai", "cao", 1 / 1.2), (3, "cao", "cai", 2.5e-5 / 0.200025)):
        k = h.KSChan()
        k.name(f"by_type_{kind}")
        closed = k.add_ksstate(None, "c")
        opened = k.add_ksstate(k.gate(0), "o")
        t = k.add_transition(closed, opened)
        t.type(kind, name)  # the type tells the side, as in the reference
        assert t.ligand() == ligand and k.ligand(0) == "ca_ion"
        assert closed.frac() == opened.frac() == 0  # until it is said what conducts
        t.set_f(0, 1, h.Vector([0.5]))
        t.set_f(1, 1, h.Vector([0.2]))
        cell.insert(k.name())
        h.finitialize(-65)
        assert getattr(cell(0.5), k.name()).o == pytest.approx(wanted)
    with pytest.raises((NameError, RuntimeError), match="zzz_ion does not exist"):
        t.ligand("zzzi")


def test_removed_parts_are_errors(h):
    k = two_state(h, "gone")
    t, o = k.trans(0), k.state(1)
    k.remove_state(1)
    assert (k.nstate(), k.ntrans()) == (1, 0)
    for use in (t.type, o.name):
        with pytest.raises((ReferenceError, RuntimeError), match="removed"):
            use()
    with pytest.raises((TypeError, RuntimeError)):
        h.KSState()
    with pytest.raises((ValueError, RuntimeError)):
        k.name("no name")
    with pytest.raises((RuntimeError, AttributeError)):
        k.name("hh")


def test_single_channels_fluctuate_about_the_mean(h, cell):
    k = two_state(h, "onech", 1)
    k.single(1)
    k.rseed(5)
    k.gmax(1e-6)
    p = h.onech(cell(0.5))
    p.Nsingle = 200
    vc = clamp(h, cell, -65)
    o = h.Vector().record(p._ref_o)
    h.dt = 0.05
    h.finitialize(-65)
    while h.t < 400:
        h.fadvance()
    h.dt = 0.025
    assert set(float(x).is_integer() for x in o) == {True}
    assert o.mean() == pytest.approx(150, rel=0.03)
    assert o.var() == pytest.approx(200 * 0.75 * 0.25, rel=0.3)
    assert p.g == pytest.approx(1e-6 * o[-2])  # currents are those of the step's beginning
    first = list(o)[:50]
    h.finitialize(-65)
    h.dt = 0.05
    while h.t < 3:
        h.fadvance()
    h.dt = 0.025
    assert list(o)[:50] == first
    del vc
