// SPDX-License-Identifier: BSD-3-Clause
// Prints declarations, statements and expressions.
#include "ast_printer.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace nrn::nmodl {
namespace {

int rank(const Expr& e) {
    static const std::map<std::string, int> ranks{{"||", 1}, {"&&", 2}, {"<", 3}, {">", 3}, {"<=", 3}, {">=", 3}, {"==", 3}, {"!=", 3}, {"+", 4}, {"-", 4}, {"*", 5}, {"/", 5}, {"^", 7}};
    if (e.kind == Expr::Kind::Unary) return 6;
    if (e.kind == Expr::Kind::Number && e.number < 0) return 6;
    return e.kind == Expr::Kind::Binary ? ranks.at(e.text) : 8;
}

std::string with_units(const std::string& units) { return units.empty() ? "" : " (" + units + ")"; }
std::string plain(double x) { return fmt::format("{}", x); }

std::string expression(const Expr& e, int needed = 0) {
    const auto arg = [&](std::size_t i, int least) { return expression(*e.args[i], least); };
    const int own = rank(e);
    std::string s;
    switch (e.kind) {
    case Expr::Kind::Number: s = e.factor ? "(" + plain(e.number) + ")" : plain(e.number) + with_units(e.units); break;
    case Expr::Kind::String: s = "\"" + e.text + "\""; break;
    case Expr::Kind::Name: s = e.text + std::string(static_cast<std::size_t>(e.prime), '\'') + (e.args.empty() ? "" : "[" + arg(0, 0) + "]"); break;
    case Expr::Kind::Unary: s = e.text + arg(0, 6); break;
    case Expr::Kind::Binary:
        // From left to right, so the right operand of the same rank keeps its parentheses.
        s = arg(0, own) + (own >= 5 ? e.text : " " + e.text + " ") + arg(1, own + 1);
        break;
    case Expr::Kind::Call:
        for (std::size_t i = 0; i < e.args.size(); ++i) s += (i ? ", " : "") + arg(i, 0);
        s = e.text + "(" + s + ")";
        break;
    }
    return own < needed ? "(" + s + ")" : s;
}

std::string terms(const std::vector<Term>& list) {
    std::string s;
    for (const Term& t : list) {
        const std::string count = std::abs(t.coefficient) == 1 ? "" : plain(std::abs(t.coefficient)) + " ";
        s += (t.coefficient < 0 ? (s.empty() ? "-" : " - ") : s.empty() ? "" : " + ") + count + expression(*t.state);
    }
    return s;
}

class StatementPrinter {
  public:
    explicit StatementPrinter(int indent) : indent_(indent) {}
    void block(const Block& b) {
        for (const Stmt& s : b) statement(s);
    }
    std::string text;

