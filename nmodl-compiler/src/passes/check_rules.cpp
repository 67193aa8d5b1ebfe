// SPDX-License-Identifier: BSD-3-Clause
// One rule a function.
#include "passes/check_rules.hpp"

#include <algorithm>
#include <functional>
#include <optional>

#include <fmt/format.h>

#include "builtin_functions.hpp"
#include "dataflow/solved_states.hpp"

namespace nrn::nmodl {
namespace {

/// The block that a statement stands in.
enum class Place { Initial, Breakpoint, NetReceive, Procedure, Solved, Other };

class RuleCheck {
  public:
    RuleCheck(const Mechanism& m, Diagnostics& d) : m_(m), p_(m.program), d_(d) {}

    void run() {
        declarations();
        procedures();
        block(p_.initial, Place::Initial, {});
        block(p_.breakpoint, Place::Breakpoint, {});
        for (const Block* b : {&p_.constructor, &p_.destructor}) block(*b, Place::Other, {});
        for (const auto& t : p_.timed) block(t.body, Place::Other, {});
        solved_once();
    }

  private:
    using Scope = std::set<std::string>;

    void declarations() {
        std::set<std::string> builtin;
        for (const auto& d : p_.declarations)
            if (simulators_own(d.name) || d.name == "v")
                if (!builtin.insert(d.name).second) d_.error(d.span, fmt::format("`{}` is declared twice (multiple declaration)", d.name), {}, ErrorKind::Name);
        for (const auto* list : {&p_.range, &p_.global})
            for (const auto& [name, span] : *list)
                if (name == "diam" || name == "area") d_.error(span, fmt::format("`{}` belongs to the segment: it cannot be {}", name, list == &p_.range ? "RANGE" : "GLOBAL"), "take it out of the list", ErrorKind::Name);
        for (const auto& use : p_.ions)
            if (use.read.empty() && use.write.empty()) d_.error(use.span, fmt::format("USEION {} neither reads nor writes", use.name), fmt::format("USEION {0} READ e{0} WRITE i{0}", use.name));
    }

    void procedures() {
        for (const auto& q : p_.procedures) {
            const auto v = m_.variables.find(q.name);
            if (v != m_.variables.end() && v->second.where != Variable::Where::Foreign && v->second.where != Variable::Where::External)
                d_.error(q.span, fmt::format("`{}` is a variable and a block (multiple declaration)", q.name), {}, ErrorKind::Name);
            if (const BuiltinFunction* f = find_builtin(q.name); f && f->cpp.starts_with("nrn_") && !f->cpp.starts_with("nrn_mod"))
                d_.error(q.span, fmt::format("`{}` is a function of the language: a block cannot have its name", q.name), {}, ErrorKind::Name);
            Place place = Place::Solved;
            if (q.kind == Procedure::Kind::NetReceive) net_receive(q), place = Place::NetReceive;
            else if (q.kind == Procedure::Kind::Function || q.kind == Procedure::Kind::Procedure) place = Place::Procedure;
            current_ = &q;
            locals_.clear();
            if (place != Place::NetReceive) distinct_names(q);
            Scope scope(q.args.begin(), q.args.end());
            scope.insert(q.name);
            if (place == Place::NetReceive) scope.insert("flag");  // even where a block has that name
            block(q.body, place, std::move(scope));
            current_ = nullptr;
        }
    }

    /// Arguments, the FUNCTION's own name and LOCAL variables of the outermost block are one room.
    void distinct_names(const Procedure& q) {
        std::set<std::string> known;
        if (q.kind == Procedure::Kind::Function) known.insert(q.name);
        for (const auto& a : q.args)
            if (!known.insert(a).second) d_.error(q.span, fmt::format("the argument `{}` of `{}` is declared twice (multiple declaration)", a, q.name), {}, ErrorKind::Name);
        for (const Stmt& s : q.body) {
            if (s.kind != Stmt::Kind::Local) continue;
            for (const auto& n : s.names)
                if (known.contains(n)) d_.error(s.span, fmt::format("`{}` is {}: a LOCAL variable cannot have its name (multiple declaration)", n, n == q.name ? "the FUNCTION itself" : "an argument"), {}, ErrorKind::Name);
        }
    }

