// SPDX-License-Identifier: BSD-3-Clause
// Printing of SOLVE methods.
#include "codegen/solve_printer.hpp"

#include <algorithm>

#include "codegen/newton_printer.hpp"

namespace nrn::nmodl {
std::string SolvePrinter::reference(const StateColumn& s) const {
    const Variable& v = m_.variables.at(s.name);
    return v.is_array ? fmt::format("k.c_{}[{}][r]", s.name, s.element) : fmt::format("k.c_{}[r]", s.name);
}

std::map<std::string, ExprPtr> SolvePrinter::decaying_states() const {
    std::map<std::string, ExprPtr> states;
    const auto unknown = [&](const Expr& e) { return e.kind == Expr::Kind::Name && !m_.variables.count(e.text); };
    for (const Stmt& solve : m_.program.breakpoint) {
        const auto found = solve.kind == Stmt::Kind::Solve && solve.method == "cnexp" ? m_.procedures.find(solve.name) : m_.procedures.end();
        if (found == m_.procedures.end()) continue;
        walk(found->second->body, [&](const Stmt& s) {
            if (s.kind != Stmt::Kind::DiffEq || !s.target->args.empty()) return;
            const auto slope = differentiate(s.value, *s.target);
            if (slope && !is_number(*slope, 0) && !mentions(*slope, *s.target) && !mentions(*slope, unknown)) states[s.target->text] = *slope;
        });
    }
    return states;
}

void SolvePrinter::cnexp_equation(std::string& out, const Stmt& s, int indent, double) {
    // x' = a + b x  =>  x(t + dt) = x + (1 - exp(b dt)) (-a/b - x)
    const auto slope = differentiate(s.value, *s.target);
    const ExprPtr constant = substitute(s.value, *s.target, make_number(0));
    const std::string x = e_.lvalue(s.target), in = Emitter::pad(indent);
    if (!slope || is_number(*slope, 0)) {
        out += fmt::format("{}{} = {} + k.dt * ({});\n", in, x, x, e_.expr(s.value));
        return;
    }
    const std::string b = e_.expr(*slope), a = e_.expr(constant);
    out += fmt::format("{}{{\n{}    const double _b = {}, _a = {}, _x = {};\n{}    {} = _x + (1.0 - nrn_exp(k.dt * _b)) * (-_a / _b - _x);\n{}}}\n", in, in, b, a, x, in, x, in);
}

/// void deriv_NAME(k, r, v, f): f = right-hand sides at the states now in their columns.
void SolvePrinter::derivative_function(std::string& out, const Procedure& p) {
    const auto states = solved_states(m_, p);
    out += fmt::format("static inline void deriv_{}(const K& k, int r, double _v, double* _f) {{\n    (void)k; (void)r; (void)_v;\n    for (int _i = 0; _i < {}; ++_i) _f[_i] = 0;\n", p.name, states.size());
    e_.equation = [&](std::string& o, const Stmt& s, int indent) {
        if (s.kind != Stmt::Kind::DiffEq) {
            d_.error(s.span, "only differential equations belong in a DERIVATIVE block");
            return;
        }
        int first = 0;
        for (const auto& u : states) {
            if (u.name == s.target->text) break;
            ++first;
        }
        const std::string index = s.target->args.empty() ? std::to_string(first) : fmt::format("{} + (int)({})", first, e_.expr(s.target->args[0]));
        o += fmt::format("{}_f[{}] = {};\n", Emitter::pad(indent), index, e_.expr(s.value));
    };
    e_.block(out, p.body, 1);
    e_.equation = nullptr;
    out += "}\n\n";
}

void SolvePrinter::kinetic_function(std::string& out, const Procedure& p) {
    const auto states = solved_states(m_, p);
    const auto first_of = [&](const std::string& name) {
        for (std::size_t i = 0; i < states.size(); ++i)
            if (states[i].name == name) return static_cast<int>(i);
        return -1;
    };
    const auto index_of = [&](const Term& t) {
        const int first = first_of(t.state->text);
        return t.state->args.empty() ? std::to_string(first) : fmt::format("{} + (int)({})", first, e_.expr(t.state->args[0]));
    };
    const std::size_t n = states.size();
    // _conserved[i] set: row i is a conservation law, its residual in _f.
    out += fmt::format("static inline void deriv_{}(const K& k, int r, double _v, double* _f, bool* _conserved, const double* _amount) {{\n    (void)k; (void)r; (void)_v; (void)_amount;\n"
                       "    double _volume[{}]; (void)_volume;\n    double _lf_flux = 0, _lb_flux = 0; (void)_lf_flux; (void)_lb_flux;\n"
                       "    for (int _i = 0; _i < {}; ++_i) {{ _f[_i] = 0; _volume[_i] = 1; if (_conserved) _conserved[_i] = false; }}\n", p.name, std::max<std::size_t>(n, 1), n);
    e_.scopes.push_back({{"f_flux", "_lf_flux"}, {"b_flux", "_lb_flux"}});
    walk(p.body, [&](const Stmt& s) {
        if (s.kind != Stmt::Kind::Compartment) return;
        for (const auto& name : s.names) {
            const int first = first_of(name);
            if (first < 0) continue;
            const Variable& v = m_.variables.at(name);
            if (s.name.empty()) {
                for (int i = 0; i < v.length; ++i) out += fmt::format("    _volume[{}] = {};\n", first + i, e_.expr(s.value));
            } else {
                e_.scopes.push_back({{s.name, "_i"}});
                out += fmt::format("    for (int _i = 0; _i < {}; ++_i) _volume[{} + _i] = {};\n", v.length, first, e_.expr(s.value));
                e_.scopes.pop_back();
            }
        }
    });
    e_.equation = [&](std::string& o, const Stmt& s, int indent) {
        const std::string in = Emitter::pad(indent);
        const auto product = [&](const std::vector<Term>& side) {
            std::string text;
            for (const Term& t : side) {
                const bool own = first_of(t.state->text) >= 0;
                const std::string amount = own ? fmt::format("(_amount ? _amount[{}] : {})", index_of(t), e_.expr(t.state)) : e_.expr(t.state);
                for (int i = 0; i < static_cast<int>(t.coefficient); ++i) text += " * " + amount;
            }
            return text;
        };
        if (s.kind == Stmt::Kind::Reaction && s.arrow == Stmt::Arrow::Into) {
            o += fmt::format("{}_f[{}] += {};\n{}_lf_flux = _lb_flux = 0;\n", in, index_of(s.left[0]), e_.expr(s.forward), in);
        } else if (s.kind == Stmt::Kind::Reaction) {
            o += fmt::format("{}_lf_flux = ({}){};\n", in, e_.expr(s.forward), product(s.left));
            o += s.arrow == Stmt::Arrow::Both ? fmt::format("{}_lb_flux = ({}){};\n", in, e_.expr(s.backward), product(s.right)) : in + "_lb_flux = 0;\n";
            for (const Term& t : s.left)
                if (first_of(t.state->text) >= 0) o += fmt::format("{}_f[{}] -= {} * (_lf_flux - _lb_flux);\n", in, index_of(t), number_text(t.coefficient));
            for (const Term& t : s.right)
                if (first_of(t.state->text) >= 0) o += fmt::format("{}_f[{}] += {} * (_lf_flux - _lb_flux);\n", in, index_of(t), number_text(t.coefficient));
        } else if (s.kind == Stmt::Kind::Conserve) {
            // Takes the place of the last state's equation.
            const Variable& last = m_.variables.at(s.left.back().state->text);
            const std::string row = last.is_array && s.left.back().state->args.empty() ? std::to_string(first_of(s.left.back().state->text) + last.length - 1) : index_of(s.left.back());
            o += fmt::format("{}if (_conserved) {{\n{}    _conserved[{}] = true;\n{}    _f[{}] = -({})", in, in, row, in, row, e_.expr(s.value));
            for (const Term& t : s.left) {
                const Variable& v = m_.variables.at(t.state->text);
                if (v.is_array && t.state->args.empty())
                    for (int i = 0; i < v.length; ++i) o += fmt::format(" + {} * _volume[{}] * k.c_{}[{}][r]", number_text(t.coefficient), first_of(t.state->text) + i, t.state->text, i);
                else o += fmt::format(" + {} * {} * {}", number_text(t.coefficient), first_of(t.state->text) >= 0 ? "_volume[" + index_of(t) + "]" : "1.0", e_.expr(t.state));
            }
            o += ";\n" + in + "}\n";
        } else {
            d_.error(s.span, "only reactions and CONSERVE belong in a KINETIC block");
        }
    };
    e_.block(out, p.body, 1);
    e_.equation = nullptr;
    e_.scopes.pop_back();
    out += fmt::format("    for (int _i = 0; _i < {}; ++_i) if (!_conserved || !_conserved[_i]) _f[_i] /= _volume[_i];\n}}\n\n", n);
}

void SolvePrinter::algebraic_function(std::string& out, const Procedure& p) {
    const auto states = solved_states(m_, p);
    out += fmt::format("static inline void deriv_{}(const K& k, int r, double _v, double* _f) {{\n    (void)k; (void)r; (void)_v; int _row = 0;\n    for (int _i = 0; _i < {}; ++_i) _f[_i] = 0;\n", p.name, std::max<std::size_t>(1, states.size()));
    e_.equation = [&](std::string& o, const Stmt& s, int indent) {
        if (s.kind != Stmt::Kind::LinearEq) {
            d_.error(s.span, "only equations belong in a LINEAR or NONLINEAR block");
            return;
        }
        o += fmt::format("{}if (_row < {}) _f[_row++] = ({}) - ({});\n", Emitter::pad(indent), states.size(), e_.expr(s.target), e_.expr(s.value));
    };
    e_.block(out, p.body, 1);
    e_.equation = nullptr;
    out += "}\n\n";
}

void SolvePrinter::declare_helpers(std::string& out) {
    for (const auto& p : m_.program.procedures) {
        if (p.kind == Procedure::Kind::Kinetic) out += fmt::format("static inline void deriv_{}(const K& k, int r, double _v, double* _f, bool* _conserved, const double* _amount = nullptr);\n", p.name);
        else if (p.kind == Procedure::Kind::Derivative || p.kind == Procedure::Kind::Linear || p.kind == Procedure::Kind::Nonlinear)
            out += fmt::format("static inline void deriv_{}(const K& k, int r, double _v, double* _f);\n", p.name);
    }
}

void SolvePrinter::print_helpers(std::string& out) {
    for (const auto& p : m_.program.procedures) {
        if (p.kind == Procedure::Kind::Derivative) derivative_function(out, p);
        else if (p.kind == Procedure::Kind::Kinetic) kinetic_function(out, p);
        else if (p.kind == Procedure::Kind::Linear || p.kind == Procedure::Kind::Nonlinear) algebraic_function(out, p);
    }
}

/// x - x0 - dt f(x) = 0, or f(x) = 0 for a steady state, by Newton's method on the columns themselves.
void SolvePrinter::implicit_step(std::string& out, const Procedure& p, bool steady, int indent) {
    const auto states = solved_states(m_, p);
    const std::size_t n = states.size();
    const std::string in = Emitter::pad(indent);
    if (n == 0 || print_newton(out, m_, p, steady, indent)) return;
    // Linear reactions take one step: what statements compute from states is that of the step's beginning.
    bool conserves = false;
    walk(p.body, [&](const Stmt& s) { conserves = conserves || s.kind == Stmt::Kind::Conserve; });
    const bool lags = p.kind == Procedure::Kind::Kinetic && !steady && !conserves && has_linear_reactions(m_, p);
    const bool kinetic = p.kind == Procedure::Kind::Kinetic, algebraic = p.kind == Procedure::Kind::Linear || p.kind == Procedure::Kind::Nonlinear;
    out += fmt::format("{}{{\n{}    double _x[{}], _old[{}]; (void)_old;\n", in, in, n, n);
    if (!algebraic) out += fmt::format("{}    const bool _middle = {}; (void)_middle;\n{}    const double _step = {};\n", in, steady ? "false" : "k.c->secondorder != 0", in, steady ? "1e9" : "_middle ? k.dt / 2 : k.dt");
    for (std::size_t i = 0; i < n; ++i) out += fmt::format("{}    _old[{}] = _x[{}] = {};\n", in, i, i, reference(states[i]));
    out += fmt::format("{}    const auto _residual = [&](const double* _at, double* _f) {{\n", in);
    if (!lags)
        for (std::size_t i = 0; i < n; ++i) out += fmt::format("{}        {} = _at[{}];\n", in, reference(states[i]), i);
    if (lags) {  // what the block assigns may be states too
        for (std::size_t i = 0; i < n; ++i) out += fmt::format("{}        {} = _old[{}];\n", in, reference(states[i]), i);
        out += fmt::format("{}        deriv_{}(k, r, _v, _f, nullptr, _at);\n", in, p.name);
    } else if (kinetic) out += fmt::format("{}        bool _conserved[{}];\n{}        deriv_{}(k, r, _v, _f, _conserved);\n", in, n, in, p.name);
    else out += fmt::format("{}        deriv_{}(k, r, _v, _f);\n", in, p.name);
    // A steady state is one step of 1e9 ms, so that schemes without CONSERVE keep what they conserve.
    if (!algebraic)
        out += fmt::format("{}        for (int _i = 0; _i < {}; ++_i) {}_f[_i] = _at[_i] - _old[_i] - _step * _f[_i];\n", in, n, kinetic && !lags ? "if (!_conserved[_i]) " : "");
    out += fmt::format("{}    }};\n{}    if (!nrn_mod::newton<{}{}>(_x, _residual)) return k.c->host->fail(k.c, k.m, r, \"SOLVE {} does not converge\");\n", in, in, n, kinetic && !has_linear_reactions(m_, p) ? ", true" : "", p.name);
    // secondorder: the implicit step goes to the middle of the interval, the rest is extrapolated
    for (std::size_t i = 0; i < n; ++i)
        out += algebraic ? fmt::format("{}    {} = _x[{}];\n", in, reference(states[i]), i)
                         : fmt::format("{0}    {1} = _middle ? 2 * _x[{2}] - _old[{2}] : _x[{2}];\n", in, reference(states[i]), i);
    if (lags) out += fmt::format("{}    double _last[{}];\n{}    deriv_{}(k, r, _v, _last, nullptr);\n", in, n, in, p.name);  // what the block assigns is that of the end
    out += in + "}\n";
}

void SolvePrinter::print_solve(std::string& out, const Stmt& s, int indent) {
    const auto found = m_.procedures.find(s.name);
    if (found == m_.procedures.end()) return;
    const Procedure& p = *found->second;
    const std::string in = Emitter::pad(indent);
    const std::string& method = s.method;
    if (p.kind == Procedure::Kind::Procedure || p.kind == Procedure::Kind::Function || p.kind == Procedure::Kind::Discrete) {
        out += fmt::format("{}(void)f_{}(k, r, _v);\n", in, p.name);
        return;
    }
    if (p.kind == Procedure::Kind::Derivative && method == "cnexp" && !s.steady_state) {
        e_.equation = [&](std::string& o, const Stmt& q, int i) { cnexp_equation(o, q, i, 1); };
        out += in + "{\n";
        e_.block(out, p.body, indent + 1);
        out += in + "}\n";
        e_.equation = nullptr;
        return;
    }
    if ((p.kind == Procedure::Kind::Derivative || p.kind == Procedure::Kind::Kinetic) && (method == "euler" || method == "runge") && !s.steady_state) {
        const auto states = solved_states(m_, p);
        const std::size_t n = states.size();
        if (n == 0) return;
        const char* conserved = p.kind == Procedure::Kind::Kinetic ? ", nullptr" : "";
        const auto stage = [&](const char* f, const char* scale) {
            for (std::size_t i = 0; i < n; ++i) out += fmt::format("{}    {} = _old[{}] + _h * {} * {}[{}];\n", in, reference(states[i]), i, scale, f, i);
        };
        // secondorder: runge goes to the middle of the interval, and on from there with the last slope; euler's slope is the same anyway.
        out += fmt::format("{}{{\n{}    double _old[{}], _f1[{}];\n{}    const bool _middle = {}; const double _h = _middle ? k.dt / 2 : k.dt;\n", in, in, n, n, in, method == "runge" ? "k.c->secondorder != 0" : "false");
        for (std::size_t i = 0; i < n; ++i) out += fmt::format("{}    _old[{}] = {};\n", in, i, reference(states[i]));
        out += fmt::format("{}    deriv_{}(k, r, _v, _f1{});\n", in, p.name, conserved);
        if (method == "euler") {
            stage("_f1", "1.0");
        } else {
            // Stages see their own time, and what the block assigns is in the end that of the new states, as in the reference.
            out += fmt::format("{}    double _f2[{}], _f3[{}], _f4[{}];\n{}    K _later(k);\n", in, n, n, n, in);
            const auto evaluate = [&](const char* f, const char* step) { out += fmt::format("{}    _later.t = k.t + {} * _h;\n{}    deriv_{}(_later, r, _v, {}{});\n", in, step, in, p.name, f, conserved); };
            stage("_f1", "0.5");
            evaluate("_f2", "0.5");
            stage("_f2", "0.5");
            evaluate("_f3", "0.5");
            stage("_f3", "1.0");
            evaluate("_f4", "1.0");
            for (std::size_t i = 0; i < n; ++i) out += fmt::format("{}    {} = _old[{}] + _h / 6.0 * (_f1[{}] + 2.0 * _f2[{}] + 2.0 * _f3[{}] + _f4[{}]) + (_middle ? _h * _f4[{}] : 0.0);\n", in, reference(states[i]), i, i, i, i, i, i);
            out += fmt::format("{}    deriv_{}(k, r, _v, _f1{});\n", in, p.name, conserved);
        }
        out += in + "}\n";
        return;
    }
    implicit_step(out, p, s.steady_state, indent);
}

/// As many columns as print_ode uses.
int SolvePrinter::derivatives() const {
    std::size_t n = 0;
    for (const Stmt* s : m_.solves) {
        const auto found = m_.procedures.find(s->name);
        if (found == m_.procedures.end() || s->steady_state) continue;
        const Procedure& p = *found->second;
        if (p.kind == Procedure::Kind::Derivative || p.kind == Procedure::Kind::Kinetic) n += solved_states(m_, p).size();
    }
    return static_cast<int>(n);
}

bool SolvePrinter::print_ode(std::string& out) {
    std::string rhs, solve;
    bool any = false;
    for (const Stmt* s : m_.solves) {
        const auto found = m_.procedures.find(s->name);
        if (found == m_.procedures.end() || s->steady_state) continue;
        const Procedure& p = *found->second;
        if (p.kind == Procedure::Kind::Procedure) {
            if (s->method.empty()) unfit_ = fmt::format("SOLVE {} without a method steps with dt", p.name);
            continue;
        }
        if (p.kind != Procedure::Kind::Derivative && p.kind != Procedure::Kind::Kinetic) continue;
        const auto states = solved_states(m_, p);
        const std::size_t n = states.size();
        if (n == 0) continue;
        any = true;
        const std::size_t first = ode_states_.size();
        ode_states_.insert(ode_states_.end(), states.begin(), states.end());
        const bool kinetic = p.kind == Procedure::Kind::Kinetic;
        const std::string deriv = fmt::format("deriv_{}(k, r, _v, {{}}{})", p.name, kinetic ? ", nullptr" : "");
        const auto column = [&](std::size_t i) { return fmt::format("k.m->column[{}][r]", first_derivative_column + static_cast<int>(first + i)); };
        rhs += fmt::format("        {{\n            double _f[{}];\n            {};\n", n, fmt::format(fmt::runtime(deriv), "_f"));
        for (std::size_t i = 0; i < n; ++i) rhs += fmt::format("            {} = _f[{}];\n", column(i), i);
        rhs += "        }\n        write_ions(k, r);\n";
        if (!print_corrector(solve, m_, p, first_derivative_column + static_cast<int>(first), 2)) {
            // (1 - dt J) x = b with J by differences: exact enough for the corrector of a variable-step method.
            solve += fmt::format("        {{\n            double _x[{0}], _f[{0}], _j[{0}][{0}], _b[{0}];\n", n);
            for (std::size_t i = 0; i < n; ++i) solve += fmt::format("            _x[{0}] = {1}; _b[{0}] = {2};\n", i, reference(states[i]), column(i));
            solve += "            const auto _at = [&](const double* _y, double* _g) {\n";
            for (std::size_t i = 0; i < n; ++i) solve += fmt::format("                {} = _y[{}];\n", reference(states[i]), i);
            solve += fmt::format("                {};\n            }};\n            _at(_x, _f);\n            nrn_mod::difference_jacobian<{}>(_x, _f, _j, _at);\n", fmt::format(fmt::runtime(deriv), "_g"), n);
            solve += "            _at(_x, _f);\n";  // what the block assigns belongs to the states again
            const char* taken = kinetic ? "" : "if (_a == _c) ";  // of a DERIVATIVE block the diagonal: see FlowBuilder::corrected
            solve += fmt::format("            for (int _a = 0; _a < {0}; ++_a) for (int _c = 0; _c < {0}; ++_c) {1}_j[_a][_c] = (_a == _c) - k.dt * _j[_a][_c];\n", n, taken);
            if (!kinetic) {
                for (std::size_t i = 0; i < n; ++i) solve += fmt::format("            _b[{0}] /= _j[{0}][{0}];\n", i);
            } else {
                solve += fmt::format("            if (!nrn_mod::solve_dense<{}>(_j, _b)) return k.c->host->fail(k.c, k.m, r, \"the Jacobian of {} is singular\");\n", n, p.name);
            }
            for (std::size_t i = 0; i < n; ++i) solve += fmt::format("            {} = _b[{}];\n", column(i), i);
            solve += "        }\n";
        }
    }
    if (!any) return false;
    for (const auto& [name, body] : {std::pair{"ode_rhs", &rhs}, {"ode_solve", &solve}})
        if (!vectors || !vectors(out, name)) out += fmt::format("static nrn_status {}(nrn_context* c, nrn_mech_view* m, int32_t begin, int32_t end) {{\n    const K k(c, m);\n    NRN_VERBATIM_SCOPE\n    for (int r = begin; r < end; ++r) {{\n        const double _v = voltage(k, r); (void)_v;\n        read_ions(k, r, true);\n        read_currents(k, r);\n{}    }}\n    NRN_VERBATIM_END\n    return NRN_OK;\n}}\n\n", name, *body);
    return true;
}

}  // namespace nrn::nmodl