  private:
    void line(const std::string& s) { text += std::string(static_cast<std::size_t>(indent_) * 4, ' ') + s + "\n"; }
    void inner(const std::string& head, const Block& b) {
        line(head.empty() ? "{" : head + " {");
        ++indent_;
        block(b);
        --indent_;
        line("}");
    }
    void statement(const Stmt& s);
    int indent_;
};

std::string reaction(const Stmt& s) {
    std::string r = "~ " + terms(s.left);
    if (s.arrow == Stmt::Arrow::Into) return r + " << (" + expression(*s.forward) + ")";
    if (s.arrow == Stmt::Arrow::Right) return r + " -> " + terms(s.right) + (s.right.empty() ? "" : " ") + "(" + expression(*s.forward) + ")";
    return r + " <-> " + terms(s.right) + " (" + expression(*s.forward) + ", " + expression(*s.backward) + ")";
}

std::string local(const Stmt& s) {
    std::string r;
    for (std::size_t i = 0; i < s.names.size(); ++i) r += (i ? ", " : "LOCAL ") + s.names[i] + (s.sizes[i] ? "[" + expression(*s.sizes[i]) + "]" : "");
    return r;
}

std::string table(const Stmt& s) {
    const std::string names = s.names.empty() ? "" : fmt::format("{} ", fmt::join(s.names, ", ")), depend = s.depend.empty() ? "" : fmt::format("DEPEND {} ", fmt::join(s.depend, ", "));
    return fmt::format("TABLE {}{}FROM {} TO {} WITH {}", names, depend, expression(*s.low), expression(*s.high), s.count);
}

void StatementPrinter::statement(const Stmt& s) {
    const auto e = [](const ExprPtr& x) { return expression(*x); };
    switch (s.kind) {
    case Stmt::Kind::Assign: return line(e(s.target) + " = " + e(s.value));
    case Stmt::Kind::DiffEq: return line(s.target->text + "'" + (s.target->args.empty() ? "" : "[" + e(s.target->args[0]) + "]") + " = " + e(s.value));
    case Stmt::Kind::LinearEq: return line("~ " + e(s.target) + " = " + e(s.value));
    case Stmt::Kind::Call: return line(e(s.value));
    case Stmt::Kind::If:
        inner("IF (" + e(s.value) + ")", s.body);
        if (s.otherwise.empty()) return;
        text.insert(text.size() - 1, " ELSE");
        if (s.otherwise.size() == 1 && s.otherwise[0].kind == Stmt::Kind::If) {
            // on the same line
            text.back() = ' ';
            const std::size_t at = text.size();
            statement(s.otherwise[0]);
            text.erase(at, static_cast<std::size_t>(indent_) * 4);
            return;
        }
        text.insert(text.size() - 1, " {");
        ++indent_;
        block(s.otherwise);
        --indent_;
        return line("}");
    case Stmt::Kind::While: return inner("WHILE (" + e(s.value) + ")", s.body);
    case Stmt::Kind::From: return inner(fmt::format("FROM {} = {} TO {}{}", s.name, e(s.low), e(s.high), s.step ? " BY " + e(s.step) : ""), s.body);
    case Stmt::Kind::Local: return line(local(s));
    case Stmt::Kind::Solve: return line("SOLVE " + s.name + (s.method.empty() ? "" : (s.steady_state ? " STEADYSTATE " : " METHOD ") + s.method));
    case Stmt::Kind::Verbatim: text += "VERBATIM" + s.name + "ENDVERBATIM\n"; return;
    case Stmt::Kind::Table: return line(table(s));
    case Stmt::Kind::Reaction: return line(reaction(s));
    case Stmt::Kind::Conserve: return line("CONSERVE " + terms(s.left) + " = " + e(s.value));
    case Stmt::Kind::Compartment:
    case Stmt::Kind::Diffusion:
        return line(fmt::format("{} {}{} {{ {} }}", s.kind == Stmt::Kind::Compartment ? "COMPARTMENT" : "LONGITUDINAL_DIFFUSION", s.name.empty() ? "" : s.name + ", ", e(s.value), fmt::join(s.names, " ")));
    case Stmt::Kind::Watch: return line("WATCH (" + e(s.value) + ") " + expression(*s.low, 6));
    case Stmt::Kind::Block:
        if (std::all_of(s.body.begin(), s.body.end(), [](const Stmt& b) { return b.kind == Stmt::Kind::Watch; })) return block(s.body);
        return inner("", s.body);
    case Stmt::Kind::ForNetcons: return inner(fmt::format("FOR_NETCONS ({})", fmt::join(s.names, ", ")), s.body);
    case Stmt::Kind::Initial: return inner("INITIAL", s.body);
    case Stmt::Kind::Conductance: return line("CONDUCTANCE " + s.name + (s.method.empty() ? "" : " USEION " + s.method));
    case Stmt::Kind::Return: return line("return (" + e(s.value) + ")");
    }
}

class ProgramPrinter {
  public:
    explicit ProgramPrinter(const Program& p) : p_(p) {}

    std::string run() {
        if (!p_.title.empty()) out_ += "TITLE " + p_.title + "\n";
        neuron();
        units();
        for (const auto& [name, value] : p_.defines) out_ += fmt::format("DEFINE {} {}\n", name, value);
        declarations("CONSTANT", Declaration::Kind::Constant);
        declarations("PARAMETER", Declaration::Kind::Parameter);
        declarations("ASSIGNED", Declaration::Kind::Assigned);
        declarations("STATE", Declaration::Kind::State);
        if (!p_.file_locals.empty()) out_ += fmt::format("LOCAL {}\n", fmt::join(p_.file_locals, ", "));
        for (const auto& v : p_.verbatim) out_ += "VERBATIM" + v.text + "ENDVERBATIM\n";
        static const char* const times[] = {"", "BEFORE INITIAL", "AFTER INITIAL", "BEFORE BREAKPOINT", "AFTER SOLVE", "BEFORE STEP"};
        if (p_.has_initial) block("INITIAL", p_.initial);
        if (!p_.constructor.empty()) block("CONSTRUCTOR", p_.constructor);
        if (!p_.destructor.empty()) block("DESTRUCTOR", p_.destructor);
        if (p_.has_breakpoint) block("BREAKPOINT", p_.breakpoint);
        for (const auto& [name, slope] : p_.slopes) out_ += fmt::format(": d {} / d v = {}\n", name, to_nmodl(slope));
        for (const auto& t : p_.timed) block(times[t.when], t.body);
        for (const auto& q : p_.procedures) procedure(q);
        return std::move(out_);
    }

