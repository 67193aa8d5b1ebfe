# SPDX-License-Identifier: BSD-3-Clause
"""RangeVarPlot.plot and PlotShape.plot: drawing with what Python has, matplotlib first of all."""
import sys as _sys

_h = _sys.modules["neuron.hoc"]._h
_shape_number = _h.PlotShape.plot  # plot(x), which only a screen would show


def _range_var_plot(self, graph, *args, **keywords):
    """plot(graph, ...): draws the variable along the path, and returns what `graph` returns.

    graph: matplotlib.pyplot, Axes, or whatever has plot(x, y, ...) or line(x, y, ...); an h.Graph.
    """
    y, x = _h.Vector(), _h.Vector()
    self.to_vector(y, x)
    if isinstance(graph, _h.Graph):
        return y.line(graph, x, *args)
    if graph.__class__.__name__ == "Figure" and hasattr(graph, "add_subplot"):
        graph = graph.add_subplot(1, 1, 1)
    for method in ("plot", "line"):
        if hasattr(graph, method):
            return getattr(graph, method)(x.to_python(), y.to_python(), *args, **keywords)
    raise TypeError(f"RangeVarPlot.plot draws on what has plot(x, y) or line(x, y), which {graph!r} has not")


def _path(section, low, high):
    """The points of a section from place low to place high, 0 to 1."""
    n = section.n3d()
    points = [(section.arc3d(i), section.x3d(i), section.y3d(i), section.z3d(i)) for i in range(n)]
    length = points[-1][0]
    if length <= 0:
        return [p[1:] for p in points]

    def at(place):
        arc = place * length
        for a, b in zip(points, points[1:]):
            if arc <= b[0]:
                part = (arc - a[0]) / (b[0] - a[0]) if b[0] > a[0] else 0
                return tuple(p + part * (q - p) for p, q in zip(a[1:], b[1:]))
        return points[-1][1:]

    return [at(low)] + [p[1:] for p in points if low * length < p[0] < high * length] + [at(high)]


def _value(segment, variable):
    try:
        return getattr(segment, variable)
    except AttributeError:
        return None  # not inserted here


def _plot_shape(self, graph, *args, cmap=None, **keywords):
    """plot(matplotlib.pyplot or a Figure, ...): draws the cells, colored by the variable; returns the 3-D axes."""
    if isinstance(graph, (int, float)):
        return _shape_number(self, graph)
    if not hasattr(graph, "add_subplot") and not hasattr(graph, "figure"):
        raise TypeError(f"PlotShape.plot draws with matplotlib.pyplot or on one of its Figures, not with {graph!r}")
    figure = graph if hasattr(graph, "add_subplot") else graph.figure()
    import matplotlib

    colors = cmap if callable(cmap) else matplotlib.colormaps[cmap or "cool"]
    _h.define_shape()
    axes = figure.add_subplot(1, 1, 1, projection="3d")
    limits = _h.Vector(4)
    self.size(limits._ref_x[0])
    low, high = limits[2], limits[3]
    variable, observed = self.variable(), self.observed()
    for section in _h.allsec() if observed is None else observed:
        for i, segment in enumerate(section):
            value = _value(segment, variable)
            color = "black" if value is None else colors(min(max((value - low) / ((high - low) or 1), 0), 1))
            xs, ys, zs = zip(*_path(section, i / section.nseg, (i + 1) / section.nseg))
            axes.plot(xs, ys, zs, *args, **{"color": color, "linewidth": 1, **keywords})
    return axes


_h.RangeVarPlot.plot = _range_var_plot
_h.PlotShape.plot = _plot_shape
