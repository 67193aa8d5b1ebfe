# SPDX-License-Identifier: BSD-3-Clause
"""batch_run, and graphs that keep their lines without a window; errors of classes that once crashed."""
import pytest


def test_batch_run_writes_what_batch_save_names(h, tmp_path):
    soma = h.Section(name="batchsoma")
    soma.L = soma.diam = 10
    soma.insert("hh")
    clamp = h.IClamp(soma(0.5))
    clamp.dur, clamp.delay, clamp.amp = 0.2, 0.3, 0.5
    h.batch_save()
    h.batch_save(h._ref_t, soma(0.5)._ref_v)
    h.finitialize(-65)
    file = tmp_path / "run.dat"
    h.batch_run(2, 0.1, str(file), "a run")
    lines = file.read_text().splitlines()
    assert lines[0] == "a run" and lines[1].startswith("batch_run from t = 0 to 2 in steps of 0.1 with dt = 0.025")
    rows = [[float(x) for x in line.split()] for line in lines[2:]]
    assert len(rows) == 21 and rows[0] == [0, -65] and rows[-1][0] == 2
    assert rows[4] == pytest.approx([0.4, -49.6876], rel=1e-4) and rows[11] == pytest.approx([1.1, 40.9284], rel=1e-4)
    with pytest.raises(Exception, match="cannot be written"):
        h.batch_run(3, 0.1, str(tmp_path / "no" / "such"))
    h.batch_save()


def test_graphs_of_graphlist_follow_a_run(h):
    h.load_file("stdrun.hoc")
    soma = h.Section(name="plotted")
    g = h.Graph(0)
    g.addvar("v", soma(0.5)._ref_v)
    h.graphList[0].append(g)
    h.tstop = 1
    h.run()
    x, y = h.Vector(), h.Vector()
    assert g.getline(-1, x, y) == 0 and len(x) == 41 and x[40] == pytest.approx(1) and y[0] == -65
    h.run()
    g.getline(-1, x, y)
    assert len(x) == 41  # each run begins anew
    h.graphList[0].remove_all()


def test_wrong_use_is_an_error_that_names_the_method(h):
    soma = h.Section(name="wrongly")
    soma.insert("hh")
    standard = h.MechanismStandard("hh")
    with pytest.raises(Exception, match="another mechanism"):
        standard._in(h.NetStim())
    m = h.Matrix(2, 2)
    m.resize(0, 0)
    for use in (m.svd, m.inverse, m.exp):
        with pytest.raises(Exception, match="no elements|empty"):
            use()
    with pytest.raises(Exception, match="Vector.add"):
        h.Vector(3).add("x")


def test_impedance_steps_can_be_scaled(h):
    soma = h.Section(name="zsoma")
    soma.L = soma.diam = 20
    soma.insert("hh")
    h.finitialize(-65)
    z = h.Impedance()
    z.loc(soma(0.5))
    assert z.deltafac() == 1
    found = []
    for factor in (1, 0.01):
        z.deltafac(factor)
        z.compute(0, 1)
        found.append(z.input(soma(0.5)))
    z.compute(0, 2)  # states at their own pace: the same at 0 Hz
    assert found[1] == pytest.approx(z.input(soma(0.5)), rel=1e-4)
    assert found[0] == pytest.approx(found[1], rel=0.01) and found[0] != found[1]


def test_a_line_without_its_second_number_stays_whole(h, tmp_path):
    """Found under the address sanitizer: x was kept before y was asked for."""
    graph = h.Graph(0)
    graph.beginline("line")
    graph.line(1, 2)
    with pytest.raises(RuntimeError):
        graph.line(3)
    graph.printfile(str(tmp_path / "lines"))
    assert (tmp_path / "lines").read_text() == "label:line\n1\n1\t2\n"
