# SPDX-License-Identifier: BSD-3-Clause
"""Drawing with matplotlib, or with whatever has its methods."""
import pytest


@pytest.fixture
def cell(h, soma):
    dend = h.Section(name="dend")
    dend.connect(soma)
    dend.nseg, dend.L = 3, 60
    dend.insert("pas")
    h.finitialize(-65)
    return soma, dend


class Recorder:
    def plot(self, x, y, *args, **keywords):
        self.drawn = (x, y, args, keywords)
        return [self]


def test_a_variable_along_a_path(h, cell):
    path = h.RangeVarPlot("v", cell[0](0), cell[1](1))
    graph = Recorder()
    assert path.plot(graph, "r--", linewidth=2) == [graph]
    x, y, args, keywords = graph.drawn
    assert len(x) == len(y) == 3 + 2 + 3 + 1 and x[0] == 0 and x[-1] == 160 and set(y) == {-65.0}
    assert args == ("r--",) and keywords == {"linewidth": 2}
    window = h.Graph(0)
    path.plot(window)
    with pytest.raises(TypeError, match="plot"):
        path.plot(3)


def test_with_matplotlib(h, cell):
    matplotlib = pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    matplotlib.use("Agg")
    from matplotlib import pyplot

    lines = h.RangeVarPlot("v", cell[0](0), cell[1](1)).plot(pyplot)
    assert len(lines) == 1 and list(lines[0].get_ydata()) == [-65] * 9
    shape = h.PlotShape(False)
    shape.variable("v")
    shape.scale(-80, 40)
    axes = shape.plot(pyplot)
    assert len(axes.lines) == 6 and axes.lines[0].get_color() == matplotlib.cm.cool(15 / 120)
    few = h.PlotShape(h.SectionList([cell[1]]), False)
    few.variable("g_pas")
    assert len(few.plot(pyplot.figure(), cmap="viridis").lines) == 3
    pyplot.close("all")
    with pytest.raises(TypeError, match="matplotlib"):
        shape.plot("file.png")
