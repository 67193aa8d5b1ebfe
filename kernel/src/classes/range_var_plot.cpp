// SPDX-License-Identifier: BSD-3-Clause
// Class RangeVarPlot: a range variable along the path between two places.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "classes/graph.hpp"
#include "classes/register_classes.hpp"
#include "classes/vector_methods.hpp"
#include "model/model.hpp"
#include "model/point_process_class.hpp"
#include "nrn/api/class.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/holder.hpp"
#include "nrn/api/interpreter.hpp"
#include "nrn/api/runtime.hpp"
#include "object/list.hpp"

namespace nrn {
namespace {

class RangeVarPlot final : public Object, public Holder {
  public:
    using Object::Object;
    struct End { SectionPtr section; double x = 0; };
    std::string variable;          // a range variable's name, or an expression in hoc_cross_x_ ... with $1
    CallablePtr function;          // called with x in each section, instead of a variable
    End begin, end;
    double origin = 0;
    int color = 1;
    void visit_held(HeldVisitor& visitor) const override { visitor.visit(function); }
};

RangeVarPlot& plot(Object& self) { return static_cast<RangeVarPlot&>(self); }

ObjectPtr construct(NativeClass& cls, CallArgs& args) {
    auto made = make_counted<RangeVarPlot>(cls);
    if (args.is_string(0)) made->variable = args.string(0);
    else made->function = args.callable(0);
    if (args.has(1)) {
        args.expect_count(3, 3);
        const auto end_at = [&](std::size_t i) {
            auto& segment = args.object<Segment>(i, "Segment");
            return RangeVarPlot::End{SectionPtr(&segment.section()), segment.x()};
        };
        made->begin = end_at(1);
        made->end = end_at(2);
    }
    return made;
}

/// A segment, or x in the accessed section.
RangeVarPlot::End place(CallArgs& args) {
    if (auto* segment = args.object_if<Segment>(0)) return {SectionPtr(&segment->section()), segment->x()};
    return {SectionPtr(&args.section()), args.number_in(0, 0, 1)};
}

Value begin(Object& self, CallArgs& args) {
    plot(self).begin = place(args);
    return 1;
}
Value end(Object& self, CallArgs& args) {
    plot(self).end = place(args);
    return 1;
}

struct Point { Section* section; double x, distance; };

/// From (section, x) up to where its parent joins `top` (or to x in `top` itself): places in walking order.
void climb(std::vector<Point>& path, Section* section, double x, Section* stop, double stop_x) {
    const auto add = [&path](Section& s, double at) { path.push_back({&s, at, 0}); };
    for (;;) {
        const double target = section == stop ? stop_x : section->child_end();
        const int n = section->nseg();
        add(*section, x);
        if (target > x) {
            for (int i = 0; i < n; ++i)
                if (section->segment_x(i) > x + 1e-9 && section->segment_x(i) < target - 1e-9) add(*section, section->segment_x(i));
        } else {
            for (int i = n; i-- > 0;)
                if (section->segment_x(i) < x - 1e-9 && section->segment_x(i) > target + 1e-9) add(*section, section->segment_x(i));
        }
        if (section == stop) {
            if (std::fabs(target - x) > 1e-9) add(*section, target);
            return;
        }
        x = section->parent_x();
        section = section->parent();
    }
}

std::vector<Section*> ancestry(Section* s) {
    std::vector<Section*> chain;
    for (; s; s = s->parent()) chain.push_back(s);
    return chain;
}

/// The places of the path: both ends, all segments between, and each node where two sections meet (once).
std::vector<Point> path_of(RangeVarPlot& p, const CallArgs& args) {
    if (!p.begin.section || !p.end.section)
        throw Error(ErrorKind::Runtime, args.span, "the path of this RangeVarPlot is not set").hint("set it with begin and end");
    p.begin.section->require_alive();
    p.end.section->require_alive();
    const auto up_a = ancestry(p.begin.section.get()), up_b = ancestry(p.end.section.get());
    std::size_t common = 0;
    while (common < up_a.size() && common < up_b.size() && up_a[up_a.size() - 1 - common] == up_b[up_b.size() - 1 - common]) ++common;
    if (common == 0) throw Error(ErrorKind::Runtime, args.span, "the ends of this RangeVarPlot are not in the same tree");
    Section* top = up_a[up_a.size() - common];
    // Where each half arrives in the section that both have in common.
    const auto arrival = [&](const std::vector<Section*>& up, double x) {
        return up.size() == common ? x : up[up.size() - common - 1]->parent_x();
    };
    std::vector<Point> path, back;
    const double at_b = arrival(up_b, p.end.x);
    climb(path, p.begin.section.get(), p.begin.x, top, at_b);
    if (p.end.section.get() != top) {
        // The other half is walked from its end up to where it joins `top`, then turned round.
        climb(back, p.end.section.get(), p.end.x, top, at_b);
        while (!back.empty() && back.back().section == top) back.pop_back();
        // Climbing lists the far end of the joint; from this side the joint is known already.
        path.insert(path.end(), back.rbegin(), back.rend());
    }
    Model& model = p.begin.section->model();
    std::vector<Point> clean;
    for (Point& q : path) {
        // A joint appears as the parent's place; the child's own end there is the same node.
        q.distance = model.distance(*p.begin.section, p.begin.x, *q.section, q.x) - p.origin;
        if (!clean.empty() && std::fabs(clean.back().distance - q.distance) < 1e-9) continue;
        clean.push_back(q);
    }
    return clean;
}

double value_at(RangeVarPlot& p, CallArgs& args, const Point& q) {
    if (p.function) {
        const Value x[] = {q.x};
        CallArgs call(args.runtime(), "RangeVarPlot", x);
        q.section->model().stack().push(SectionPtr(q.section));
        struct Pop { Model& m; ~Pop() { m.stack().pop(); } } pop{q.section->model()};
        const Value y = p.function->call(call);
        return y.is_number() ? y.raw_number() : 0;
    }
    const RangeVariable* variable = q.section->model().range_variable(p.variable);
    if (!variable) throw Error(ErrorKind::Name, args.span, fmt::format("there is no range variable `{}` to plot", p.variable));
    // What a section does not have counts as 0, so that a path can cross it.
    return range_exists(*variable, *q.section, q.x) ? range_get(*variable, *q.section, q.x) : 0;
}

Value to_vector(Object& self, CallArgs& args) {
    auto& y = args.object<Vector>(0, "Vector");
    std::vector<double> values, distances;
    for (const Point& q : path_of(plot(self), args)) {
        values.push_back(value_at(plot(self), args, q));
        distances.push_back(q.distance);
    }
    const std::size_t n = values.size();
    vector_class::store(y, std::move(values));
    if (args.has(1)) vector_class::store(args.object<Vector>(1, "Vector"), std::move(distances));
    return n;
}

Value from_vector(Object& self, CallArgs& args) {
    const auto& y = vector_class::vector_argument(args, 0);
    const auto path = path_of(plot(self), args);
    vector_class::require_equal_size(args, y.size(), path.size());
    for (std::size_t i = 0; i < y.size(); ++i) {
        const RangeVariable* variable = path[i].section->model().range_variable(plot(self).variable);
        if (!variable) throw Error(ErrorKind::Name, args.span, fmt::format("there is no range variable `{}` to assign", plot(self).variable));
        if (range_exists(*variable, *path[i].section, path[i].x)) range_set(*variable, *path[i].section, path[i].x, y[i]);
    }
    return y.size();
}

Value left(Object& self, CallArgs& args) { return path_of(plot(self), args).front().distance; }
Value right(Object& self, CallArgs& args) { return path_of(plot(self), args).back().distance; }

Value origin(Object& self, CallArgs& args) {
    RangeVarPlot& p = plot(self);
    if (args.is_number(0)) {
        p.origin = args.number(0);
        return 1;
    }
    const auto at = place(args);
    if (!p.begin.section) throw Error(ErrorKind::Runtime, args.span, "set the beginning of the path before its origin");
    p.origin = at.section->model().distance(*p.begin.section, p.begin.x, *at.section, at.x);
    return 1;
}

Value d2root(Object& self, CallArgs& args) {
    RangeVarPlot& p = plot(self);
    static_cast<void>(path_of(p, args));
    Section& root = p.begin.section->root();
    return root.model().distance(*p.begin.section, p.begin.x, root, root.child_end());
}

Value list(Object& self, CallArgs& args) {
    Object* to = args.object(0);
    if (!to) throw Error(ErrorKind::Type, args.span, "`list` needs a SectionList");
    const Member* append = to->cls().member("append");
    if (!append) throw Error(ErrorKind::Type, args.span, fmt::format("`list` needs a SectionList, not a {}", to->cls().name()));
    Section* last = nullptr;
    for (const Point& q : path_of(plot(self), args)) {
        if (q.section == last) continue;
        last = q.section;
        CallArgs call(args.runtime(), "append");
        call.explicit_section = last;
        append->call(*to, call);
    }
    return 0;
}

Value color(Object& self, CallArgs& args) {
    plot(self).color = static_cast<int>(args.integer(0));
    return 1;
}

constexpr Method methods[] = {
    {"begin", begin, Returns::Number, "begin(segment), begin(x) -> 1\nWhere the path begins; x is in the accessed section.\nPython: r.begin(soma(0))     Hoc: soma r.begin(0)"},
    {"end", end, Returns::Number, "end(segment), end(x) -> 1\nWhere the path ends."},
    {"origin", origin, Returns::Number, "origin(segment), origin(distance [um]) -> 1\nThe place of distance 0, or how far it is along the path; by default where the path begins."},
    {"left", left, Returns::Number, "left() -> distance [um] at the beginning of the path"},
    {"right", right, Returns::Number, "right() -> distance [um] at the end of the path"},
    {"d2root", d2root, Returns::Number, "d2root() -> distance [um] from the beginning of the path to the root"},
    {"list", list, Returns::Number, "list(SectionList) -> 0\nAppends the sections of the path."},
    {"to_vector", to_vector, Returns::Number, "to_vector(y), to_vector(y, x) -> number of places\nThe variable along the path, and the distances [um].\nPython: r.to_vector(y, x)     Hoc: r.to_vector(y, x)"},
    {"vector", to_vector, Returns::Number, "vector(y), vector(y, x) -> number of places\nAs to_vector."},
    {"from_vector", from_vector, Returns::Number, "from_vector(y) -> number of places\nAssigns the variable along the path."},
    {"color", color, Returns::Number, "color(i) -> 1"},
};

}  // namespace

void register_range_var_plot(Runtime& runtime) {
    publish_class(runtime, std::make_unique<NativeClass>("RangeVarPlot", construct, methods, std::span<const Property>{},
        "A range variable along the path between two places. RangeVarPlot(name or function of x[, first segment, last segment])\nPython: r = h.RangeVarPlot('v', soma(0), dend(1))"));
}

}  // namespace nrn
