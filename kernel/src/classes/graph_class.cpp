// SPDX-License-Identifier: BSD-3-Clause
// Class Graph.
#include "classes/graph.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <fmt/format.h>

#include "classes/register_classes.hpp"
#include "classes/vector_methods.hpp"
#include "nrn/api/class.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/interpreter.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"

namespace nrn {

Graph::Line& Graph::begin_line(std::string label) {
    lines.push_back(std::make_unique<Line>());
    Line& line = *lines.back();
    line.label = std::move(label);
    line.color = color;
    line.brush = brush;
    current = static_cast<long>(lines.size()) - 1;
    return line;
}

Graph::Line& Graph::current_line() { return current < 0 ? begin_line("") : *lines[static_cast<std::size_t>(current)]; }

std::string Graph::text() const {
    std::string out;
    for (const auto& line : lines) {
        out += fmt::format("label:{}\n{}\n", line->label, line->x.size());
        for (std::size_t i = 0; i < line->x.size(); ++i) out += fmt::format("{:.15g}\t{:.15g}\n", line->x[i], line->y[i]);
    }
    return out;
}

namespace {

Graph& graph(Object& self) { return static_cast<Graph&>(self); }

ObjectPtr construct(NativeClass& cls, CallArgs&) { return make_counted<Graph>(cls); }

/// What a graph does on a screen only.
Value accept(Object&, CallArgs&) { return 0; }
Value no_view(Object&, CallArgs&) { return -1; }

CallablePtr expression_statement(Runtime& runtime, const std::string& expression, Object* context) {
    return runtime.interpreter("hoc").compile("hoc_ac_ = (" + expression + ")", context);
}

/// addvar(label, variable [, color, brush, ...]) and addvar("variable" [, color, brush, ...]).
Value addvar(Object& self, CallArgs& args) {
    std::size_t next = 1;
    Graph::Line& line = graph(self).begin_line(args.string(0));
    graph(self).current = -1;
    line.expression = line.label;
    if (args.is_ref(1) && !args.is_string(1)) {
        line.variable = RefPtr(&args.ref(1));
        line.expression.clear();
        next = 2;
    } else if (args.is_string(1)) {
        line.expression = args.string(1);
        next = 2;
    }
    if (args.is_object(next)) {  // which may go before the line is first plotted
        Object* context = args.object(next++);
        if (line.follows() && !line.variable) line.evaluate = expression_statement(args.runtime(), line.expression, context);
    }
    line.color = static_cast<int>(args.is_number(next) ? args.number(next) : graph(self).color);
    line.brush = static_cast<int>(args.is_number(next + 1) ? args.number(next + 1) : graph(self).brush);
    return 0;
}

Value addobject(Object& self, CallArgs& args) {
    graph(self).begin_line(args.is_object(0) ? args.object(0)->name() : "");
    graph(self).current = -1;
    return 0;
}

/// The value of a line's expression; false if it cannot be had (then the line is left alone from now on).
bool evaluate(Runtime& runtime, Graph::Line& line, double& y) {
    if (line.broken) return false;
    try {
        if (line.variable) {
            y = *line.variable->data();
            return true;
        }
        Symbol& result = runtime.scope().intern("hoc_ac_");
        if (result.kind != Symbol::Kind::Number) runtime.scope().define_number("hoc_ac_");
        if (!line.evaluate) line.evaluate = expression_statement(runtime, line.expression, nullptr);
        const double kept = *result.data;
        CallArgs none(runtime, "Graph.plot");
        line.evaluate->call(none);
        y = *result.data;
        *result.data = kept;
        return true;
    } catch (const Error&) {
        line.broken = true;
        return false;
    }
}

Value plot(Object& self, CallArgs& args) {
    const double x = args.number(0);
    for (auto& line : graph(self).lines) {
        double y = 0;
        if (!line->follows() || !evaluate(args.runtime(), *line, y)) continue;
        line->x.push_back(x);
        line->y.push_back(y);
    }
    return 0;
}

/// Lines that follow variables start afresh.
Value begin(Object& self, CallArgs&) {
    for (auto& line : graph(self).lines)
        if (line->follows()) line->x.clear(), line->y.clear();
    return 0;
}

Value beginline(Object& self, CallArgs& args) {
    const std::size_t next = args.is_string(0) ? 1 : 0;
    Graph::Line& line = graph(self).begin_line(next ? args.string(0) : std::string());
    line.color = static_cast<int>(args.integer_or(next, graph(self).color));
    line.brush = static_cast<int>(args.integer_or(next + 1, graph(self).brush));
    return 0;
}

Value line(Object& self, CallArgs& args) {
    Graph::Line& l = graph(self).current_line();
    const double x = args.number(0), y = args.number(1);  // both, before either is kept
    l.x.push_back(x);
    l.y.push_back(y);
    return 0;
}

Value mark(Object& self, CallArgs& args) {
    char style = '+';
    if (args.is_string(2)) style = args.string(2).empty() ? '+' : args.string(2)[0];
    else if (args.has(2)) style = "+ostS|-OTS"[static_cast<std::size_t>(std::abs(args.integer(2))) % 10];
    graph(self).marks.push_back({args.number(0), args.number(1), style, args.number_or(3, 12), static_cast<int>(args.integer_or(4, graph(self).color))});
    return 0;
}

Value label(Object& self, CallArgs& args) {
    if (args.is_string(0)) {
        if (graph(self).current >= 0) graph(self).current_line().label = args.string(0);
        else graph(self).labels.push_back({0, 0, args.string(0)});
    } else {
        graph(self).labels.push_back({args.number(0), args.number(1), args.is_string(2) ? args.string(2) : std::string()});
    }
    return 0;
}

Value erase(Object& self, CallArgs&) {
    for (auto& l : graph(self).lines) l->x.clear(), l->y.clear();
    graph(self).current = -1;
    return 0;
}

Value erase_all(Object& self, CallArgs&) {
    graph(self).lines.clear();
    graph(self).marks.clear();
    graph(self).labels.clear();
    graph(self).current = -1;
    return 0;
}

Value vector_lines(Object& self, CallArgs& args) {
    const auto n = static_cast<std::size_t>(args.number_in(0, 0, 1e9));
    const Ref &x = args.ref(1), &y = args.ref(2);
    if (n > x.length() || n > y.length()) throw Error(ErrorKind::Runtime, args.span, fmt::format("`vector` is to draw {} points of {} and {}", n, x.length(), y.length()));
    Graph::Line& l = graph(self).begin_line("");
    l.x.assign(x.data(), x.data() + n);
    l.y.assign(y.data(), y.data() + n);
    return 0;
}

/// size(x0, x1, y0, y1) sets, size(&array[4]) and size(1..4) read the range.
Value size(Object& self, CallArgs& args) {
    Graph& g = graph(self);
    if (args.count() >= 4) {
        for (std::size_t i = 0; i < 4; ++i) g.size[i] = args.number(i);
    } else if (args.is_ref(0)) {
        const Ref& to = args.ref(0);
        if (to.length() < 4) throw Error(ErrorKind::Runtime, args.span, "`size` needs an array of 4 elements");
        std::copy(g.size, g.size + 4, to.data());
    } else if (args.is_number(0)) {
        const long i = args.integer(0);
        if (i >= 1 && i <= 4) return g.size[i - 1];
    }
    return 0;
}

Value view_size(Object& self, CallArgs& args) {
    if (args.count() >= 5)
        for (std::size_t i = 0; i < 4; ++i) graph(self).size[i] = args.number(i + 1);
    return 0;
}

Value color(Object& self, CallArgs& args) {
    graph(self).color = static_cast<int>(args.integer(0));
    return 0;
}
Value brush(Object& self, CallArgs& args) {
    graph(self).brush = static_cast<int>(args.integer(0));
    return 0;
}

Value simgraph(Object& self, CallArgs&) {
    graph(self).simulation = true;
    return 0;
}

Value save_name(Object& self, CallArgs& args) {
    graph(self).save_name = args.string(0);
    return 0;
}

Value xexpr(Object& self, CallArgs& args) {
    graph(self).x_expression = args.string(0);
    return 0;
}

Value crosshair_action(Object& self, CallArgs& args) {
    graph(self).crosshair = args.is_string(0) && args.string(0).empty() ? CallablePtr{} : args.callable(0);
    return 0;
}

/// getline(i, x, y): the next line from i on that has points; returns its index, or -1.
Value getline(Object& self, CallArgs& args) {
    const auto& lines = graph(self).lines;
    auto& x = args.object<Vector>(1, "Vector");
    auto& y = args.object<Vector>(2, "Vector");
    for (long i = std::max(0L, args.integer(0) + 1); i < static_cast<long>(lines.size()); ++i) {
        const auto& l = *lines[static_cast<std::size_t>(i)];
        if (l.x.empty()) continue;
        vector_class::store(x, std::vector<double>(l.x));
        vector_class::store(y, std::vector<double>(l.y));
        y.label = l.label;
        return static_cast<double>(i);
    }
    return -1;
}

/// line_info(i, vector): label position, color, brush, label offset of the next line; its index, or -1.
Value line_info(Object& self, CallArgs& args) {
    const auto& lines = graph(self).lines;
    const long i = std::max(0L, args.integer(0) + 1);
    if (i >= static_cast<long>(lines.size())) return -1;
    auto& info = args.object<Vector>(1, "Vector");
    const auto& l = *lines[static_cast<std::size_t>(i)];
    vector_class::store(info, {0, 0, static_cast<double>(l.color), static_cast<double>(l.brush), 0});
    info.label = l.label;
    return static_cast<double>(i);
}

Value view_count(Object&, CallArgs&) { return 0; }

/// Without a screen the picture is its data: the lines as text.
Value printfile(Object& self, CallArgs& args) {
    std::FILE* out = std::fopen(args.string(0).c_str(), "wb");
    if (!out) throw Error(ErrorKind::Io, args.span, fmt::format("`printfile` cannot write `{}`", args.string(0)));
    const std::string text = graph(self).text();
    std::fwrite(text.data(), 1, text.size(), out);
    std::fclose(out);
    return 0;
}

constexpr Method methods[] = {
    {"addvar", addvar, Returns::Number, "addvar(name), addvar(label, ref), addvar(..., color, brush) -> 0\nplot(x) adds the variable's value to its line.\nPython: g.addvar('v', soma(.5)._ref_v)     Hoc: g.addvar(\"soma.v(.5)\")"},
    {"addexpr", addvar, Returns::Number, "addexpr(expression), addexpr(label, expression), ...(..., object, color, brush) -> 0\nplot(x) adds the expression's value to its line."},
    {"addobject", addobject, Returns::Number, "addobject(RangeVarPlot, color, brush) -> 0"},
    {"plot", plot, Returns::Number, "plot(x) -> 0\nAdds a point at x to each line that follows a variable or expression."},
    {"begin", begin, Returns::Number, "begin() -> 0\nEmpties the lines that follow variables."},
    {"beginline", beginline, Returns::Number, "beginline(), beginline(color, brush), beginline(label, color, brush) -> 0\nBegins the line that line(x, y) continues."},
    {"line", line, Returns::Number, "line(x, y) -> 0\nContinues the line."},
    {"mark", mark, Returns::Number, "mark(x, y), mark(x, y, style, size, color, brush) -> 0"},
    {"label", label, Returns::Number, "label(x, y, text, ...), label(text) -> 0"},
    {"vector", vector_lines, Returns::Number, "vector(n, xref, yref) -> 0\nDraws an array against another."},
    {"getline", getline, Returns::Int, "getline(i, xvec, yvec) -> index of the next line after i, or -1\nCopies the points of a line; begin with i = -1."},
    {"line_info", line_info, Returns::Number, "line_info(i, vector) -> index of the next line after i, or -1"},
    {"erase", erase, Returns::Number, "erase() -> 0\nEmpties all lines."},
    {"erase_all", erase_all, Returns::Number, "erase_all() -> 0\nRemoves lines, marks and labels."},
    {"size", size, Returns::Number, "size(x0, x1, y0, y1), size(ref) -> 0\nSets the range shown, or copies it to an array of 4."},
    {"view_size", view_size, Returns::Number, "view_size(i, x0, x1, y0, y1) -> 0"},
    {"view_count", view_count, Returns::Int, "view_count() -> number of windows that show it: 0 without a screen"},
    {"color", color, Returns::Number, "color(i) -> 0\nDefault color of lines."},
    {"brush", brush, Returns::Number, "brush(i) -> 0\nDefault line style."},
    {"simgraph", simgraph, Returns::Number, "simgraph() -> 0"},
    {"save_name", save_name, Returns::Number, "save_name(name) -> 0\nThe variable that sessions save it as."},
    {"xexpr", xexpr, Returns::Number, "xexpr(expression, use_pointer = 0) -> 0"},
    {"crosshair_action", crosshair_action, Returns::Number, "crosshair_action(statement) -> 0"},
    {"printfile", printfile, Returns::Number, "printfile(name) -> 0\nWrites the points of all lines as text."},
    {"xaxis", accept, Returns::Number, "xaxis(...) -> 0\nDraws an x axis where there is a screen."},
    {"yaxis", accept, Returns::Number, "yaxis(...) -> 0\nDraws a y axis where there is a screen."},
    {"view", accept, Returns::Number, "view(x, y, w, h, left, top, sx, sy) -> 0\nOpens a window where there is a screen."},
    {"view_info", no_view, Returns::Number, "view_info(...) -> -1 without a screen"},
    {"unmap", accept, Returns::Number, "unmap() -> 0"},
    {"flush", accept, Returns::Number, "flush() -> 0"},
    {"fastflush", accept, Returns::Number, "fastflush() -> 0"},
    {"align", accept, Returns::Number, "align(x, y) -> 0"},
    {"fixed", accept, Returns::Number, "fixed(scale) -> 0"},
    {"vfixed", accept, Returns::Number, "vfixed(scale) -> 0"},
    {"relative", accept, Returns::Number, "relative(scale) -> 0"},
    {"family", accept, Returns::Number, "family(flag or variable) -> 0"},
    {"exec_menu", accept, Returns::Number, "exec_menu(item) -> 0"},
    {"menu_action", accept, Returns::Number, "menu_action(label, statement) -> 0"},
    {"menu_tool", accept, Returns::Number, "menu_tool(label, statement, ...) -> 0"},
    {"menu_remove", accept, Returns::Number, "menu_remove(label) -> 0"},
    {"glyph", accept, Returns::Number, "glyph(glyph, x, y, ...) -> 0"},
    {"gif", accept, Returns::Number, "gif(file, ...) -> 0"},
};

}  // namespace

void register_graph(Runtime& runtime) {
    publish_class(runtime, std::make_unique<NativeClass>("Graph", construct, methods, std::span<const Property>{},
        "Lines to look at. Without a screen it keeps them: getline and printfile give them back\nPython: g = h.Graph()     Hoc: g = new Graph()"));
}

}  // namespace nrn