    void net_receive(const Procedure& q) {
        if (p_.type == Program::Type::Density) d_.error(q.span, "NET_RECEIVE belongs in a POINT_PROCESS or an ARTIFICIAL_CELL only", {}, ErrorKind::Type);
        if (q.args.empty()) d_.error(q.span, "NET_RECEIVE needs at least one argument, the weight", "NET_RECEIVE (weight)", ErrorKind::Argument);
    }

    static bool simulators_own(const std::string& name) { return name == "t" || name == "dt" || name == "celsius" || name == "diam" || name == "area"; }

    void block(const Block& b, Place place, Scope scope) {
        for (const Stmt& s : b) {
            if (s.kind == Stmt::Kind::Local) {
                local_lengths(s);
                locals_.insert(s.names.begin(), s.names.end());
                scope.insert(s.names.begin(), s.names.end());
            }
            statement(s, place, scope);
            Scope inner = scope;
            if (s.kind == Stmt::Kind::From) inner.insert(s.name);
            if (s.kind == Stmt::Kind::ForNetcons) inner.insert(s.names.begin(), s.names.end());
            block(s.body, place, inner);
            block(s.otherwise, place, inner);
        }
    }

    /// A number as it stands in the text, or a name of DEFINE.
    std::optional<double> constant(const ExprPtr& e, const Scope& scope) const {
        if (!e) return std::nullopt;
        if (e->kind == Expr::Kind::Number) return e->number;
        if (e->kind == Expr::Kind::Unary && e->text == "-")
            if (const auto x = constant(e->args[0], scope)) return -*x;
        if (e->kind != Expr::Kind::Name || !e->args.empty() || scope.contains(e->text)) return std::nullopt;
        const auto defined = p_.defines.find(e->text);
        return defined == p_.defines.end() ? std::nullopt : std::optional(defined->second);
    }

    void local_lengths(const Stmt& s) {
        constexpr double most = 100000;
        for (std::size_t i = 0; i < s.names.size(); ++i) {
            if (!s.sizes[i]) continue;
            local_arrays_.insert(s.names[i]);
            const auto length = constant(s.sizes[i], {});
            if (!length || !(*length >= 1 && *length <= most) || *length != static_cast<int>(*length))
                d_.error(s.sizes[i]->span, fmt::format("the length of the LOCAL array `{}` must be a whole number from 1 to {:g}", s.names[i], most), length ? "" : "use a number, or a name given by DEFINE", ErrorKind::Range);
        }
    }

    /// An index that is a number must name an element.
    void index(const Expr& e, const Scope& scope) {
        if (e.kind != Expr::Kind::Name || e.args.empty() || scope.contains(e.text)) return;
        const auto v = m_.variables.find(e.text);
        const auto i = constant(e.args[0], scope);
        if (v == m_.variables.end() || !v->second.is_array || !i || (*i > -1 && *i < v->second.length)) return;
        d_.error(e.span, fmt::format("`{}` has elements 0 to {}, not {:g}", e.text, v->second.length - 1, *i), {}, ErrorKind::Index);
    }
    void indices(const ExprPtr& e, const Scope& scope) {
        if (!e) return;
        index(*e, scope);
        for (const auto& a : e->args) indices(a, scope);
    }

