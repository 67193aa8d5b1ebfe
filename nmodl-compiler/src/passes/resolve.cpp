// SPDX-License-Identifier: BSD-3-Clause
// Name resolution and semantic checks.
#include "passes/resolve.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <functional>

#include <fmt/format.h>

#include "builtin_functions.hpp"
#include "dataflow/solved_states.hpp"
#include "error/closest_name.hpp"
#include "nrn/abi/mechanism.h"

namespace nrn::nmodl {
namespace {

const std::set<std::string> kBuiltInVariables{"v", "t", "dt", "celsius", "diam", "area", "secondorder", "pi", "PI_"};

/// Defaults of PARAMETERs have six digits in the reference (written by %g), and results go with them.
double six_digits(double value) { return std::strtod(fmt::format("{:g}", value).c_str(), nullptr); }

class Resolver {
  public:
    Resolver(Program program, Diagnostics& d) : d_(d) { m_.program = std::move(program); }

    Mechanism run() {
        Program& p = m_.program;
        if (p.suffix.empty()) {
            // A file without a SUFFIX is a density mechanism named after the file.
            p.suffix = std::filesystem::path(p.file).stem().string();
        }
        collect_assigned();
        declare();
        list_procedures();
        ions();
        declare_assigned_globals();
        visibility();
        number_columns();
        check_blocks();
        find_needs();
        return std::move(m_);
    }

  private:
    Program& p() { return m_.program; }

    static void walk(const Block& block, const std::function<void(const Stmt&)>& f) {
        for (const Stmt& s : block) {
            f(s);
            walk(s.body, f);
            walk(s.otherwise, f);
        }
    }
    void walk_all(const std::function<void(const Stmt&)>& f) {
        for (const Block* b : {&p().initial, &p().breakpoint, &p().constructor, &p().destructor}) walk(*b, f);
        for (const auto& q : p().procedures) walk(q.body, f);
        for (const auto& t : p().timed) walk(t.body, f);
    }

    void collect_assigned() {
        walk_all([&](const Stmt& s) {
            if (s.target && s.target->kind == Expr::Kind::Name) assigned_.insert(s.target->text);
            const std::function<void(const ExprPtr&)> note = [&](const ExprPtr& e) {
                if (!e) return;
                if (e->kind == Expr::Kind::Name) used_.insert(e->text);
                for (const auto& a : e->args) note(a);
            };
            for (const auto& e : {s.target, s.value, s.low, s.high, s.forward, s.backward}) note(e);
            if (s.kind == Stmt::Kind::Table) assigned_.insert(s.names.begin(), s.names.end());
            if (s.kind == Stmt::Kind::Verbatim) verbatim_ += s.name;
            const auto calls = [&](const ExprPtr& e) {
                if (e && e->kind == Expr::Kind::Call && e->text == "state_discontinuity" && !e->args.empty()) assigned_.insert(e->args[0]->text);
            };
            calls(s.value);
        });
        for (const auto& v : p().verbatim) verbatim_ += v.text;
        verbatim_ += p().header_text;
    }

    static bool listed(const std::vector<std::pair<std::string, SourceSpan>>& list, const std::string& name) {
        return std::any_of(list.begin(), list.end(), [&](const auto& e) { return e.first == name; });
    }

    Variable& add(const std::string& name, Variable v) {
        v.name = name;
        v.assigned = assigned_.contains(name) || verbatim_.find(name) != std::string::npos;
        return m_.variables[name] = std::move(v);
    }

    /// `x0` of a STATE x is a variable where RANGE or GLOBAL lists it: what x is set to before INITIAL.
    void declare_start_values() {
        for (const auto* list : {&p().range, &p().global})
            for (const auto& [name, span] : *list) {
                if (name.size() < 2 || name.back() != '0' || m_.variables.contains(name)) continue;
                const auto state = m_.variables.find(name.substr(0, name.size() - 1));
                if (state == m_.variables.end() || state->second.kind != Declaration::Kind::State) continue;
                const auto where = list == &p().range ? Variable::Where::Instance : Variable::Where::Global;
                add(name, {.units = state->second.units, .told_units = state->second.told_units, .where = where, .kind = Declaration::Kind::Parameter, .visible = true, .value = state->second.value, .span = span});
            }
    }

