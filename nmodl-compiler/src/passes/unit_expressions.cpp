// SPDX-License-Identifier: BSD-3-Clause
// A unit is a factor and exponents (unit_table.hpp); moles count things and have no exponent of their own here.
#include "passes/unit_expressions.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace nrn::nmodl {
namespace {

const Quantity kAny{{}, true, false}, kNumber{}, kUnknown{{}, true, true};

bool same_dimension(const Unit& a, const Unit& b) { return a.dimension == b.dimension; }
bool same_factor(const Unit& a, const Unit& b) { return std::abs(a.factor - b.factor) <= 1e-4 * std::abs(a.factor); }
bool dimensionless(const Unit& u) {
    return std::all_of(u.dimension.begin(), u.dimension.end(), [](int n) { return n == 0; });
}

Unit raised(const Unit& u, int n) {
    Unit r;
    r.factor = std::pow(u.factor, n);
    for (std::size_t i = 0; i < r.dimension.size(); ++i) r.dimension[i] = u.dimension[i] * n;
    return r;
}

}  // namespace

UnitExpressions::UnitExpressions(const Mechanism& m, Diagnostics& d) : m_(m), d_(d) {
    const Program& p = m.program;
    for (const auto& u : p.unit_names) table_.define(u.name, u.units);
    for (const auto& [name, value] : p.unit_constants) {
        const auto unit = p.unit_constant_units.find(name);
        variables_[name] = parse(unit == p.unit_constant_units.end() ? "" : unit->second, p.suffix_span);
    }
    for (const auto& [name, value] : p.defines) variables_[name] = kAny;
    for (const char* name : {"v", "t", "dt", "celsius", "diam", "area"}) variables_[name] = parse(*prescribed(name), p.suffix_span);
    for (const auto& [name, v] : m.variables)
        if (const auto own = prescribed(name)) variables_[name] = parse(*own, p.suffix_span);
    for (const auto& declared : p.declarations) {
        const Quantity q = parse(declared.units, declared.span);
        const auto own = prescribed(declared.name);
        if (!own) variables_[declared.name] = q;
        else if (!q.any && (!same_dimension(q.unit, variables_[declared.name].unit) || !same_factor(q.unit, variables_[declared.name].unit)))
            report(declared.span, fmt::format("`{}` is in ({}), not in ({})", declared.name, *own, declared.units), fmt::format("declare it with ({})", *own));
    }
}

std::optional<std::string> UnitExpressions::prescribed(const std::string& name) const {
    static const std::map<std::string, std::string> fixed{{"v", "millivolt"}, {"t", "ms"}, {"dt", "ms"}, {"celsius", "degC"}, {"diam", "micron"}, {"area", "micron2"}};
    if (const auto f = fixed.find(name); f != fixed.end()) return f->second;
    const std::string current = m_.program.type == Program::Type::Density ? "milliamp/cm2" : "nanoamp";
    for (const auto* list : {&m_.program.nonspecific, &m_.program.electrode})
        for (const auto& [n, span] : *list)
            if (n == name) return current;
    for (const auto& use : m_.program.ions)
        for (const auto* list : {&use.read, &use.write})
            for (const auto& [n, span] : *list) {
                if (n != name) continue;
                if (n == "e" + use.name) return "millivolt";
                if (n == "i" + use.name) return list == &use.write ? current : std::string("milliamp/cm2");
                return "milli/liter";
            }
    return std::nullopt;
}

bool UnitExpressions::switched_off(SourceSpan span) const {
    bool off = false;
    for (const auto& [at, on] : m_.program.unit_switches) {
        if (at.source != span.source) continue;
        if (at.line > span.line || (at.line == span.line && at.column > span.column)) break;
        off = !on;
    }
    return off;
}

void UnitExpressions::report(SourceSpan span, const std::string& message, const std::string& hint) {
    if (!switched_off(span)) d_.error(span, message, hint, ErrorKind::Type);
}

Quantity UnitExpressions::parse(const std::string& text, SourceSpan span) {
    if (text.empty()) return kNumber;
    auto unit = table_.parse(text);
    if (!unit) {
        if (unknown_.insert(text).second) report(span, fmt::format("the units ({}) are not known", text), fmt::format("define them: UNITS {{ ({}) = (...) }}", text));
        return kUnknown;
    }
    unit->dimension[4] = 0;  // moles
    return {*unit, false};
}

Quantity UnitExpressions::times(const Quantity& a, const Quantity& b, bool divide) {
    if (a.unknown || b.unknown) return kUnknown;
    Quantity q{{}, a.any && b.any};
    const int sign = divide ? -1 : 1;
    q.unit.factor = divide ? a.unit.factor / b.unit.factor : a.unit.factor * b.unit.factor;
    for (std::size_t i = 0; i < q.unit.dimension.size(); ++i) q.unit.dimension[i] = a.unit.dimension[i] + sign * b.unit.dimension[i];
    return q;
}

Quantity UnitExpressions::of_variable(const std::string& name) const {
    if (const auto l = locals.find(name); l != locals.end()) return l->second;
    const auto found = variables_.find(name);
    if (found != variables_.end()) return found->second;
    return m_.variables.contains(name) ? kNumber : kUnknown;
}

