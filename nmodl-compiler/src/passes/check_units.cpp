// SPDX-License-Identifier: BSD-3-Clause
// Statements; expressions are in unit_expressions.cpp.
#include "passes/check_units.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "dataflow/solved_states.hpp"
#include "passes/unit_expressions.hpp"

namespace nrn::nmodl {
namespace {

class UnitCheck {
  public:
    UnitCheck(const Mechanism& m, Diagnostics& d) : m_(m), units_(m, d), millisecond_(units_.parse("ms", {})) {}

    void run() {
        const Program& p = m_.program;
        for (const Block* b : {&p.constructor, &p.destructor, &p.initial, &p.breakpoint}) top(*b, nullptr);
        for (const auto& t : p.timed) top(t.body, nullptr);
        for (const auto& q : p.procedures) top(q.body, &q);
    }

  private:
    void top(const Block& b, const Procedure* q) {
        units_.locals.clear();
        volumes_.clear();
        if (q) {
            for (std::size_t i = 0; i < q->args.size(); ++i) units_.locals[q->args[i]] = units_.parse(i < q->arg_units.size() ? q->arg_units[i] : "", q->span);
            if (q->kind == Procedure::Kind::Function) units_.locals[q->name] = units_.parse(q->units, q->span);
            walk(b, [&](const Stmt& s) {
                if (s.kind == Stmt::Kind::Compartment) compartment(s);
            });
        }
        fixed_ = units_.locals;
        block(b);
    }

    void block(const Block& b) {
        for (const Stmt& s : b) statement(s);
    }

    void statement(const Stmt& s) {
        switch (s.kind) {
        case Stmt::Kind::Local:
            for (const auto& n : s.names) {
                units_.locals[n] = {};
                fixed_.erase(n);
            }
            return;
        case Stmt::Kind::Assign: return assign(s);
        case Stmt::Kind::DiffEq:
            units_.same(UnitExpressions::times(units_.of(s.target), millisecond_, true), units_.of(s.value), s.span, fmt::format("the derivative of `{}` has other units", s.target->text));
            return;
        case Stmt::Kind::LinearEq: units_.same(units_.of(s.target), units_.of(s.value), s.span, "the sides of the equation are of different units"); return;
        case Stmt::Kind::Reaction: return reaction(s);
        case Stmt::Kind::Conserve: return conserve(s);
        case Stmt::Kind::From: units_.locals[s.name] = {{}, true}; break;
        case Stmt::Kind::ForNetcons:
            for (const auto& n : s.names) units_.locals[n] = {{}, true};
            break;
        case Stmt::Kind::Compartment:
        case Stmt::Kind::Diffusion:
        case Stmt::Kind::Table: return;
        default: break;
        }
        for (const auto& e : {s.value, s.low, s.high, s.step})
            if (e) (void)units_.of(e);
        block(s.body);
        block(s.otherwise);
    }

    /// A LOCAL variable is of the units it is given last.
    void assign(const Stmt& s) {
        const Quantity found = units_.of(s.value);
        const auto local = units_.locals.find(s.target->text);
        if (local != units_.locals.end() && !fixed_.contains(s.target->text)) {
            local->second = found;
            return;
        }
        units_.same(units_.of(s.target), found, s.span, fmt::format("what is assigned to `{}` has other units", s.target->text));
    }

    void compartment(const Stmt& s) {
        if (!s.name.empty()) units_.locals[s.name] = {{}, true};
        for (const auto& n : s.names) volumes_[n] = units_.of(s.value);
    }

    /// A state's amount: concentration times compartment.
    Quantity amount(const Term& t) {
        const Quantity q = units_.of(t.state);
        const auto volume = volumes_.find(t.state->text);
        return volume == volumes_.end() ? q : UnitExpressions::times(q, volume->second);
    }
    bool is_state(const Term& t) const {
        const auto v = m_.variables.find(t.state->text);
        return v != m_.variables.end() && v->second.kind == Declaration::Kind::State;
    }

    void reaction(const Stmt& s) {
        std::optional<Quantity> flux;
        for (const auto* side : {&s.left, &s.right})
            for (const Term& t : *side) {
                if (!is_state(t)) continue;
                const Quantity own = UnitExpressions::times(amount(t), millisecond_, true);
                if (!flux) flux = own;
                else units_.same(*flux, own, t.state->span, fmt::format("the amount of `{}` is of other units than that of the reaction's first state", t.state->text));
            }
        const auto product = [&](const ExprPtr& rate, const std::vector<Term>& side) {
            Quantity q = units_.of(rate);
            for (const Term& t : side)
                for (int i = 0; i < static_cast<int>(t.coefficient); ++i) q = UnitExpressions::times(q, units_.of(t.state));
            return q;
        };
        const bool into = s.arrow == Stmt::Arrow::Into;
        const Quantity forward = product(s.forward, into ? std::vector<Term>{} : s.left);
        if (flux) units_.same(*flux, forward, s.forward->span, into ? "the flux is of other units than the state's amount per ms" : "the forward rate does not fit the reaction's units");
        if (flux && s.backward) units_.same(*flux, product(s.backward, s.right), s.backward->span, "the backward rate does not fit the reaction's units");
        units_.locals["f_flux"] = units_.locals["b_flux"] = flux.value_or(Quantity{{}, true});
    }

    void conserve(const Stmt& s) {
        std::optional<Quantity> sum;
        for (const Term& t : s.left) {
            const Quantity own = amount(t);
            if (!sum) sum = own;
            else units_.same(*sum, own, t.state->span, "the terms of CONSERVE are of different units");
        }
        if (sum) units_.same(*sum, units_.of(s.value), s.value->span, "what CONSERVE keeps is of other units");
    }

    const Mechanism& m_;
    UnitExpressions units_;
    Quantity millisecond_;
    std::map<std::string, Quantity> volumes_, fixed_;
};

}  // namespace

void check_units(Mechanism& mechanism, Diagnostics& diagnostics) { UnitCheck(mechanism, diagnostics).run(); }

}  // namespace nrn::nmodl