    /// GLOBAL is as good as a declaration where the file gives the variable its value.
    void declare_assigned_globals() {
        for (const auto& [name, span] : p().global) {
            if (m_.variables.contains(name) || kBuiltInVariables.contains(name) || !assigned_.contains(name)) continue;
            add(name, {.where = Variable::Where::Global, .kind = Declaration::Kind::Assigned, .visible = true, .span = span});
            d_.warning(span, fmt::format("`{}` is listed in GLOBAL and assigned to, but declared nowhere: it is taken as ASSIGNED", name));
        }
    }

    void declare() {
        for (auto& [name, value] : p().unit_constants) add(name, {.where = Variable::Where::Constant, .kind = Declaration::Kind::Constant, .value = value});
        for (auto& [name, value] : p().defines) add(name, {.where = Variable::Where::Constant, .kind = Declaration::Kind::Constant, .value = value});
        std::map<std::string, const Declaration*> seen;
        for (const auto& d : p().declarations) {
            if (kBuiltInVariables.contains(d.name) && d.name != "pi") continue;
            if (const auto other = seen.find(d.name); other != seen.end()) {
                // The same variable may stand in PARAMETER and ASSIGNED of old files as an ion variable; else it is a mistake.
                d_.error(d.span, fmt::format("`{}` is declared twice (multiple declaration)", d.name), fmt::format("first in line {}", other->second->span.line), ErrorKind::Name);
                continue;
            }
            seen[d.name] = &d;
            if (p().unit_constants.contains(d.name)) {
                d_.error(d.span, fmt::format("`{}` is declared twice (multiple declaration): it is a constant of the UNITS block", d.name), {}, ErrorKind::Name);
                continue;
            }
            const double value = d.kind == Declaration::Kind::Parameter ? six_digits(d.value) : d.value;
            Variable v{.units = d.units, .told_units = d.told_units, .kind = d.kind, .length = d.length, .is_array = d.is_array, .value = value, .lower = d.lower, .upper = d.upper, .abstol = d.abstol, .span = d.span};
            const bool range = listed(p().range, d.name), current = listed(p().nonspecific, d.name) || listed(p().electrode, d.name);
            if (d.kind == Declaration::Kind::Constant) v.where = Variable::Where::Constant;
            else if (d.kind == Declaration::Kind::Parameter && !range && !current) v.where = Variable::Where::Global, v.visible = true;
            else if (std::find(p().hidden_globals.begin(), p().hidden_globals.end(), d.name) != p().hidden_globals.end()) v.where = Variable::Where::Global;
            else if (listed(p().global, d.name) && d.kind != Declaration::Kind::State) v.where = Variable::Where::Global, v.visible = true;
            else if (p().nameless && d.kind != Declaration::Kind::State) v.where = Variable::Where::Global, v.visible = listed(p().range, d.name);
            else v.where = Variable::Where::Instance, v.visible = range || current || d.kind == Declaration::Kind::State;
            if (d.kind == Declaration::Kind::State) v.value = d.has_start ? d.start : 0;
            add(d.name, v);
        }
        declare_start_values();
        for (const auto& name : p().file_locals)
            if (!m_.variables.contains(name)) add(name, {.where = Variable::Where::Global, .kind = Declaration::Kind::Assigned});
        const auto slots = [&](const auto& list, Variable::Slot slot) {
            for (const auto& [name, span] : list) {
                Variable v;
                if (const auto found = m_.variables.find(name); found != m_.variables.end()) v = found->second;
                v.where = Variable::Where::Pointer;
                v.slot = slot;
                v.visible = slot == Variable::Slot::Pointer;
                v.column = m_.n_pointer++;
                v.span = span;
                add(name, v);
            }
        };
        slots(p().pointer, Variable::Slot::Pointer);
        slots(p().bbcore, Variable::Slot::BBCore);
        slots(p().random, Variable::Slot::Random);
        for (const auto& [name, span] : p().external) {
            Variable v{.where = Variable::Where::External, .span = span};
            add(name, v);
        }
        for (const auto* list : {&p().nonspecific, &p().electrode})
            for (const auto& [name, span] : *list) {
                if (!m_.variables.contains(name)) add(name, {.where = Variable::Where::Instance, .visible = true, .span = span});
                m_.currents.push_back({name, -1, list == &p().electrode});
            }
        m_.electrode = !p().electrode.empty();
        if (m_.electrode && !p().nonspecific.empty())
            d_.error(p().electrode[0].second, "one mechanism cannot have both ELECTRODE_CURRENT and NONSPECIFIC_CURRENT", "split it in two", ErrorKind::Unsupported);
    }