  private:
    using Names = std::vector<std::pair<std::string, SourceSpan>>;
    static std::string joined(const Names& names) {
        std::string s;
        for (const auto& n : names) s += (s.empty() ? "" : ", ") + n.first;
        return s;
    }
    void list(const char* word, const Names& names) {
        if (!names.empty()) out_ += fmt::format("    {} {}\n", word, joined(names));
    }

    void neuron() {
        static const char* const types[] = {"SUFFIX", "POINT_PROCESS", "ARTIFICIAL_CELL"};
        out_ += "NEURON {\n";
        if (!p_.suffix.empty()) out_ += fmt::format("    {} {}\n", types[static_cast<int>(p_.type)], p_.suffix);
        for (const auto& use : p_.ions) {
            out_ += "    USEION " + use.name;
            if (!use.read.empty()) out_ += " READ " + joined(use.read);
            if (!use.write.empty()) out_ += " WRITE " + joined(use.write);
            if (use.has_valence) out_ += " VALENCE " + plain(use.valence);
            if (!use.represents.empty()) out_ += " REPRESENTS " + use.represents;
            out_ += "\n";
        }
        list("NONSPECIFIC_CURRENT", p_.nonspecific);
        list("ELECTRODE_CURRENT", p_.electrode);
        list("RANGE", p_.range);
        list("GLOBAL", p_.global);
        list("POINTER", p_.pointer);
        list("BBCOREPOINTER", p_.bbcore);
        list("RANDOM", p_.random);
        list("EXTERNAL", p_.external);
        if (p_.thread_safe) out_ += "    THREADSAFE\n";
        out_ += "}\n";
    }

    void units() {
        if (p_.unit_names.empty() && p_.unit_constants.empty()) return;
        out_ += "UNITS {\n";
        for (const auto& u : p_.unit_names) out_ += fmt::format("    ({}) = ({})\n", u.name, u.units);
        for (const auto& [name, value] : p_.unit_constants) {
            const auto unit = p_.unit_constant_units.find(name);
            out_ += fmt::format("    {} = {}{}\n", name, value, with_units(unit == p_.unit_constant_units.end() ? "" : unit->second));
        }
        out_ += "}\n";
    }

    void declarations(const char* word, Declaration::Kind kind) {
        std::string rows;
        for (const auto& d : p_.declarations) {
            if (d.kind != kind) continue;
            rows += "    " + d.name + (d.is_array ? fmt::format("[{}]", d.length) : "");
            if (d.has_value) rows += " = " + plain(d.value);
            if (d.kind == Declaration::Kind::State && d.lower <= d.upper) rows += fmt::format(" FROM {} TO {}", d.lower, d.upper);
            if (d.has_start) rows += " START " + plain(d.start);
            rows += with_units(d.units);
            if (d.kind != Declaration::Kind::State && d.lower <= d.upper) rows += fmt::format(" <{}, {}>", d.lower, d.upper);
            if (d.abstol != 0) rows += fmt::format(" <{}>", d.abstol);
            rows += "\n";
        }
        if (!rows.empty()) out_ += fmt::format("{} {{\n{}}}\n", word, rows);
    }

    void block(const std::string& head, const Block& b) { out_ += fmt::format("{} {{\n{}}}\n", head, to_nmodl(b, 1)); }

    void procedure(const Procedure& q) {
        static const char* const kinds[] = {"FUNCTION", "PROCEDURE", "DERIVATIVE", "KINETIC", "LINEAR", "NONLINEAR", "DISCRETE", "NET_RECEIVE", "FUNCTION_TABLE"};
        const bool function = q.kind == Procedure::Kind::Function || q.kind == Procedure::Kind::Procedure || q.kind == Procedure::Kind::NetReceive || q.kind == Procedure::Kind::FunctionTable;
        std::string args;
        for (std::size_t i = 0; i < q.args.size(); ++i) args += (i ? ", " : "") + q.args[i] + (i < q.arg_units.size() ? with_units(q.arg_units[i]) : "");
        std::string head = kinds[static_cast<int>(q.kind)];
        if (q.kind != Procedure::Kind::NetReceive) head += " " + q.name;
        if (function) head += (q.kind == Procedure::Kind::NetReceive ? " (" : "(") + args + ")";
        head += with_units(q.units);
        if (!q.solve_for.empty()) head += fmt::format(" SOLVEFOR {}", fmt::join(q.solve_for, ", "));
        if (q.kind == Procedure::Kind::FunctionTable) out_ += head + "\n";
        else block(head, q.body);
    }

    const Program& p_;
    std::string out_;
};

}  // namespace

std::string to_nmodl(const Program& program) { return ProgramPrinter(program).run(); }

std::string to_nmodl(const Block& block, int indent) {
    StatementPrinter printer(indent);
    printer.block(block);
    return printer.text;
}

std::string to_nmodl(const ExprPtr& e) { return expression(*e); }

}  // namespace nrn::nmodl
