// SPDX-License-Identifier: BSD-3-Clause
// The residual, its derivatives by the unknowns, and what the block leaves behind, as C++ statements.
#include "codegen/newton_printer.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "algebra/differentiate.hpp"
#include "codegen/emitter.hpp"
#include "dataflow/flow.hpp"

namespace nrn::nmodl {

bool has_linear_reactions(const Mechanism& m, const Procedure& p) {
    std::set<std::string> states;
    for (const StateColumn& state : solved_states(m, p)) states.insert(state.name);
    const auto order = [&](const std::vector<Term>& side) {
        double sum = 0;
        for (const Term& term : side)
            if (states.contains(term.state->text)) sum += term.coefficient;
        return sum;
    };
    bool linear = true;
    walk(p.body, [&](const Stmt& s) {
        if (s.kind != Stmt::Kind::Reaction) return;
        if (s.arrow != Stmt::Arrow::Into) linear = linear && order(s.left) <= 1 && (s.arrow != Stmt::Arrow::Both || order(s.right) <= 1);
    });
    return linear;
}

namespace {

constexpr int kUnknown = 1000;      // the first LeafPlace::Argument that is an unknown
constexpr int kMostPrinted = 3000;  // more values than that are left to differences
constexpr int kMostEliminated = 6000;  // more values than that: elimination in loops

class NewtonPrinter {
  public:
    NewtonPrinter(const Mechanism& m, const Procedure& p, bool steady, int indent) : m_(m), p_(p), trace_(graph_, m, true), steady_(steady), pad_(Emitter::pad(indent)) { trace_.pointers = true; }

    std::string run() {
        algebraic_ = p_.kind == Procedure::Kind::Linear || p_.kind == Procedure::Kind::Nonlinear;
        states_ = solved_states(m_, p_);
        if (states_.empty()) throw NotAGraph{"no unknowns"};
        for (std::size_t i = 0; i < states_.size(); ++i) {
            keys_.push_back(Trace::key(states_[i].name, m_.variables.at(states_[i].name).is_array, states_[i].element));
            unknown_.push_back(graph_.leaf({LeafPlace::Kind::Argument, kUnknown + static_cast<int>(i), 0}));
            trace_.write(keys_[i], unknown_[i]);
        }
        algebraic_ ? equations() : step();
        jacobian();
        eliminate();
        return text();
    }

    /// (1 - dt J) x = b of a variable step, b and x in columns from `first` on.
    std::string corrector(int first) {
        std::vector<Store> results;
        const auto x = FlowBuilder(m_, -1, -1).corrected(trace_, p_, first);
        for (std::size_t i = 0; i < x.size(); ++i) results.push_back({Store::To::Column, first + static_cast<int>(i), 0, x[i], ""});
        const auto live = live_nodes(graph_, results);
        check_size(live.size());
        refuse_tables(live);
        std::string s = pad_ + "{\n";
        define(s, live, false, 1);
        for (const Store& r : results) line(s, 1, fmt::format("{} = {};", column(r.index), value(r.value, "n")));
        return s + pad_ + "}\n";
    }

  private:
    static void check_size(std::size_t nodes) {
        if (nodes > static_cast<std::size_t>(kMostPrinted)) throw NotAGraph{"the block is too long"};
    }
    void refuse_tables(const std::vector<NodeId>& nodes) const {
        for (const NodeId k : nodes)
            if (graph_[k].op == Op::Table) throw NotAGraph{"values of a TABLE have no slope"};
    }

    void equations() {
        trace_.equation = [&](const Stmt& s) {
            if (s.kind != Stmt::Kind::LinearEq) throw NotAGraph{"what is no equation"};
            residual_.push_back(graph_.subtract(graph_.value(trace_.value(s.target)), graph_.value(trace_.value(s.value))));
        };
        trace_.run(p_.body);
        trace_.equation = nullptr;
        if (residual_.size() != states_.size()) throw NotAGraph{"more or fewer equations than unknowns"};
    }