    /// e, ci, co or i of an ion by its name, or -1.
    static int ion_column(const std::string& ion, const std::string& name) {
        if (name == "e" + ion) return NRN_ION_E;
        if (name == ion + "i") return NRN_ION_CI;
        if (name == ion + "o") return NRN_ION_CO;
        if (name == "i" + ion) return NRN_ION_I;
        return -1;
    }

    void ions() {
        for (std::size_t k = 0; k < p().ions.size(); ++k) {
            const IonUse& use = p().ions[k];
            for (std::size_t j = 0; j < k; ++j)
                if (p().ions[j].name == use.name) d_.error(use.span, fmt::format("ion `{}` is used by two USEION statements", use.name), "join them", ErrorKind::Name);
            std::map<std::string, std::pair<bool, bool>> names;  // read, written
            for (const auto& [name, span] : use.read) check_ion_name(use, name, span), names[name].first = true;
            for (const auto& [name, span] : use.write) check_ion_name(use, name, span), names[name].second = true;
            for (const auto& [name, access] : names) {
                const int column = ion_column(use.name, name);
                if (column < 0) continue;
                if (!m_.variables.contains(name) && used_.contains(name)) {
                    const auto& list = access.first ? use.read : use.write;
                    const auto at = std::find_if(list.begin(), list.end(), [&, n = name](const auto& x) { return x.first == n; });
                    d_.error(at->second, fmt::format("ion variable `{}` is used but not declared: undefined variable", name), fmt::format("declare it: ASSIGNED {{ {} }}", name), ErrorKind::Name);
                }
                auto found = m_.variables.find(name);
                Variable v = found == m_.variables.end() ? Variable{} : found->second;
                v.ion = static_cast<int>(k);
                const bool columned = access.second || v.kind == Declaration::Kind::State || assigned_.contains(name) || listed(p().range, name) ||
                                      verbatim_.find(name) != std::string::npos;
                if (columned) {
                    v.where = Variable::Where::Instance;
                    v.visible = listed(p().range, name) || v.kind == Declaration::Kind::State;
                    v.value = v.kind == Declaration::Kind::Parameter ? v.value : 0;
                    v.kind = v.kind == Declaration::Kind::Parameter ? Declaration::Kind::Assigned : v.kind;
                    m_.ion_copies.push_back({name, static_cast<int>(k), column, access.first || column == NRN_ION_CI || column == NRN_ION_CO, access.second});
                } else {
                    v.where = Variable::Where::Ion;
                    v.column = column;
                }
                add(name, v);
                if (access.second && column == NRN_ION_I) m_.currents.push_back({name, static_cast<int>(k), false});
                if (access.second && (column == NRN_ION_CI || column == NRN_ION_CO)) m_.writes_concentration = true;
            }
        }
    }

    void check_ion_name(const IonUse& use, const std::string& name, SourceSpan span) {
        if (ion_column(use.name, name) >= 0) return;
        ClosestName closest(name);
        for (const auto& n : {"e" + use.name, use.name + "i", use.name + "o", "i" + use.name}) closest.offer(n);
        d_.error(span, fmt::format("`{}` is not a variable of ion `{}`", name, use.name), closest.best().empty() ? fmt::format("it has e{0}, {0}i, {0}o, i{0}", use.name) : closest.hint(), ErrorKind::Name);
    }

    void visibility() {
        for (const auto* list : {&p().range, &p().global})
            for (const auto& [name, span] : *list) {
                if (kBuiltInVariables.contains(name)) continue;
                const auto found = m_.variables.find(name);
                if (found == m_.variables.end()) {
                    if (m_.program.procedures.end() != std::find_if(p().procedures.begin(), p().procedures.end(), [&, n = name](const auto& q) { return q.name == n; })) continue;
                    ClosestName closest(name);
                    for (const auto& [n, v] : m_.variables) closest.offer(n);
                    // Published files do this; nothing can come of it.
                    d_.warning(span, fmt::format("`{}` is listed in {} but declared nowhere: it does not exist{}", name, list == &p().range ? "RANGE" : "GLOBAL", closest.hint().empty() ? "" : " (" + closest.hint() + ")"));
                    continue;
                }
                if (found->second.where != Variable::Where::Constant) found->second.visible = true;
            }
    }

