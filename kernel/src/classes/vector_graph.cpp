// SPDX-License-Identifier: BSD-3-Clause
// Vector: drawing on Graphs, which keep what is drawn.
#include "classes/graph.hpp"
#include "classes/vector_methods.hpp"
#include "nrn/api/error.hpp"

namespace nrn::vector_class {
namespace {

/// The x of a drawing: a Vector, or a step, or the index.
struct Abscissa {
    Abscissa(const CallArgs& args, std::size_t i) {
        if (const auto* v = args.object_if<Vector>(i)) x = &v->values, next = i + 1;
        else if (args.is_number(i)) step = args.number(i), next = i + 1;
        else next = i;
    }
    double operator[](std::size_t i) const { return x ? (*x)[i] : step * static_cast<double>(i); }
    [[nodiscard]] std::size_t count(std::size_t n) const { return x ? std::min(n, x->size()) : n; }
    const Values* x = nullptr;
    double step = 1;
    std::size_t next = 0;
};

Value draw(Object& self, CallArgs& args) {
    auto& graph = args.object<Graph>(0, "Graph");
    const Abscissa x(args, 1);
    Graph::Line& line = graph.begin_line(vector(self).label);
    line.color = static_cast<int>(args.integer_or(x.next, graph.color));
    line.brush = static_cast<int>(args.integer_or(x.next + 1, graph.brush));
    for (std::size_t i = 0; i < x.count(values(self).size()); ++i) {
        line.x.push_back(x[i]);
        line.y.push_back(values(self)[i]);
    }
    return &self;
}

Value mark(Object& self, CallArgs& args) {
    auto& graph = args.object<Graph>(0, "Graph");
    const Abscissa x(args, 1);
    const char style = args.is_string(x.next) && !args.string(x.next).empty() ? args.string(x.next)[0] : '+';
    const int color = args.is_number(x.next + 2) ? static_cast<int>(args.integer(x.next + 2)) : graph.color;
    for (std::size_t i = 0; i < x.count(values(self).size()); ++i)
        graph.marks.push_back({x[i], values(self)[i], style, 12, color});
    return &self;
}

/// ploterr(graph, x, errors [, size, color, brush]): a bar at each point, as lines of their own.
Value ploterr(Object& self, CallArgs& args) {
    auto& graph = args.object<Graph>(0, "Graph");
    const Values &x = vector_argument(args, 1), &error = vector_argument(args, 2);
    const std::size_t n = std::min({values(self).size(), x.size(), error.size()});
    for (std::size_t i = 0; i < n; ++i) {
        Graph::Line& bar = graph.begin_line("");
        bar.color = static_cast<int>(args.integer_or(4, graph.color));
        bar.x = {x[i], x[i]};
        bar.y = {values(self)[i] - error[i], values(self)[i] + error[i]};
    }
    graph.current = -1;
    return &self;
}

constexpr Method table[] = {
    {"plot", draw, Returns::Object, "plot(graph), plot(graph, x, color, brush), plot(graph, dx, color, brush) -> self\nDraws the elements on a Graph."},
    {"line", draw, Returns::Object, "line(graph), line(graph, x, color, brush), line(graph, dx, color, brush) -> self\nDraws a copy of the elements on a Graph."},
    {"mark", mark, Returns::Object, "mark(graph, x, style, size, color, brush), mark(graph, dx, ...) -> self\nMarks the points on a Graph."},
    {"ploterr", ploterr, Returns::Object, "ploterr(graph, x, errors, size, color, brush) -> self\nDraws error bars on a Graph."},
};

}  // namespace

std::span<const Method> graph_methods() { return table; }

}  // namespace nrn::vector_class