    /// x - x0 - step f(x); of a conserved row what must be zero.
    void step() {
        const auto bind = [&](bool unknown) {
            for (std::size_t i = 0; i < states_.size(); ++i)
                trace_.write(keys_[i], unknown ? unknown_[i] : graph_.leaf({LeafPlace::Kind::Column, states_[i].column, 0}));
        };
        const bool lagging = rates_lag();
        if (lagging) bind(false);
        const Rates rates = lagging ? rates_of(trace_, m_, p_, true, bind) : rates_of(trace_, m_, p_, true);
        if (lagging) {  // what the block assigns is in the end that of the solution
            bind(true);
            (void)rates_of(trace_, m_, p_, true);
        }
        const NodeId step = graph_.leaf({LeafPlace::Kind::Argument, 0, 0});
        for (std::size_t i = 0; i < states_.size(); ++i) {
            const NodeId old = graph_.leaf({LeafPlace::Kind::Column, states_[i].column, 0});
            residual_.push_back(rates.conserved[i] ? rates.value[i] : graph_.subtract(graph_.subtract(unknown_[i], old), graph_.multiply(step, rates.value[i])));
        }
    }

    /// Reactions that are linear as they are written take one step, as in the reference: rates that statements before them
    /// compute from states are those of the step's beginning.
    bool rates_lag() const { return p_.kind == Procedure::Kind::Kinetic && !steady_ && has_linear_reactions(m_, p_); }

    void jacobian() {
        for (const NodeId f : residual_)
            for (const NodeId u : unknown_) {
                const auto slope = graph_.derivative(f, u);
                if (!slope) throw NotAGraph{"a rate without a known slope"};
                slopes_.push_back(*slope);
            }
    }

    /// The steps of elimination as statements, with zeros left out: of shells with buffers a few per state remain.
    void eliminate() {
        const std::size_t n = states_.size();
        std::vector<std::vector<NodeId>> a(n);
        for (std::size_t i = 0; i < n; ++i) a[i].assign(slopes_.begin() + static_cast<std::ptrdiff_t>(i * n), slopes_.begin() + static_cast<std::ptrdiff_t>((i + 1) * n));
        std::vector<NodeId> x = residual_;
        Elimination steps;
        if (!solve_linear(graph_, a, x, &steps)) return;
        std::vector<Store> wanted;
        want(wanted, x);
        want(wanted, steps.factors);
        if (live_nodes(graph_, wanted).size() > static_cast<std::size_t>(kMostEliminated)) return;
        change_ = std::move(x);
        steps_ = std::move(steps);
    }

    static void want(std::vector<Store>& wanted, const std::vector<NodeId>& nodes) {
        for (const NodeId n : nodes) wanted.push_back({Store::To::Column, 0, 0, n, ""});
    }

    bool varies(NodeId n) {
        if (static_cast<std::size_t>(n) >= varies_.size()) varies_.resize(static_cast<std::size_t>(graph_.size()), -1);
        signed char& known = varies_[static_cast<std::size_t>(n)];
        if (known >= 0) return known != 0;
        const Node node = graph_[n];
        bool result = node.op == Op::Leaf && node.leaf.kind == LeafPlace::Kind::Argument && node.leaf.index >= kUnknown;
        for (const NodeId a : node.args) result = varies(a) || result;
        varies_[static_cast<std::size_t>(n)] = result;
        return result;
    }