    void list_procedures() {
        for (const auto& q : p().procedures) {
            if (q.kind == Procedure::Kind::NetReceive) {
                if (m_.net_receive) d_.error(q.span, "there are two NET_RECEIVE blocks", {}, ErrorKind::Name);
                m_.net_receive = &q;
                continue;
            }
            if (!m_.procedures.emplace(q.name, &q).second) d_.error(q.span, fmt::format("`{}` is defined twice (multiple declaration)", q.name), {}, ErrorKind::Name);
            walk(q.body, [&](const Stmt& s) {
                if (s.kind == Stmt::Kind::Table) has_table_ = true;
            });
        }
        if (has_table_ && !m_.variables.contains("usetable")) {
            add("usetable", {.where = Variable::Where::Global, .kind = Declaration::Kind::Parameter, .visible = true, .value = 1});
            table_switch_ = true;
        }
    }

    void number_columns() {
        const auto pass = [&](Declaration::Kind kind) {
            for (const auto& d : p().declarations) number(d.name, kind);
            for (const auto& [name, v] : m_.variables) number(name, kind);
        };
        pass(Declaration::Kind::Parameter);
        pass(Declaration::Kind::Assigned);
        pass(Declaration::Kind::State);
    }
    void number(const std::string& name, Declaration::Kind kind) {
        const auto found = m_.variables.find(name);
        if (found == m_.variables.end() || found->second.kind != kind || numbered_.contains(name)) return;
        Variable& v = found->second;
        if (v.where == Variable::Where::Instance) {
            v.column = m_.n_column;
            m_.n_column += v.length;
            m_.order.push_back(name);
        } else if (v.where == Variable::Where::Global) {
            v.column = m_.n_global;
            m_.n_global += v.length;
            m_.global_order.push_back(name);
        } else {
            return;
        }
        numbered_.insert(name);
    }

    // ---- checks of blocks ------------------------------------------------------------------------

    using Scope = std::set<std::string>;

    void check_expr(const ExprPtr& e, const Scope& scope) {
        if (!e) return;
        for (const auto& a : e->args)
            if (!(e->kind == Expr::Kind::Call && e->text == "nrn_pointing")) check_expr(a, scope);
        if (e->kind == Expr::Kind::Name) {
            if (scope.contains(e->text) || kBuiltInVariables.contains(e->text)) return;
            const auto found = m_.variables.find(e->text);
            if (found == m_.variables.end()) {
                if (e->text.size() > 1 && e->text.back() == '0') {  // state0
                    const auto state = m_.variables.find(e->text.substr(0, e->text.size() - 1));
                    if (state != m_.variables.end() && state->second.kind == Declaration::Kind::State) {
                        add(e->text, {.where = Variable::Where::Constant, .kind = Declaration::Kind::Constant, .value = 0});
                        return;
                    }
                }
                if (m_.procedures.contains(e->text)) return;
                if (in_verbatim(e->text)) {
                    add(e->text, {.where = Variable::Where::Foreign, .kind = Declaration::Kind::Assigned, .span = e->span});
                    return;
                }
                unknown(e->text, e->span, scope, "variable");
                return;
            }
            if (found->second.is_array && e->args.empty()) d_.error(e->span, fmt::format("array `{}` needs an index", e->text), {}, ErrorKind::Index);
            if (!found->second.is_array && !e->args.empty()) d_.error(e->span, fmt::format("`{}` is not an array", e->text), {}, ErrorKind::Type);
        } else if (e->kind == Expr::Kind::Call) {
            const BuiltinFunction* builtin = m_.procedures.contains(e->text) || in_verbatim(e->text) ? nullptr : find_builtin(e->text);
            if (builtin) check_builtin(*builtin, *e);
            else if (!m_.procedures.contains(e->text) && !in_verbatim(e->text) && !listed(p().external, e->text))
                unknown(e->text, e->span, scope, "function");
            else if (const auto found = m_.procedures.find(e->text); found != m_.procedures.end() && found->second->args.size() < e->args.size() && found->second->kind != Procedure::Kind::FunctionTable)
                d_.error(e->span, fmt::format("`{}` takes {} argument{}, not {}", e->text, found->second->args.size(), found->second->args.size() == 1 ? "" : "s", e->args.size()), {}, ErrorKind::Argument);
            else if (found != m_.procedures.end() && found->second->kind == Procedure::Kind::FunctionTable && found->second->args.size() != e->args.size())
                d_.error(e->span, fmt::format("the FUNCTION_TABLE `{}` has {} argument{}, not {}", e->text, found->second->args.size(), found->second->args.size() == 1 ? "" : "s", e->args.size()), {}, ErrorKind::Argument);
        }
    }