    void statement(const Stmt& s, Place place, const Scope& scope) {
        switch (s.kind) {
        case Stmt::Kind::Assign:
            if (simulators_own(s.target->text) && !scope.contains(s.target->text))
                d_.error(s.span, fmt::format("`{}` belongs to the simulator: a mechanism cannot assign to it", s.target->text), {}, ErrorKind::Type);
            if (!scope.contains(s.target->text) || (current_ && current_->name == s.target->text && current_->kind != Procedure::Kind::Function && !argument_or_local(s.target->text)))
                if (m_.procedures.contains(s.target->text) && !m_.variables.contains(s.target->text))
                    d_.error(s.span, fmt::format("`{}` is a block: nothing can be assigned to it", s.target->text), {}, ErrorKind::Type);
            if (scope.contains(s.target->text) && !s.target->args.empty() && !local_arrays_.contains(s.target->text) && !m_.variables.contains(s.target->text))
                d_.error(s.span, fmt::format("`{}` is not an array", s.target->text), {}, ErrorKind::Type);
            break;
        case Stmt::Kind::DiffEq: derivative(s); break;
        case Stmt::Kind::Conserve: conserve(s); break;
        case Stmt::Kind::Reaction: flux(s); break;
        case Stmt::Kind::Table: table(s, place); break;
        case Stmt::Kind::ForNetcons:
            if (place != Place::NetReceive && place != Place::Initial) d_.error(s.span, "FOR_NETCONS belongs in a NET_RECEIVE block only");
            break;
        case Stmt::Kind::Initial:
            if (place != Place::NetReceive) d_.error(s.span, "an INITIAL block inside this one is not allowed: only NET_RECEIVE may have it");
            break;
        case Stmt::Kind::Watch: watch(s, scope); break;
        case Stmt::Kind::Solve:
            if (place == Place::Solved) d_.error(s.span, "SOLVE does not belong in a block that is solved itself", "several SOLVE statements may stand in BREAKPOINT");
            else if (current_ && current_->name == s.name) d_.error(s.span, fmt::format("`{}` solves itself", s.name), {}, ErrorKind::Name);
            break;
        case Stmt::Kind::Return:
            if (place != Place::Procedure) d_.error(s.span, "return belongs in a FUNCTION or a PROCEDURE only");
            break;
        default: break;
        }
        if (s.kind == Stmt::Kind::From && s.step)
            if (const auto by = constant(s.step, scope); by && !(*by >= 1)) d_.error(s.step->span, fmt::format("FROM {} goes up by a whole number from 1 on, not {:g}", s.name, *by), {}, ErrorKind::Range);
        for (const auto& e : {s.value, s.low, s.high})
            if (e) events(e, place);
        for (const auto& e : {s.target, s.value, s.low, s.high, s.step, s.forward, s.backward}) {
            indices(e, scope);
            if (e) no_numbers(*e, nullptr, scope);
        }
        for (const auto* terms : {&s.left, &s.right})
            for (const Term& t : *terms) indices(t.state, scope);
    }

    /// Texts, and what BBCOREPOINTER and RANDOM name, are arguments of functions that want them; they have no value.
    void no_numbers(const Expr& e, const Expr* call, const Scope& scope) {
        const bool own = call && m_.procedures.contains(call->text);
        const BuiltinFunction* builtin = call && !own ? find_builtin(call->text) : nullptr;
        const bool for_c = call && !own && !builtin;  // a function of VERBATIM text
        if (e.kind == Expr::Kind::String) {
            const bool wanted = for_c || (builtin && (builtin->name == "printf" || builtin->name == "prterr" || builtin->name == "hoc_execerror" || builtin->name == "error"));
            if (!wanted) d_.error(e.span, "a text has no value as a number", "printf and error take texts", ErrorKind::Type);
        }
        if (e.kind == Expr::Kind::Name && !scope.contains(e.text))
            if (const auto v = m_.variables.find(e.text); v != m_.variables.end() && (v->second.slot == Variable::Slot::BBCore || v->second.slot == Variable::Slot::Random))
                if (!for_c && !(builtin && (builtin->name.starts_with("random_") || builtin->name.starts_with("lag_") || builtin->name == "nrn_pointing")))
                    d_.error(e.span, fmt::format("`{}` has no value as a number", e.text), v->second.slot == Variable::Slot::Random ? "random_uniform(" + e.text + ") draws one" : "it is for VERBATIM text", ErrorKind::Type);
        if (e.kind == Expr::Kind::Call && !m_.procedures.contains(e.text) && e.text.starts_with("random_") && find_builtin(e.text) && !e.args.empty()) {
            const auto v = m_.variables.find(e.args[0]->text);
            if (e.args[0]->kind != Expr::Kind::Name || v == m_.variables.end() || v->second.slot != Variable::Slot::Random)
                d_.error(e.args[0]->span, fmt::format("{} wants a RANDOM variable", e.text), "NEURON { RANDOM r }", ErrorKind::Type);
        }
        for (const auto& a : e.args) no_numbers(*a, e.kind == Expr::Kind::Call ? &e : nullptr, scope);
    }