    std::string text() {
        const std::size_t n = states_.size();
        std::vector<Store> wanted, left;
        want(wanted, residual_);
        want(wanted, slopes_);
        for (const auto& [key, node] : trace_.written())
            if (std::find(keys_.begin(), keys_.end(), key) == keys_.end()) left.push_back(place(key, node));
        const auto live = live_nodes(graph_, wanted), last = live_nodes(graph_, left);
        check_size(live.size() + last.size());
        refuse_tables(live);
        refuse_tables(last);
        want(wanted, change_);
        want(wanted, steps_.factors);
        want(wanted, steps_.inverses);
        const auto solved = live_nodes(graph_, wanted);
        bool linear = true;
        for (const NodeId s : slopes_) linear = linear && !varies(s);
        std::string s = pad_ + "{\n";
        line(s, 1, fmt::format("double _x[{}];", n));
        if (!algebraic_) {
            line(s, 1, fmt::format("const bool _middle = {}; (void)_middle;", steady_ ? "false" : "k.c->secondorder != 0"));
            line(s, 1, fmt::format("const double _step = {};", steady_ ? "1e9" : "_middle ? k.dt / 2 : k.dt"));
        }
        for (std::size_t i = 0; i < n; ++i) line(s, 1, fmt::format("_x[{}] = {};", i, column(states_[i].column)));
        define(s, solved, false, 1);
        line(s, 1, "for (int _iteration = 0;; ++_iteration) {");
        define(s, solved, true, 2);
        line(s, 2, fmt::format("double _f[{0}] = {{{1}}}, _change = 0;", n, list(change_.empty() ? residual_ : change_)));
        solve(s);
        if (p_.kind == Procedure::Kind::Kinetic && !linear) line(s, 2, fmt::format("for (int _i = 0; _i < {}; ++_i) _f[_i] = nrn_mod::not_below_zero(_x[_i], _f[_i]);", n));
        line(s, 2, fmt::format("for (int _i = 0; _i < {}; ++_i) {{ _x[_i] -= _f[_i]; _change = nrn_mod::change_of(_change, _f[_i], _x[_i]); }}", n));
        line(s, 2, fmt::format("if (!(_change < 1e300)) return k.c->host->fail(k.c, k.m, r, \"SOLVE {} does not converge\");", p_.name));
        // Linear equations are solved by one step; the last digits of others may never settle.
        line(s, 2, linear ? (steady_ ? "if (_iteration >= 1) break;" : "break;") : "if (_change < 1e-11 || _iteration >= 50) break;");
        line(s, 1, "}");
        leave(s, left, last);
        return s + pad_ + "}\n";
    }

    /// With pivots, where there are no statements of elimination, or where they lose digits.
    void solve(std::string& s) {
        const std::size_t n = states_.size();
        const int inner = change_.empty() ? 2 : 3;
        if (!change_.empty()) {
            std::string hard = "false";
            for (const NodeId f : steps_.factors) hard += fmt::format(" | !nrn_mod::is_moderate({})", value(f, "n"));
            for (const NodeId f : steps_.inverses) hard += fmt::format(" | !nrn_mod::is_finite({})", value(f, "n"));
            line(s, 2, fmt::format("if ({}) {{", hard));
            line(s, 3, fmt::format("const double _again[{}] = {{{}}};", n, list(residual_)));
            line(s, 3, fmt::format("for (int _i = 0; _i < {}; ++_i) _f[_i] = _again[_i];", n));
        }
        line(s, inner, fmt::format("double _j[{0}][{0}] = {{{1}}};", n, list(slopes_)));
        line(s, inner, fmt::format("if (!nrn_mod::solve_dense<{}>(_j, _f)) return k.c->host->fail(k.c, k.m, r, \"SOLVE {}: the equations are singular\");", n, p_.name));
        if (!change_.empty()) line(s, 2, "}");
    }

    /// Writes the states, then what else the block computes, at the solution.
    void leave(std::string& s, const std::vector<Store>& left, const std::vector<NodeId>& last) {
        define(s, last, false, 1, "l");
        define(s, last, true, 1, "l");
        for (std::size_t i = 0; i < states_.size(); ++i) {
            const std::string x = column(states_[i].column);
            line(s, 1, algebraic_ ? fmt::format("{} = _x[{}];", x, i) : fmt::format("{0} = _middle ? 2 * _x[{1}] - {0} : _x[{1}];", x, i));
        }
        for (const Store& w : left) line(s, 1, fmt::format("{} = {};", w.to == Store::To::Global ? fmt::format("k.g[{}]", w.index) : column(w.index), value(w.value, "l")));
    }

    Store place(const std::string& key, NodeId node) const {
        const Variable& v = m_.variables.at(name_of_key(key));
        return {v.where == Variable::Where::Global ? Store::To::Global : Store::To::Column, v.column + element_of_key(key), 0, node, key};
    }

    void line(std::string& s, int inner, const std::string& text) const { s += pad_ + Emitter::pad(inner) + text + "\n"; }
    static std::string column(int c) { return fmt::format("k.m->column[{}][r]", c); }

    void define(std::string& s, const std::vector<NodeId>& nodes, bool varying, int inner, const char* prefix = "n") {
        for (const NodeId n : nodes)
            if (graph_[n].op != Op::Number && varies(n) == varying) line(s, inner, fmt::format("const {} _{}{} = {};", graph_[n].boolean ? "bool" : "double", prefix, n, operation(n, prefix)));
    }
    std::string list(const std::vector<NodeId>& nodes) const {
        std::string s;
        for (const NodeId n : nodes) s += (s.empty() ? "" : ", ") + value(n, "n");
        return s;
    }
    std::string value(NodeId n, const char* prefix) const { return graph_[n].op == Op::Number ? number_text(graph_[n].number) : fmt::format("_{}{}", prefix, n); }

