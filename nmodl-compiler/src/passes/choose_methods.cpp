// SPDX-License-Identifier: BSD-3-Clause
// One table says which method solves which kind of block.
#include "passes/choose_methods.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "algebra/differentiate.hpp"
#include "dataflow/solved_states.hpp"
#include "error/closest_name.hpp"
#include "passes/each_block.hpp"

namespace nrn::nmodl {
namespace {

using Kind = Procedure::Kind;

struct Method { const char* name; std::vector<Kind> blocks; };
const std::vector<Method>& methods() {
    static const std::vector<Method> list{
        {"cnexp", {Kind::Derivative}},
        {"derivimplicit", {Kind::Derivative}},
        {"euler", {Kind::Derivative, Kind::Kinetic}},
        {"runge", {Kind::Derivative, Kind::Kinetic}},
        {"sparse", {Kind::Kinetic, Kind::Derivative}},  // files of before the reference's version 7 say so of DERIVATIVE
        {"simeq", {Kind::Linear}},
        {"newton", {Kind::Nonlinear}},
        {"after_cvode", {}},  // any block, at the end of a step
        {"cvode_t", {}},
        {"cvode_t_v", {}}};
    return list;
}

const char* kind_name(Kind k) {
    static const char* const names[] = {"FUNCTION", "PROCEDURE", "DERIVATIVE", "KINETIC", "LINEAR", "NONLINEAR", "DISCRETE", "NET_RECEIVE", "FUNCTION_TABLE"};
    return names[static_cast<int>(k)];
}

/// What solves a block whose SOLVE names no method.
const char* usual_method(Kind k) {
    switch (k) {
    case Kind::Derivative: return "derivimplicit";
    case Kind::Kinetic: return "sparse";
    case Kind::Linear: return "simeq";
    case Kind::Nonlinear: return "newton";
    default: return "";
    }
}

std::string fitting_methods(Kind k) {
    std::string list;
    for (const auto& m : methods())
        if (std::find(m.blocks.begin(), m.blocks.end(), k) != m.blocks.end()) list += (list.empty() ? "" : ", ") + std::string(m.name);
    return list;
}

/// cnexp wants x' = a + b x with a and b free of x.
bool linear_in_its_states(const Procedure& p) {
    bool good = true;
    walk(p.body, [&](const Stmt& s) {
        if (s.kind != Stmt::Kind::DiffEq) return;
        const auto slope = differentiate(s.value, *s.target);
        good = good && slope && !mentions(*slope, *s.target);
    });
    return good;
}

void unknown_method(const Stmt& s, Kind kind, Diagnostics& d) {
    static const std::map<std::string, const char*> dropped{
        {"adams", "derivimplicit"}, {"adrunge", "runge"}, {"adeuler", "euler"}, {"heun", "runge"}, {"gear", "derivimplicit"}, {"clsoda", "derivimplicit"}, {"seidel", "simeq"}, {"advance", "sparse"}};
    ClosestName closest(s.method);
    for (const auto& m : methods()) closest.offer(m.name);
    const auto old = dropped.find(s.method);
    std::string hint = old != dropped.end() ? fmt::format("it belongs to old versions of the language: use {}", old->second) : closest.hint();
    if (hint.empty() && !fitting_methods(kind).empty()) hint = fmt::format("a {} block is solved by {}", kind_name(kind), fitting_methods(kind));
    d.error(s.span, fmt::format("unknown method `{}` of SOLVE {}", s.method, s.name), hint, ErrorKind::Name);
}

/// Implicit methods solve a dense system.
void check_size(const Stmt& s, const Procedure& p, const Mechanism& m, Diagnostics& d) {
    constexpr std::size_t most = 500;
    const bool each_alone = p.kind == Kind::Procedure || p.kind == Kind::Discrete || s.method == "cnexp" || s.method == "euler" || s.method == "runge";
    if (const std::size_t n = each_alone ? 0 : solved_states(m, p).size(); n > most)
        d.error(s.span, fmt::format("`{}` has {} states: at most {} can be solved together", p.name, n, most), "several blocks, each with its own SOLVE, may share them", ErrorKind::Range);
}

void choose(Stmt& s, const Mechanism& m, Diagnostics& d) {
    const auto found = m.procedures.find(s.name);
    if (found == m.procedures.end()) {
        ClosestName closest(s.name);
        for (const auto& [n, q] : m.procedures) closest.offer(n);
        return d.error(s.span, fmt::format("there is no block `{}` to SOLVE", s.name), closest.hint(), ErrorKind::Name);
    }
    const Procedure& p = *found->second;
    if (p.kind == Kind::Function || p.kind == Kind::FunctionTable)
        return d.error(s.span, fmt::format("`{}` is a {}: it cannot be solved", s.name, kind_name(p.kind)), "call it in an expression", ErrorKind::Type);
    if (s.method.empty()) {
        s.method = usual_method(p.kind);
        return check_size(s, p, m, d);
    }
    const auto method = std::find_if(methods().begin(), methods().end(), [&](const Method& x) { return s.method == x.name; });
    if (method == methods().end()) return unknown_method(s, p.kind, d);
    if (!method->blocks.empty() && std::find(method->blocks.begin(), method->blocks.end(), p.kind) == method->blocks.end()) {
        const std::string fit = fitting_methods(p.kind);
        return d.error(s.span, fmt::format("method {} cannot solve the {} block `{}`", s.method, kind_name(p.kind), s.name), fit.empty() ? std::string("a PROCEDURE is solved without a method") : "use " + fit, ErrorKind::Type);
    }
    if (s.method == "cnexp" && !linear_in_its_states(p)) {
        d.warning(s.span, fmt::format("an equation of `{}` is not linear in its state: cnexp does not fit, derivimplicit is used", p.name));
        s.method = "derivimplicit";
    }
    check_size(s, p, m, d);
}

}  // namespace

void choose_methods(Mechanism& mechanism, Diagnostics& diagnostics) {
    each_block(mechanism.program, [&](Block& b, const Procedure*) {
        each_statement(b, [&](Stmt& s) {
            if (s.kind == Stmt::Kind::Solve) choose(s, mechanism, diagnostics);
        });
    });
}

}  // namespace nrn::nmodl
