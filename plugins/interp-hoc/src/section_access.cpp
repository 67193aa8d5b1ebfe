// SPDX-License-Identifier: BSD-3-Clause
// `v(.5)`, `soma.gnabar_hh(.5) = x`, `diam(0:1) = 10:2`, `L`, `nseg`.
#include "section_access.hpp"

#include <cmath>

#include <fmt/format.h>

#include "error/closest_name.hpp"
#include "model/model.hpp"
#include "nrn/api/error.hpp"

namespace nrn::hoc {
namespace {

double property(Section& s, const std::string& name) {
    s.require_alive();
    if (name == "L") {
        s.model().update_geometry();
        return s.length();
    }
    if (name == "Ra") return s.axial_resistivity();
    if (name == "nseg") return s.nseg();
    return s.rallbranch();
}

void set_property(Section& s, const std::string& name, double value) {
    if (name == "L") s.set_length(value);
    else if (name == "Ra") s.set_axial_resistivity(value);
    else if (name == "nseg") {
        if (!(value >= 1 - kFloatEpsilon && value < 32768)) throw Error(ErrorKind::Value, fmt::format("nseg of `{}` must be in the range 1 to 32767, not {:g}", s.name(), value));
        s.set_nseg(static_cast<int>(value + kFloatEpsilon));
    } else s.set_rallbranch(value);
}

long array_index(HocInterpreter& h, const RangeVariable& rv, const Expr& e) {
    if (!rv.is_array) {
        if (!e.index.empty()) throw Error(ErrorKind::Index, e.span, fmt::format("`{}` is not an array: wrong number of subscripts", rv.name));
        return 0;
    }
    // vext means vext[0], as models from before there were layers expect.
    if (e.index.empty() && rv.mechanism && rv.mechanism->name() == "extracellular") return 0;
    if (e.index.empty()) throw Error(ErrorKind::Index, e.span, fmt::format("array `{}` needs a subscript: wrong number of subscripts", rv.name));
    return static_cast<long>(std::floor(h.number(*e.index[0]) + kFloatEpsilon));
}

[[noreturn]] void unknown(Section& section, const Expr& e) {
    throw Error(ErrorKind::Name, e.span, fmt::format("section `{}` has no variable `{}`", section.name(), e.text));
}

template <class F>
auto located(const Expr& e, F f) {
    try {
        return f();
    } catch (Error& error) {
        error.locate(e.span);
        throw;
    }
}

}  // namespace

std::string nearest(const std::string& name, const std::vector<std::string>& names) {
    ClosestName closest(name);
    for (const auto& n : names) closest.offer(n);
    return closest.hint();
}

Value section_value(HocInterpreter& h, Section& section, Symbol& s, const Expr& e) {
    if (s.kind == Symbol::Kind::SectionProperty) return property(section, s.name);
    if (s.kind != Symbol::Kind::RangeVariable) unknown(section, e);
    const double x = e.arguments.empty() ? 0.5 : h.number(*e.arguments[0]);
    const long i = array_index(h, *s.range, e);
    return located(e, [&] { return Value(range_get(*s.range, section, x, i)); });
}

RefPtr section_reference(HocInterpreter& h, Section& section, const Expr& e) {
    Symbol* s = h.runtime().scope().find(e.text);
    if (!s || s->kind != Symbol::Kind::RangeVariable) {
        if (s && s->kind == Symbol::Kind::SectionProperty) throw Error(ErrorKind::Type, e.span, fmt::format("`{}` is computed and cannot be referred to", e.text));
        unknown(section, e);
    }
    const double x = e.arguments.empty() ? 0.5 : h.number(*e.arguments[0]);
    const long i = array_index(h, *s->range, e);
    return located(e, [&] { return range_ref(*s->range, section, x, i); });
}

Value section_assign(HocInterpreter& h, Section& section, Symbol& s, const Expr& assignment, const Update& updated) {
    const Expr& e = *assignment.left;
    const bool plain = assignment.text == "=";
    if (s.kind == Symbol::Kind::SectionProperty) {
        const double value = h.number(*assignment.right);
        return located(e, [&] {
            const double next = plain ? value : updated(property(section, s.name), value);
            set_property(section, s.name, next);
            return Value(next);
        });
    }
    if (s.kind != Symbol::Kind::RangeVariable) unknown(section, e);
    const long i = array_index(h, *s.range, e);
    if (e.is_range) {
        const double x0 = h.number(*e.arguments[0]), x1 = h.number(*e.arguments[1]), y0 = h.number(*assignment.right);
        const double y1 = assignment.high ? h.number(*assignment.high) : y0;
        return located(e, [&] {
            range_set_ramp(*s.range, section, x0, x1, y0, y1, i);
            return Value(y0);
        });
    }
    if (e.arguments.empty()) {
        const double value = h.number(*assignment.right);
        return located(e, [&] {
            if (plain) {
                range_set_all(*s.range, section, value, i);
            } else {
                for (int k = 0; k < section.nseg(); ++k) {
                    const double x = section.segment_x(k);
                    range_set(*s.range, section, x, updated(range_get(*s.range, section, x, i), value), i);
                }
            }
            return Value(value);
        });
    }
    const double x = h.number(*e.arguments[0]), value = h.number(*assignment.right);
    return located(e, [&] {
        const double next = plain ? value : updated(range_get(*s.range, section, x, i), value);
        range_set(*s.range, section, x, next, i);
        return Value(next);
    });
}

}  // namespace nrn::hoc