    void derivative(const Stmt& s) {
        const auto v = m_.variables.find(s.target->text);
        if (v == m_.variables.end() || v->second.kind == Declaration::Kind::State) return;
        d_.error(s.span, fmt::format("`{}` has a derivative: it must be declared as a state variable", s.target->text), fmt::format("STATE {{ {} }}", s.target->text), ErrorKind::Type);
    }

    bool argument_or_local(const std::string& name) const { return locals_.contains(name) || std::find(current_->args.begin(), current_->args.end(), name) != current_->args.end(); }

    void flux(const Stmt& s) {
        if (s.arrow != Stmt::Arrow::Into || s.left.empty()) return;
        const auto v = m_.variables.find(s.left[0].state->text);
        if (v != m_.variables.end() && v->second.kind != Declaration::Kind::State) d_.error(s.left[0].state->span, fmt::format("`{}` is no STATE: a flux goes into a state that the block solves", v->first), {}, ErrorKind::Type);
    }

    void conserve(const Stmt& s) {
        for (const Term& t : s.left) {
            const auto v = m_.variables.find(t.state->text);
            if (v != m_.variables.end() && v->second.kind != Declaration::Kind::State) d_.error(t.state->span, fmt::format("`{}` is no STATE: CONSERVE adds up states that the block solves", t.state->text), {}, ErrorKind::Type);
        }
    }

    void table(const Stmt& s, Place place) {
        if (place != Place::Procedure || !current_) return d_.error(s.span, "TABLE belongs in a FUNCTION or a PROCEDURE only");
        if (current_->args.size() != 1) d_.error(s.span, fmt::format("`{}` has a TABLE: it must have exactly one argument, not {}", current_->name, current_->args.size()), {}, ErrorKind::Argument);
        if (current_->kind == Procedure::Kind::Procedure && s.names.empty()) d_.error(s.span, fmt::format("the TABLE of PROCEDURE `{}` does not say which variables it holds", current_->name), "TABLE x, y FROM ... TO ... WITH ...");
    }

    /// The condition is looked at later on, when arguments and LOCAL variables are gone.
    void watch(const Stmt& s, const Scope& scope) {
        const std::function<void(const ExprPtr&)> look = [&](const ExprPtr& e) {
            if (e->kind == Expr::Kind::Name && scope.contains(e->text) && e->text != "net_receive")
                d_.error(e->span, fmt::format("`{}` is gone when the condition of WATCH is looked at", e->text), "keep it in a RANGE variable", ErrorKind::Name);
            for (const auto& a : e->args) look(a);
        };
        if (s.value) look(s.value);
    }

    void events(const ExprPtr& e, Place place) {
        for (const auto& a : e->args) events(a, place);
        if (e->kind != Expr::Kind::Call || m_.procedures.contains(e->text)) return;
        const bool initial = place == Place::Initial, receive = place == Place::NetReceive;
        if ((e->text == "net_event" || e->text == "net_move") && !receive) d_.error(e->span, fmt::format("{} is allowed in a NET_RECEIVE block only", e->text));
        if (e->text != "net_send") return;
        if (!receive && !initial) d_.error(e->span, "net_send is allowed in INITIAL and NET_RECEIVE blocks only");
        else if (!m_.net_receive) d_.error(e->span, "net_send needs a NET_RECEIVE block to send to");
    }

    void solved_once() {
        std::set<std::string> seen;
        walk(p_.breakpoint, [&](const Stmt& s) {
            if (s.kind == Stmt::Kind::Solve && !seen.insert(s.name).second) d_.error(s.span, fmt::format("`{}` is solved twice in BREAKPOINT", s.name), {}, ErrorKind::Name);
        });
    }

    const Mechanism& m_;
    const Program& p_;
    Diagnostics& d_;
    const Procedure* current_ = nullptr;
    std::set<std::string> local_arrays_, locals_;
};

}  // namespace

void check_rules(Mechanism& mechanism, Diagnostics& diagnostics) { RuleCheck(mechanism, diagnostics).run(); }

}  // namespace nrn::nmodl
