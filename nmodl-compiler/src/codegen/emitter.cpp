// SPDX-License-Identifier: BSD-3-Clause
// Expressions and statements as C++.
#include "codegen/emitter.hpp"

#include <algorithm>
#include <cmath>

#include "builtin_functions.hpp"
#include "codegen/verbatim_text.hpp"
#include "dataflow/solved_states.hpp"

namespace nrn::nmodl {

std::string number_text(double x) {
    if (std::isnan(x)) return "__builtin_nan(\"\")";
    if (std::isinf(x)) return x > 0 ? "__builtin_inf()" : "-__builtin_inf()";
    std::string s = fmt::format("{:.17g}", x);
    if (s.find_first_of(".en") == std::string::npos) s += ".0";
    return s;
}

std::string Emitter::variable(const std::string& name, const std::string& index) {
    for (auto s = scopes.rbegin(); s != scopes.rend(); ++s)
        if (const auto found = s->find(name); found != s->end()) return index.empty() ? found->second : found->second + "[" + index + "]";
    if (name == "v") return "_v";
    if (name == "t" || name == "dt" || name == "celsius") return "k." + name;
    if (name == "secondorder") return "k.c->secondorder";
    if (name == "diam" || name == "area") return fmt::format("k.{}[k.node[r]]", name);
    if (name == "pi") {
        const auto own = m_.variables.find(name);
        if (own == m_.variables.end()) return "3.14159265358979323846";
    }
    const auto found = m_.variables.find(name);
    if (found == m_.variables.end()) return "_l" + name;
    const Variable& v = found->second;
    switch (v.where) {
    case Variable::Where::Instance: return v.is_array ? fmt::format("k.c_{}[{}][r]", name, index.empty() ? "0" : index) : fmt::format("k.c_{}[r]", name);
    case Variable::Where::Global:
        if (v.is_array) return fmt::format("k.g[{} + ({})]", v.column, index.empty() ? "0" : index);
        return v.assigned ? fmt::format("k.g[{}]", v.column) : fmt::format("k.g_{}", name);
    case Variable::Where::Pointer: return v.slot == Variable::Slot::Pointer ? fmt::format("nrn_mod::pointed(k.m->pointer[{}][r], k, r, \"{}\")", v.column, name) : fmt::format("k.m->pointer[{}][r]", v.column);
    case Variable::Where::Ion: return fmt::format("k.ion{}_{}[k.ion{}_row[r]]", v.ion, v.column, v.ion);
    case Variable::Where::Constant: return number_text(v.value);
    case Variable::Where::Foreign:
        if (name == "stoprun") return "nrn_verbatim_stoprun()";
        return foreign_numbers(m_).contains(name) ? foreign_number(name) : name;
    case Variable::Where::External: return fmt::format("(*k.c->host->external_global(k.c, \"\", \"{}\"))", name);
    case Variable::Where::BuiltIn: break;
    }
    return "_l" + name;
}

std::string Emitter::expr(const ExprPtr& e) {
    switch (e->kind) {
    case Expr::Kind::Number: return number_text(e->number);
    case Expr::Kind::String: {
        std::string s;
        for (std::size_t i = 0; i < e->text.size(); ++i) {
            s += e->text[i];
            if (e->text[i] != '\\') continue;
            // What C does not know stands for itself.
            const bool known = i + 1 < e->text.size() && std::string_view("ntrabfv\\'?01234567").find(e->text[i + 1]) != std::string_view::npos;
            s += known ? e->text[++i] : '\\';
        }
        return "\"" + s + "\"";
    }
    case Expr::Kind::Name: return variable(e->text, e->args.empty() ? "" : "(int)(" + expr(e->args[0]) + ")");
    case Expr::Kind::Unary: return "(" + e->text + expr(e->args[0]) + ")";
    case Expr::Kind::Binary: {
        const std::string a = expr(e->args[0]);
        if (e->text == "^") {
            const ExprPtr& n = e->args[1];
            // Whole powers by multiplication: exact order, and it vectorises.
            if (n->kind == Expr::Kind::Number && n->number == std::floor(n->number) && n->number >= 2 && n->number <= 4 && e->args[0]->kind == Expr::Kind::Name) {
                std::string s = a;
                for (int i = 1; i < static_cast<int>(n->number); ++i) s += " * " + a;
                return "(" + s + ")";
            }
            return fmt::format("nrn_pow({}, {})", a, expr(n));
        }
        return fmt::format("({} {} {})", a, e->text, expr(e->args[1]));
    }
    case Expr::Kind::Call: return call(*e);
    }
    return {};
}

std::string Emitter::random_call(const Expr& e) {
    const auto slot = [&] { return e.args.empty() ? std::string("nullptr") : expr(e.args[0]); };
    const auto arg = [&](std::size_t i, const char* otherwise) { return i < e.args.size() ? expr(e.args[i]) : std::string(otherwise); };
    const std::string host = "k.c->host->";
    if (e.text == "random_uniform") return fmt::format("{}random_uniform(k.c, {}, {}, {})", host, slot(), e.args.size() > 1 ? arg(1, "0") : "0.0", e.args.size() > 2 ? arg(2, "1") : "1.0");
    if (e.text == "random_negexp") return fmt::format("{}random_exponential(k.c, {}, {})", host, slot(), arg(1, "1.0"));
    if (e.text == "random_normal") return fmt::format("{}random_normal(k.c, {}, {}, {})", host, slot(), arg(1, "0.0"), arg(2, "1.0"));
    if (e.text == "random_ipick") return fmt::format("(double){}random_integer(k.c, {})", host, slot());
    if (e.text == "random_dpick") return fmt::format("{}random_uniform(k.c, {}, 0.0, 1.0)", host, slot());
    if (e.text == "random_setseq") return fmt::format("({}random_set_sequence(k.c, {}, {}), 0.0)", host, slot(), arg(1, "0"));
    return fmt::format("({}random_set_ids(k.c, {}, (uint32_t)({}), (uint32_t)({}), (uint32_t)({})), 0.0)", host, slot(), arg(1, "0"), arg(2, "0"), arg(3, "0"));
}

/// What the parser makes of LAG x BY tau, and passes/keep_lags of the slot it uses.
std::string Emitter::lag_call(const Expr& e) {
    const auto slot = m_.variables.find(e.args[0]->text);
    if (slot == m_.variables.end() || slot->second.where != Variable::Where::Pointer) {
        d_.error(e.span, fmt::format("`{}` is what LAG makes: write LAG x BY tau", e.text), {}, ErrorKind::Name);
        return "0";
    }
    const std::string place = fmt::format("reinterpret_cast<void*&>(k.m->pointer[{}][r])", slot->second.column);
    if (e.text != "lag_value") return fmt::format("nrn_mod::Lag::{}({})", e.text.substr(4), place);
    return fmt::format("nrn_mod::Lag::of({}, {}, {}, k.t)", place, expr(e.args[1]), expr(e.args[2]));
}

/// printf: every argument as its conversion wants it.
std::string Emitter::print_call(const Expr& e) {
    const ExprPtr given = !e.args.empty() && e.args[0]->kind == Expr::Kind::String ? e.args[0] : std::make_shared<const Expr>(Expr{Expr::Kind::String, e.span, "%g"});
    std::size_t next = !e.args.empty() && given == e.args[0] ? 1 : 0;
    std::string text = expr(given);
    const std::string& format = given->text;
    for (std::size_t i = 0; i < format.size(); ++i) {
        if (format[i] != '%' || (i + 1 < format.size() && format[i + 1] == '%')) {
            if (format[i] == '%') ++i;
            continue;
        }
        const std::size_t end = format.find_first_not_of("-+ #0123456789.hlLqjzt", i + 1);
        const char kind = end == std::string::npos ? '\0' : format[end];
        const bool whole = std::string_view("diouxXc").find(kind) != std::string_view::npos && kind;
        const bool real = std::string_view("eEfFgGaA").find(kind) != std::string_view::npos && kind;
        if (next >= e.args.size() || (!whole && !real && kind != 's')) {
            d_.error(e.span, next >= e.args.size() ? "printf: there are fewer arguments than the format asks for" : "printf: the format has a conversion that is not known", {}, ErrorKind::Argument);
            return "0.0";
        }
        const ExprPtr& a = e.args[next++];
        if ((kind == 's') != (a->kind == Expr::Kind::String)) {
            d_.error(a->span, kind == 's' ? "printf: `%s` wants a text, not a number" : "printf: a number is needed here, not a text", {}, ErrorKind::Type);
            return "0.0";
        }
        const bool longer = whole && format.find('l', i) < end;
        text += fmt::format(", {}({})", kind == 's' ? "" : longer ? "(long)" : whole ? "(int)" : "(double)", expr(a));
        i = end;
    }
    return fmt::format("(k.c->host->print(k.c, {}), 0.0)", text);
}

std::string Emitter::call(const Expr& e) {
    const std::string& n = e.text;
    std::vector<std::string> args;
    const bool own = m_.procedures.contains(n);
    if (!own && n.starts_with("random_")) return random_call(e);
    if (!own && (n == "printf" || n == "prterr")) return print_call(e);
    for (const auto& a : e.args) args.push_back(n == "nrn_pointing" ? std::string() : expr(a));
    const std::string joined = fmt::format("{}", fmt::join(args, ", "));
    const auto arg = [&](std::size_t i) { return i < args.size() ? args[i] : std::string("0.0"); };
    if (own) {
        const Procedure& p = *m_.procedures.at(n);
        if (p.kind == Procedure::Kind::FunctionTable) return fmt::format("table_{}(k{}{})", n, joined.empty() ? "" : ", ", joined);
        std::string text = fmt::format("f_{}(k, r, _v", n);
        for (std::size_t i = 0; i < p.args.size(); ++i) text += ", " + arg(i);
        return text + ")";
    }
    const std::string host = "k.c->host->";
    const BuiltinFunction* builtin = find_builtin(n);
    if (builtin && !builtin->cpp.empty()) return fmt::format("{}({})", builtin->cpp, joined);
    if (n == "net_send") return fmt::format("({}net_send(k.c, k.m, r, {}, {}, {}), 0.0)", host, weight, arg(0), arg(1));
    if (n == "net_event") return fmt::format("({}net_event(k.c, k.m, r, {}), 0.0)", host, args.empty() ? "k.t" : arg(0));
    if (n == "net_move") return fmt::format("({}net_move(k.c, k.m, r, {}), 0.0)", host, arg(0));
    if (n == "state_discontinuity") return jumps_once ? fmt::format("(_jumps ? ({0} = {1}) : {0})", arg(0), arg(1)) : fmt::format("({} = {})", arg(0), arg(1));
    if (n == "at_time") return fmt::format("{}at_time(k.c, {})", host, arg(0));
    if (n == "nrn_ghk" || n == "ghk") return fmt::format("{}ghk(k.c, {})", host, joined);
    if (n == "nernst") return fmt::format("{}nernst(k.c, {})", host, joined);
    if (n == "nrn_pointing") {
        const std::string name = e.args.empty() ? "" : e.args[0]->text;
        const auto found = m_.variables.find(name);
        if (found == m_.variables.end() || found->second.where != Variable::Where::Pointer) {
            d_.error(e.span, fmt::format("nrn_pointing wants a POINTER, not `{}`", name), {}, ErrorKind::Type);
            return "0";
        }
        return fmt::format("(k.m->pointer[{}][r] != nullptr ? 1.0 : 0.0)", found->second.column);
    }
    if (builtin && n.starts_with("lag_")) return lag_call(e);
    if (n == "hoc_execerror" || n == "error") return fmt::format("{}fail(k.c, k.m, r, \"%s\", {})", host, arg(0));
    if (n == "scop_random") return host + "scop_random(k.c)";
    if (n == "set_seed") return fmt::format("({}set_seed(k.c, {}), 0.0)", host, arg(0));
    if (n == "exprand") return fmt::format("{}random_exponential(k.c, nullptr, {})", host, arg(0));
    if (n == "normrand") return fmt::format("{}random_normal(k.c, nullptr, {}, {})", host, arg(0), arg(1));
    if (n == "poisrand") return fmt::format("{}random_poisson(k.c, nullptr, {})", host, arg(0));
    return fmt::format("{}({})", n, joined);  // defined in a VERBATIM block
}

void Emitter::returning_block(std::string& out, const Block& b, int indent) {
    bool returns = false;
    const std::function<void(const Block&)> look = [&](const Block& inner) {
        for (const Stmt& s : inner) {
            returns = returns || (s.kind == Stmt::Kind::Verbatim && s.name.find("return") != std::string::npos);
            look(s.body);
            look(s.otherwise);
        }
    };
    look(b);
    if (!returns) return block(out, b, indent);
    out += pad(indent) + "[&]() -> nrn_verbatim_return {\n";
    block(out, b, indent + 1);
    out += pad(indent + 1) + "return {};\n" + pad(indent) + "}();\n";
}

void Emitter::block(std::string& out, const Block& b, int indent) {
    scopes.emplace_back();
    for (const Stmt& s : b) statement(out, s, indent);
    scopes.pop_back();
}

std::string Emitter::line_of(SourceSpan span) const {
    std::string file;
    const auto included = m_.program.included.find(span.source);
    for (const char c : included == m_.program.included.end() ? m_.program.file : included->second) {
        if (c == '"' || c == '\\') file += '\\';
        file += c;
    }
    return fmt::format("#line {} \"{}\"\n", span.line, file);
}

void Emitter::verbatim(std::string& out, const Stmt& s) {
    const VariableText text = [this](const std::string& name, const std::string& index) { return "(" + variable(name, index) + ")"; };
    out += kBeforeVerbatim + line_of(s.span) + translate_verbatim(s.name, m_, true, text) + "\n" + kAfterVerbatim + kGenerated;
}

/// A block that is solved elsewhere is called by its name: by cnexp that is a step, by other methods what the block
/// assigns, as in the reference.
bool Emitter::solved_block_call(std::string& out, const Stmt& s, int indent) {
    const auto called = m_.procedures.find(s.value->text);
    if (called == m_.procedures.end() || (called->second->kind != Procedure::Kind::Derivative && called->second->kind != Procedure::Kind::Kinetic)) return false;
    const Procedure& block = *called->second;
    const auto solved = std::find_if(m_.solves.begin(), m_.solves.end(), [&](const Stmt* x) { return x->name == block.name; });
    if (solved != m_.solves.end() && (*solved)->method == "cnexp" && solve) {
        solve(out, **solved, indent);
        return true;
    }
    const bool kinetic = block.kind == Procedure::Kind::Kinetic;
    out += fmt::format("{0}{{\n{0}    double _slopes[{1}];\n{0}    deriv_{2}(k, r, _v, _slopes{3});\n{0}}}\n", pad(indent), std::max<std::size_t>(1, solved_states(m_, block).size()), block.name, kinetic ? ", nullptr" : "");
    return true;
}

void Emitter::statement(std::string& out, const Stmt& s, int indent) {
    const std::string in = pad(indent);
    switch (s.kind) {
    case Stmt::Kind::Assign: {
        const std::string x = lvalue(s.target);
        const auto slope = s.target->args.empty() ? adjusted.find(s.target->text) : adjusted.end();
        if (slope == adjusted.end()) out += fmt::format("{}{} = {};\n", in, x, expr(s.value));
        else
            out += fmt::format("{0}{{\n{0}    const double _before = {1};\n{0}    {1} = {2};\n{0}    if (k.c->netrec_state_adjust && !k.c->variable_step) {1} = _before + ({1} - _before) * nrn_exp(0.5 * k.dt * ({3}));\n{0}}}\n",
                               in, x, expr(s.value), expr(slope->second));
        return;
    }
    case Stmt::Kind::Call:
        if (!solved_block_call(out, s, indent)) out += fmt::format("{}(void)({});\n", in, expr(s.value));
        return;
    case Stmt::Kind::If:
        out += fmt::format("{}if ({}) {{\n", in, expr(s.value));
        block(out, s.body, indent + 1);
        out += in + "}";
        if (!s.otherwise.empty()) {
            out += " else {\n";
            block(out, s.otherwise, indent + 1);
            out += in + "}";
        }
        out += "\n";
        return;
    case Stmt::Kind::While:
        out += fmt::format("{}while ({}) {{\n", in, expr(s.value));
        block(out, s.body, indent + 1);
        out += in + "}\n";
        return;
    case Stmt::Kind::From: {
        const std::string low = expr(s.low), high = expr(s.high), step = s.step ? expr(s.step) : "1";
        scopes.push_back({{s.name, "_l" + s.name}});
        out += fmt::format("{}for (int _l{} = (int)({}), _end{} = (int)({}); _l{} <= _end{}; _l{} += (int)({})) {{\n", in, s.name, low, s.name, high, s.name, s.name, s.name, step);
        block(out, s.body, indent + 1);
        out += in + "}\n";
        scopes.pop_back();
        return;
    }
    case Stmt::Kind::Local:
        for (std::size_t i = 0; i < s.names.size(); ++i) {
            scopes.back()[s.names[i]] = "_l" + s.names[i];
            if (s.sizes[i]) out += fmt::format("{}double _l{}[(int)({})] = {{}};\n", in, s.names[i], expr(s.sizes[i]));
            else out += fmt::format("{}double _l{} = 0; (void)_l{};\n", in, s.names[i], s.names[i]);
        }
        return;
    case Stmt::Kind::Block:
        if (s.body.empty()) return;
        out += in + "{\n";
        block(out, s.body, indent + 1);
        out += in + "}\n";
        return;
    case Stmt::Kind::Verbatim: verbatim(out, s); return;
    case Stmt::Kind::Solve:
        if (solve) solve(out, s, indent);
        return;
    case Stmt::Kind::Watch:
        out += fmt::format("{}k.c->host->watch(k.c, k.m, r, {}, {}, _first_watch); _first_watch = 0;\n", in, watch_count++, expr(s.low));
        watches.push_back(s.value);
        return;
    case Stmt::Kind::ForNetcons: {
        out += fmt::format("{}{{\n{}    double* const* _weights = nullptr;\n{}    const int _n = k.c->host->for_netcons(k.c, k.m, r, &_weights);\n", in, in, in);
        out += fmt::format("{}    for (int _j = 0; _j < _n; ++_j) {{\n{}        double* _w = _weights[_j]; (void)_w;\n", in, in);
        scopes.emplace_back();
        for (std::size_t i = 0; i < s.names.size(); ++i) scopes.back()[s.names[i]] = fmt::format("_w[{}]", i);
        block(out, s.body, indent + 2);
        scopes.pop_back();
        out += fmt::format("{}    }}\n{}}}\n", in, in);
        return;
    }
    case Stmt::Kind::Initial:  // printed on its own
    case Stmt::Kind::Table:
    case Stmt::Kind::Conductance:
    case Stmt::Kind::Compartment:
    case Stmt::Kind::Diffusion: return;
    case Stmt::Kind::DiffEq:
    case Stmt::Kind::Reaction:
    case Stmt::Kind::Conserve:
    case Stmt::Kind::LinearEq:
        if (equation) equation(out, s, indent);
        else d_.error(s.span, "this equation does not belong in a block of this kind");
        return;
    case Stmt::Kind::Return: out += fmt::format("{}return {};\n", in, expr(s.value)); return;
    }
}

}  // namespace nrn::nmodl