    [[nodiscard]] std::string pointer(int slot) const {
        const auto found = std::find_if(m_.variables.begin(), m_.variables.end(), [&](const auto& v) { return v.second.slot == Variable::Slot::Pointer && v.second.column == slot; });
        return fmt::format("nrn_mod::pointed(k.m->pointer[{}][r], k, r, \"{}\")", slot, found->first);
    }

    [[nodiscard]] std::string leaf(const LeafPlace& l) const {
        switch (l.kind) {
        case LeafPlace::Kind::Column: return column(l.index);
        case LeafPlace::Kind::Voltage: return "_v";
        case LeafPlace::Kind::Area: return "k.area[k.node[r]]";
        case LeafPlace::Kind::Diameter: return "k.diam[k.node[r]]";
        case LeafPlace::Kind::Ion: return fmt::format("k.ion{0}_{1}[k.ion{0}_row[r]]", l.index, l.part);
        case LeafPlace::Kind::Global: return fmt::format("k.g[{}]", l.index);
        case LeafPlace::Kind::Time: return "k.t";
        case LeafPlace::Kind::Step: return "k.dt";
        case LeafPlace::Kind::Celsius: return "k.celsius";
        case LeafPlace::Kind::SecondOrder: return "k.c->secondorder";
        case LeafPlace::Kind::Pointer: return pointer(l.index);
        case LeafPlace::Kind::Argument: return l.index >= kUnknown ? fmt::format("_x[{}]", l.index - kUnknown) : "_step";
        }
        return {};
    }

    std::string operation(NodeId n, const char* prefix) const {
        const Node& x = graph_[n];
        const auto a = [&](std::size_t i) { return value(x.args[i], prefix); };
        const auto infix = [&](const char* op) { return a(0) + op + a(1); };
        switch (x.op) {
        case Op::Leaf: return leaf(x.leaf);
        case Op::Negate: return "-" + a(0);
        case Op::Add: return infix(" + ");
        case Op::Subtract: return infix(" - ");
        case Op::Multiply: return infix(" * ");
        case Op::Divide: return infix(" / ");
        case Op::Less: return infix(" < ");
        case Op::LessEqual: return infix(" <= ");
        case Op::Equal: return infix(" == ");
        case Op::And: return infix(" && ");
        case Op::Or: return infix(" || ");
        case Op::Not: return "!" + a(0);
        case Op::Select: return fmt::format("{} ? {} : {}", a(0), a(1), a(2));
        case Op::AsNumber: return a(0) + " ? 1.0 : 0.0";
        default: break;
        }
        static const std::map<std::string, std::string> names{{"exp", "nrn_exp"}, {"log", "nrn_log"}, {"log10", "nrn_log10"}, {"pow", "nrn_pow"}, {"min", "__builtin_fmin"}, {"max", "__builtin_fmax"}};
        const auto found = names.find(x.text);
        return fmt::format("{}({}{})", found == names.end() ? "__builtin_" + x.text : found->second, a(0), x.args.size() > 1 ? ", " + a(1) : "");
    }

    const Mechanism& m_;
    const Procedure& p_;
    Graph graph_;
    Trace trace_;
    bool steady_, algebraic_ = false;
    std::string pad_;
    std::vector<StateColumn> states_;
    std::vector<std::string> keys_;
    std::vector<NodeId> unknown_, residual_, slopes_;
    std::vector<NodeId> change_;  // by elimination without pivots, if that is short
    Elimination steps_;
    std::vector<signed char> varies_;
};

}  // namespace

bool print_newton(std::string& out, const Mechanism& m, const Procedure& p, bool steady, int indent) {
    try {
        out += NewtonPrinter(m, p, steady, indent).run();
        return true;
    } catch (const NotAGraph&) {
        return false;
    }
}

bool print_corrector(std::string& out, const Mechanism& m, const Procedure& p, int first, int indent) {
    try {
        out += NewtonPrinter(m, p, false, indent).corrector(first);
        return true;
    } catch (const NotAGraph&) {
        return false;
    }
}

}  // namespace nrn::nmodl