bool UnitExpressions::same(const Quantity& wanted, const Quantity& found, SourceSpan span, const std::string& what) {
    if (wanted.any || found.any) return true;
    if (!same_dimension(wanted.unit, found.unit)) {
        report(span, fmt::format("{}: {} against {}", what, unit_text(found.unit), unit_text(wanted.unit)));
        return false;
    }
    if (same_factor(wanted.unit, found.unit)) return true;
    report(span, fmt::format("{}: {} against {}", what, unit_text(found.unit), unit_text(wanted.unit)), fmt::format("a factor is missing: ({:g})*(...)", found.unit.factor / wanted.unit.factor));
    return false;
}

Quantity UnitExpressions::of(const ExprPtr& e) {
    switch (e->kind) {
    case Expr::Kind::Number:
        if (!e->units.empty()) return parse(e->units, e->span);
        if (!e->factor || e->number == 0) return kAny;
        return {{.factor = 1 / std::abs(e->number)}, false};
    case Expr::Kind::String: return kAny;
    case Expr::Kind::Name:
        for (const auto& a : e->args) (void)of(a);
        return of_variable(e->text);
    case Expr::Kind::Unary: return of(e->args[0]);
    case Expr::Kind::Binary: return binary(*e);
    case Expr::Kind::Call: return call(*e);
    }
    return kAny;
}

Quantity UnitExpressions::binary(const Expr& e) {
    if (e.text == "^") return power(e);
    const Quantity a = of(e.args[0]), b = of(e.args[1]);
    if (e.text == "*" || e.text == "/") return times(a, b, e.text == "/");
    if (e.text == "&&" || e.text == "||") return kAny;
    const bool sum = e.text == "+" || e.text == "-";
    const bool good = same(a, b, e.span, sum ? "the terms of a sum are of different units" : "values of different units are compared");
    if (!sum) return kAny;
    if (!good || a.unknown || b.unknown) return kUnknown;
    return a.any ? b : a;
}

Quantity UnitExpressions::power(const Expr& e) {
    const Quantity base = of(e.args[0]), exponent = of(e.args[1]);
    if (!exponent.any && !dimensionless(exponent.unit)) report(e.args[1]->span, fmt::format("an exponent has units: {}", unit_text(exponent.unit)));
    if (base.any || dimensionless(base.unit)) return base;
    const ExprPtr& n = e.args[1];
    if (n->kind == Expr::Kind::Number && n->number == 0.5) return root(base, e.span);
    if (n->kind == Expr::Kind::Number && n->number == std::floor(n->number) && std::abs(n->number) < 20) return {raised(base.unit, static_cast<int>(n->number)), false};
    report(e.span, fmt::format("only a whole power of a value with units has units: {}", unit_text(base.unit)));
    return kUnknown;
}

Quantity UnitExpressions::root(const Quantity& a, SourceSpan span) {
    if (a.any) return kNumber;
    Quantity r{{.factor = std::sqrt(a.unit.factor)}, false};
    for (std::size_t i = 0; i < r.unit.dimension.size(); ++i) {
        if (a.unit.dimension[i] % 2 != 0) {
            report(span, fmt::format("the root of {} has no units", unit_text(a.unit)));
            return kUnknown;
        }
        r.unit.dimension[i] = a.unit.dimension[i] / 2;
    }
    return r;
}

Quantity UnitExpressions::own_function(const Expr& e, const Procedure& p) {
    for (std::size_t i = 0; i < e.args.size() && i < p.args.size(); ++i)
        same(parse(i < p.arg_units.size() ? p.arg_units[i] : "", p.span), e.args[i]->kind == Expr::Kind::Number && e.args[i]->units.empty() ? kNumber : of(e.args[i]), e.args[i]->span, fmt::format("argument `{}` of `{}`", p.args[i], p.name));
    return parse(p.units, p.span);
}

Quantity UnitExpressions::call(const Expr& e) {
    if (const auto own = m_.procedures.find(e.text); own != m_.procedures.end()) return own_function(e, *own->second);
    static const std::set<std::string> through{"fabs", "abs", "floor", "ceil", "min", "max", "fmod", "state_discontinuity"};
    static const std::set<std::string> plain{"exp", "log", "log10", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "erf", "erfc", "exprelr"};
    std::vector<Quantity> args;
    for (const auto& a : e.args) args.push_back(of(a));
    if (args.empty()) return kUnknown;
    if (e.text == "sqrt") return root(args[0], e.span);
    if (plain.contains(e.text)) {
        if (!args[0].any && !dimensionless(args[0].unit)) report(e.args[0]->span, fmt::format("the argument of {} has units: {}", e.text, unit_text(args[0].unit)));
        return kNumber;
    }
    if (through.contains(e.text)) {
        for (std::size_t i = 1; i < args.size(); ++i) same(args[0], args[i], e.args[i]->span, fmt::format("the arguments of {} are of different units", e.text));
        return args[0];
    }
    if (e.text == "net_send" || e.text == "net_move" || e.text == "net_event" || e.text == "at_time") same(parse("ms", e.span), args[0], e.args[0]->span, fmt::format("the time given to {} is not in ms", e.text));
    return kUnknown;
}

}  // namespace nrn::nmodl