    void check_builtin(const BuiltinFunction& f, const Expr& e) {
        if (!f.instead.empty()) return d_.error(e.span, fmt::format("the function `{}` is not supported", f.name), std::string(f.instead), ErrorKind::Unsupported);
        const int given = static_cast<int>(e.args.size());
        if (given >= f.least && given <= f.most) return;
        const std::string takes = f.least == f.most ? std::to_string(f.least) : fmt::format("{} to {}", f.least, f.most);
        d_.error(e.span, fmt::format("`{}` takes {} argument{}, not {}", f.name, takes, f.least == 1 && f.most == 1 ? "" : "s", given), {}, ErrorKind::Argument);
    }

    /// Does VERBATIM text, or a header it includes, mention the name?
    bool in_verbatim(const std::string& name) const {
        const auto in_word = [&](std::size_t i) { return i < verbatim_.size() && (std::isalnum(static_cast<unsigned char>(verbatim_[i])) || verbatim_[i] == '_'); };
        for (std::size_t at = verbatim_.find(name); at != std::string::npos; at = verbatim_.find(name, at + 1))
            if ((at == 0 || !in_word(at - 1)) && !in_word(at + name.size())) return true;
        return false;
    }

    void unknown(const std::string& name, SourceSpan span, const Scope& scope, const char* what) {
        if (!reported_.insert(name).second) return;
        ClosestName closest(name);
        for (const auto& [n, v] : m_.variables) closest.offer(n);
        for (const auto& [n, q] : m_.procedures) closest.offer(n);
        for (const auto& n : scope) closest.offer(n);
        for (const auto& f : builtin_functions()) closest.offer(std::string(f.name));
        d_.error(span, fmt::format("undefined {} `{}`", what, name), closest.hint(), ErrorKind::Name);
    }

    void check_block(const Block& block, Scope scope, bool net_receive) {
        for (const Stmt& s : block) {
            switch (s.kind) {
            case Stmt::Kind::Local: scope.insert(s.names.begin(), s.names.end()); continue;
            case Stmt::Kind::Watch:
                if (!net_receive) d_.error(s.span, "WATCH belongs in a NET_RECEIVE block only");
                break;
            case Stmt::Kind::Solve: continue;  // see choose_methods
            case Stmt::Kind::Table:
                for (const auto& n : s.names)
                    if (!m_.variables.contains(n)) unknown(n, s.span, scope, "variable");
                for (const auto& e : {s.low, s.high}) check_expr(e, scope);
                for (const auto& n : s.depend) check_expr(make_name(n, s.span), scope);
                continue;
            case Stmt::Kind::Compartment:
            case Stmt::Kind::Diffusion: {
                Scope inner = scope;
                if (!s.name.empty()) inner.insert(s.name);
                check_expr(s.value, inner);
                continue;
            }
            default: break;
            }
            if (s.kind == Stmt::Kind::Assign && !scope.contains(s.target->text))
                if (const auto v = m_.variables.find(s.target->text); v != m_.variables.end() && v->second.where == Variable::Where::Constant)
                    d_.error(s.span, fmt::format("the constant `{}` is assigned to", s.target->text), {}, ErrorKind::Type);
            for (const auto& e : {s.target, s.value, s.low, s.high, s.step, s.forward, s.backward}) check_expr(e, scope);
            for (const auto* terms : {&s.left, &s.right})
                for (const auto& t : *terms) check_expr(t.state, scope);
            Scope inner = scope;
            if (s.kind == Stmt::Kind::From) inner.insert(s.name);
            if (s.kind == Stmt::Kind::ForNetcons) inner.insert(s.names.begin(), s.names.end());
            check_block(s.body, inner, net_receive);
            check_block(s.otherwise, inner, net_receive);
        }
    }

    void check_blocks() {
        check_block(p().initial, {}, false);
        check_block(p().breakpoint, {}, false);
        check_block(p().constructor, {}, false);
        check_block(p().destructor, {}, false);
        for (const auto& t : p().timed) check_block(t.body, {}, false);
        for (const auto& q : p().procedures) {
            Scope scope(q.args.begin(), q.args.end());
            if (q.kind == Procedure::Kind::Function) scope.insert(q.name);
            if (q.kind == Procedure::Kind::NetReceive) scope.insert("flag");
            if (q.kind == Procedure::Kind::Kinetic) scope.insert({"f_flux", "b_flux"});
            check_block(q.body, scope, q.kind == Procedure::Kind::NetReceive);
        }
        // One under a condition too: a variable step integrates its block all the time.
        m_.solves = distinct_solves(p().breakpoint);
        if (m_.currents.empty()) return;
        for (const Stmt* solve : m_.solves)
            if (std::none_of(p().breakpoint.begin(), p().breakpoint.end(), [&](const Stmt& s) { return s.kind == Stmt::Kind::Solve && s.name == solve->name; }))
                d_.warning(solve->span, fmt::format("the condition around SOLVE {} has no effect: BREAKPOINT computes currents, and states are solved apart from it", solve->name));
    }

    /// Which procedures touch instance data, by themselves or through others.
    void find_needs() {
        std::map<std::string, std::set<std::string>> calls;
        for (const auto& q : p().procedures) {
            bool needs = q.kind != Procedure::Kind::Function && q.kind != Procedure::Kind::Procedure && q.kind != Procedure::Kind::FunctionTable;
            const Scope args(q.args.begin(), q.args.end());
            Scope locals = args;
            walk(q.body, [&](const Stmt& s) {
                if (s.kind == Stmt::Kind::Local) locals.insert(s.names.begin(), s.names.end());
                if (s.kind == Stmt::Kind::Table)
                    for (const auto& n : s.names) needs = needs || touches(n);
                const std::function<void(const ExprPtr&)> look = [&](const ExprPtr& e) {
                    if (!e) return;
                    if (e->kind == Expr::Kind::Name && !locals.contains(e->text)) needs = needs || touches(e->text);
                    if (e->kind == Expr::Kind::Call) {
                        calls[q.name].insert(e->text);
                        if (e->text == "net_send" || e->text == "net_event") needs = true;
                    }
                    for (const auto& a : e->args) look(a);
                };
                for (const auto& e : {s.target, s.value, s.low, s.high, s.step}) look(e);
                if (s.kind == Stmt::Kind::Verbatim)
                    for (const auto& [name, v] : m_.variables)
                        if (touches(name) && (s.name.find(name) != std::string::npos)) needs = true;
            });
            if (needs) m_.needs_instance.insert(q.name);
        }
        for (bool changed = true; changed;) {
            changed = false;
            for (const auto& [name, callees] : calls)
                for (const auto& c : callees)
                    if (m_.needs_instance.contains(c)) changed = m_.needs_instance.insert(name).second || changed;
        }
    }
    bool touches(const std::string& name) {
        if (name == "v" || name == "diam" || name == "area") return true;
        const auto found = m_.variables.find(name);
        return found != m_.variables.end() && (found->second.where == Variable::Where::Instance || found->second.where == Variable::Where::Pointer || found->second.where == Variable::Where::Ion);
    }

    Diagnostics& d_;
    Mechanism m_;
    std::set<std::string> assigned_, used_, numbered_, reported_;
    std::string verbatim_;
    bool has_table_ = false, table_switch_ = false;
};

}  // namespace

Mechanism resolve(Program program, Diagnostics& diagnostics) { return Resolver(std::move(program), diagnostics).run(); }

}  // namespace nrn::nmodl
