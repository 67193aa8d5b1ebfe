// SPDX-License-Identifier: BSD-3-Clause
// Graphs as loops over registers of instances.
#include "codegen/vector_printer.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "codegen/emitter.hpp"
#include "nrn/abi/mechanism.h"

namespace nrn::nmodl {
namespace {

/// Prints one graph: uniform values before the loop, the rest inside it.
class LoopPrinter {
  public:
    /// @param told stores that nobody needs while the host says that nobody looks
    LoopPrinter(const Mechanism& m, const Graph& g, const std::vector<Store>& stores, const std::vector<Store>& told)
        : m_(m), g_(g), stores_(stores), told_(told), live_(live_nodes(g, stores)), only_told_(live_nodes(g, told)) {
        uses_.resize(static_cast<std::size_t>(g.size()));
        for (const NodeId n : live_)
            for (const NodeId a : g_[n].args) ++uses_[static_cast<std::size_t>(a)];
        for (const Store& s : stores_) ++uses_[static_cast<std::size_t>(s.value)];
        for (const NodeId n : live_)
            if (g_[n].op == Op::Divide && !g_[n].uniform) ++divisions_[g_[n].args[1]];
        for (const NodeId n : live_)
            if (!g_[n].uniform && (g_[n].op == Op::Add || g_[n].op == Op::Subtract || g_[n].op == Op::Negate)) fuse(n);
        // Chains of a few exponentials leave a processor idle; many in one register keep it busy, and two registers of
        // them would not find room.
        const auto live = [this](auto holds) { return std::count_if(live_.begin(), live_.end(), holds); };
        const auto exponentials = live([this](NodeId n) { return is_exp(n); });
        std::erase_if(only_told_, [this, defined = std::set<NodeId>(live_.begin(), live_.end())](NodeId n) { return !fused_.contains(n) && defined.contains(n); });
        wide_ = m_.program.type == Program::Type::Density && exponentials >= 2 && exponentials <= 4 && live([this](NodeId n) { return g_[n].op == Op::Table; }) == 0;
    }

    std::string run(const std::string& name) {
        for (const auto* nodes : {&live_, &only_told_})
            for (const NodeId n : *nodes)
                if (g_[n].uniform && g_[n].op != Op::Number) before_ += fmt::format("    const {} u{} = {};\n", g_[n].boolean ? "bool" : "double", n, uniform(n));
        define_all();
        for (const Store& s : stores_) store(s);
        if (!told_.empty()) tell();
        // Rows of a density mechanism ascend.
        const bool ascend = m_.program.type == Program::Type::Density;
        const auto run_on = [&](const char* row) { return ascend ? fmt::format(", {}_follow", row) : std::string(); };
        std::string places;
        const std::string place = wide_ ? "WidePlace" : "Place", find = wide_ ? "wide_place" : "place";
        if (node_) places += fmt::format("        const {} at = {}(node + r, n{});\n", place, find, run_on("node"));
        for (const int i : ions_) places += fmt::format("        const {} at{} = {}(ion{}_row + r, n{});\n", place, i, find, i, run_on(fmt::format("ion{}", i).c_str()));
        if (ascend && node_) before_ += "    const bool node_follow = contiguous(node, begin, end);\n";
        if (ascend)
            for (const int i : ions_) before_ += fmt::format("    const bool ion{0}_follow = contiguous(ion{0}_row, begin, end);\n", i);
        const char* const step = wide_ ? "wide_lanes" : "lanes";
        std::string pointers;
        if (node_) pointers += "    const int32_t* const node = m->node;\n";
        for (const int i : ions_) pointers += fmt::format("    const int32_t* const ion{}_row = m->ion[{}].row;\n", i, i);
        for (const auto& p : pointers_) pointers += p;
        return fmt::format("static nrn_status {}(nrn_context* c, nrn_mech_view* m, int32_t begin, int32_t end) {{\n    using namespace nrn_batch;\n{}{}    for (int32_t r = begin; r < end; r += {}) {{\n"
                           "        const int n = end - r < {} ? end - r : {};\n{}{}    }}\n    return NRN_OK;\n}}\n\n", name, pointers, before_, step, step, step, places, body_);
    }

  private:
    const char* batch() const { return wide_ ? "Wide" : "Batch"; }
    bool single(NodeId n) const { return uses_[static_cast<std::size_t>(n)] == 1; }

    /// A product used once, by a sum, becomes part of it.
    void fuse(NodeId n) {
        for (const NodeId a : g_[n].args)
            if (g_[a].op == Op::Multiply && !g_[a].uniform && single(a)) {
                fused_.insert(a);
                fusion_[n] = a;
                return;
            }
    }

    std::string column(int c) {
        pointers_.insert(fmt::format("    double* __restrict const c{} = m->column[{}];\n", c, c));
        return fmt::format("c{}", c);
    }
    std::string node_column(const char* name) {
        node_ = true;
        pointers_.insert(fmt::format("    {}* const node_{} = c->node.{};\n", name[0] == 'r' || name == std::string("d") ? "double" : "const double", name, name));
        return fmt::format("node_{}", name);
    }
    std::string ion_column(int ion, int part) {
        ions_.insert(ion);
        pointers_.insert(fmt::format("    double* const ion{}_{} = m->ion[{}].column[{}];\n", ion, part, ion, part));
        return fmt::format("ion{}_{}", ion, part);
    }

    std::string uniform_ref(NodeId n) const { return g_[n].op == Op::Number ? number_text(g_[n].number) : fmt::format("u{}", n); }
    std::string ref(NodeId n) const {
        if (!g_[n].uniform) return fmt::format("x{}", n);
        return g_[n].boolean ? fmt::format("everywhere({})", uniform_ref(n)) : fmt::format("all({})", uniform_ref(n));
    }

    std::string uniform(NodeId n) const {
        const Node& x = g_[n];
        const auto a = [&](std::size_t i) { return uniform_ref(x.args[i]); };
        switch (x.op) {
        case Op::Leaf:
            switch (x.leaf.kind) {
            case LeafPlace::Kind::Global: return fmt::format("m->global[{}]", x.leaf.index);
            case LeafPlace::Kind::Time: return "c->t";
            case LeafPlace::Kind::Step: return "c->dt";
            case LeafPlace::Kind::Celsius: return "c->celsius";
            default: return "c->secondorder";
            }
        case Op::Negate: return "-" + a(0);
        case Op::Add: return a(0) + " + " + a(1);
        case Op::Subtract: return a(0) + " - " + a(1);
        case Op::Multiply: return a(0) + " * " + a(1);
        case Op::Divide: return a(0) + " / " + a(1);
        case Op::Less: return a(0) + " < " + a(1);
        case Op::LessEqual: return a(0) + " <= " + a(1);
        case Op::Equal: return a(0) + " == " + a(1);
        case Op::And: return a(0) + " && " + a(1);
        case Op::Or: return a(0) + " || " + a(1);
        case Op::Not: return "!" + a(0);
        case Op::Select: return fmt::format("{} ? {} : {}", a(0), a(1), a(2));
        case Op::AsNumber: return a(0) + " ? 1.0 : 0.0";
        default: break;
        }
        static const std::map<std::string, std::string> names{{"exp", "nrn_exp"}, {"log", "nrn_log"}, {"log10", "nrn_log10"}, {"pow", "nrn_pow"}, {"min", "__builtin_fmin"}, {"max", "__builtin_fmax"}};
        const auto found = names.find(x.text);
        return fmt::format("{}({}{})", found == names.end() ? "__builtin_" + x.text : found->second, a(0), x.args.size() > 1 ? ", " + a(1) : "");
    }

    std::string lane(NodeId n) {
        const Node& x = g_[n];
        const auto a = [&](std::size_t i) { return ref(x.args[i]); };
        if (const auto f = fusion_.find(n); f != fusion_.end()) {
            const Node& product = g_[f->second];
            const std::string factors = ref(product.args[0]) + ", " + ref(product.args[1]);
            const bool first = x.args[0] == f->second;
            if (x.op == Op::Negate) return fmt::format("fnma({}, all(0.0))", factors);
            if (x.op == Op::Add) return fmt::format("fma({}, {})", factors, a(first ? 1 : 0));
            return first ? fmt::format("fms({}, {})", factors, a(1)) : fmt::format("fnma({}, {})", factors, a(0));
        }
        switch (x.op) {
        case Op::Leaf:
            switch (x.leaf.kind) {
            case LeafPlace::Kind::Column: return fmt::format("{}({} + r, n)", wide_ ? "wide_load" : "load", column(x.leaf.index));
            case LeafPlace::Kind::Voltage: return fmt::format("load({}, at)", node_column("v"));
            case LeafPlace::Kind::Area: return fmt::format("load({}, at)", node_column("area"));
            case LeafPlace::Kind::Diameter: return fmt::format("load({}, at)", node_column("diam"));
            default: return fmt::format("load({}, at{})", ion_column(x.leaf.index, x.leaf.part), x.leaf.index);
            }
        case Op::Negate: return "-" + a(0);
        case Op::Add: return a(0) + " + " + a(1);
        case Op::Subtract: return a(0) + " - " + a(1);
        case Op::Multiply: return a(0) + " * " + a(1);
        case Op::Divide:
            if (!inverted_.contains(x.args[1]) && divisions_.at(x.args[1]) == 1 && g_.is_number(x.args[0], 1)) return fmt::format("reciprocal({})", a(1));
            if (!inverted_.contains(x.args[1]) && divisions_.at(x.args[1]) == 1) return fmt::format("divide({}, {})", a(0), a(1));
            if (inverted_.insert(x.args[1]).second) body_ += fmt::format("        const {} q{} = reciprocal({});\n", batch(), x.args[1], a(1));
            return g_.is_number(x.args[0], 1) ? fmt::format("q{}", x.args[1]) : fmt::format("{} * q{}", a(0), x.args[1]);
        case Op::Less: return fmt::format("less({}, {})", a(0), a(1));
        case Op::LessEqual: return fmt::format("less_equal({}, {})", a(0), a(1));
        case Op::Equal: return fmt::format("equal({}, {})", a(0), a(1));
        case Op::And: return fmt::format("both({}, {})", a(0), a(1));
        case Op::Or: return fmt::format("either({}, {})", a(0), a(1));
        case Op::Not: return fmt::format("opposite({})", a(0));
        case Op::Select: return g_[x.args[0]].uniform ? fmt::format("{} ? {} : {}", uniform_ref(x.args[0]), a(1), a(2)) : fmt::format("select({}, {}, {})", a(0), a(1), a(2));
        case Op::AsNumber: return fmt::format("number({})", a(0));
        case Op::Table: return tabulated(x);
        default: break;
        }
        static const std::map<std::string, std::string> names{{"exp", "exp"}, {"log", "log"}, {"log10", "log10"}, {"pow", "pow"}, {"sqrt", "square_root"}, {"fabs", "absolute"},
                                                              {"floor", "round_down"}, {"ceil", "round_up"}, {"min", "lesser"}, {"max", "greater"}};
        const auto found = names.find(x.text);
        if (found != names.end()) return fmt::format("{}({}{})", found->second, a(0), x.args.size() > 1 ? ", " + a(1) : "");
        if (x.text == "related_exp") return fmt::format("{} ? lesser(all({}), {}) : exp({})", uniform_ref(x.args[0]), number_text(std::exp(700.0)), a(1), a(2));
        if (x.args.size() == 1) return fmt::format("each([](double a) {{ return __builtin_{}(a); }}, {})", x.text, a(0));
        return fmt::format("each([](double a, double b) {{ return __builtin_{}(a, b); }}, {}, {})", x.text, a(0), a(1));
    }

    bool is_exp(NodeId n) const { return g_[n].op == Op::Call && g_[n].text == "exp" && !g_[n].uniform; }
    bool is_quotient(NodeId n) const { return g_[n].op == Op::Divide && !g_[n].uniform && !g_[g_[n].args[1]].uniform; }

    /// In rounds: what can be computed, then all exponentials that can, side by side, and the divisions, two by two.
    void define_all() {
        constexpr long kMostInPlace = 100;  // so many would take the C++ compiler minutes
        apart_ = std::count_if(live_.begin(), live_.end(), [this](NodeId n) { return is_exp(n); }) > kMostInPlace;
        std::map<NodeId, int> round;
        int last = 0;
        for (const NodeId n : live_) {
            int own = 0;
            for (const NodeId a : g_[n].args)
                if (!g_[a].uniform) own = std::max(own, round.at(a) + (is_exp(a) || is_quotient(a) ? 1 : 0));
            if (!g_[n].uniform) round[n] = own;
            last = std::max(last, own);
        }
        for (int k = 0; k <= last; ++k) {
            std::vector<NodeId> exponentials, quotients;
            for (const NodeId n : live_) {
                if (g_[n].uniform || fused_.contains(n) || round.at(n) != k) continue;
                if (is_exp(n)) exponentials.push_back(n);
                else if (is_quotient(n)) quotients.push_back(n);
                else define(n);
            }
            constexpr std::size_t together = 4;
            for (std::size_t i = 0; i < exponentials.size(); i += together) {
                const std::size_t size = std::min(together, exponentials.size() - i);
                std::string arguments;
                for (std::size_t j = 0; j < size; ++j) arguments += (j ? ", " : "") + ref(g_[exponentials[i + j]].args[0]);
                const std::string name = fmt::format("e{}", exponentials[i]);
                body_ += fmt::format("        {} {}[{}] = {{{}}};\n        exp{}({});\n", batch(), name, size, arguments, apart_ ? "_apart" : "", name);
                for (std::size_t j = 0; j < size; ++j) body_ += fmt::format("        const {} x{} = {}[{}];\n", batch(), exponentials[i + j], name, j);
            }
            divide(quotients);
        }
    }

    /// What only users look at, and what only that needs: behind a branch that goes one way for many steps.
    void tell() {
        divisions_.clear();
        for (const NodeId n : only_told_)
            if (g_[n].op == Op::Divide && !g_[n].uniform) ++divisions_[g_[n].args[1]];
        std::string before = std::exchange(body_, {});
        for (const NodeId n : only_told_)
            if (!g_[n].uniform) define(n);
        for (const Store& s : told_) store(s);
        body_ = fmt::format("{}        if (tell) {{\n{}        }}\n", before, body_);
        before_ += "    const bool tell = !c->unobserved;\n";
    }

    void divide(const std::vector<NodeId>& quotients) {
        std::vector<NodeId> by;
        for (const NodeId n : quotients)
            if (const NodeId d = g_[n].args[1]; !inverted_.contains(d) && std::find(by.begin(), by.end(), d) == by.end()) by.push_back(d);
        for (std::size_t i = 0; i + 1 < by.size(); i += 2) {
            body_ += fmt::format("        {2} q{0}, q{1};\n        reciprocals(x{0}, x{1}, q{0}, q{1});\n", by[i], by[i + 1], batch());
            inverted_.insert({by[i], by[i + 1]});
        }
        for (const NodeId n : quotients) define(n);
    }

    void define(NodeId n) {
        const std::string text = lane(n);  // may define what it needs
        body_ += fmt::format("        const {}{} x{} = {};\n", wide_ ? "Wide" : "", g_[n].boolean ? "Mask" : wide_ ? "" : "Batch", n, text);
    }

    void store(const Store& s) {
        switch (s.to) {
        case Store::To::Column: body_ += fmt::format("        store({} + r, {}({}), n);\n", column(s.index), wide_ ? "Wide" : "", ref(s.value)); return;
        case Store::To::Ion: body_ += fmt::format("        store({}, at{}, {});\n", ion_column(s.index, s.part), s.index, ref(s.value)); return;
        case Store::To::AddIon: body_ += fmt::format("        add({}, at{}, {});\n", ion_column(s.index, s.part), s.index, ref(s.value)); return;
        case Store::To::SubtractRhs: body_ += fmt::format("        add({}, at, -({}));\n", node_column("rhs"), ref(s.value)); return;
        case Store::To::AddDiagonal: body_ += fmt::format("        add({}, at, {});\n", node_column("d"), ref(s.value)); return;
        case Store::To::Global:  // the last instance's value stays; several threads may say so at once
            body_ += fmt::format("        if (r + n == end) {{ const double g = {}; __atomic_store(&m->global[{}], &g, __ATOMIC_RELAXED); }}\n",
                                 g_[s.value].uniform ? uniform_ref(s.value) : fmt::format("lane({}, n - 1)", ref(s.value)), s.index);
            return;
        }
    }

    /// One look-up for all variables of a table at the same place.
    std::string tabulated(const Node& x) {
        const std::string name = fmt::format("y_{}_{}", x.text, x.args[0]);
        if (looked_up_.insert(name).second) {
            const Procedure& p = *m_.procedures.at(x.text);
            const Stmt& table = *std::find_if(p.body.begin(), p.body.end(), [](const Stmt& s) { return s.kind == Stmt::Kind::Table; });
            int columns = 0;
            for (const auto& n : table.names) columns += m_.variables.at(n).length;
            if (p.kind == Procedure::Kind::Function) columns = 1;
            const std::string t = "t_" + x.text;
            pointers_.insert(fmt::format("    const double* const {0} = m->table + {1};\n    const double* const {0}_rows = {0} + static_cast<int>({0}[3]);\n    const double {0}_low = {0}[1], {0}_per = {0}[2];\n", t, m_.table_offset.at(x.text)));
            body_ += fmt::format("        Batch {0}[{1}];\n        table_values<{1}>({2}_rows, table_places({3}, {2}_low, {2}_per, {4}), {0});\n", name, columns, t, ref(x.args[0]), table.count);
        }
        return fmt::format("{}[{}]", name, x.column);
    }

    const Mechanism& m_;
    const Graph& g_;
    const std::vector<Store>&stores_, &told_;
    std::vector<NodeId> live_, only_told_;  // only_told_: what told_ needs and live_ does not define
    std::vector<int> uses_;
    std::map<NodeId, int> divisions_;      // how many values are divided by it
    std::map<NodeId, NodeId> fusion_;      // sum -> the product that is part of it
    std::set<NodeId> fused_, inverted_;
    bool apart_ = false;  // exponentials are called
    std::set<std::string> pointers_, looked_up_;
    std::set<int> ions_;
    bool node_ = false, wide_ = false;  // wide: two registers at once
    std::string before_, body_;
};

/// C text of the file that may give names another meaning (functions, macros): no kernels beside it that use names of ours.
bool defines_c_names(const Program& p) {
    const auto defines = [](const auto& verbatim) { const std::string& text = verbatim.text; return text.find('{') != std::string::npos || text.find("#define") != std::string::npos; };
    bool found = std::any_of(p.verbatim.begin(), p.verbatim.end(), defines);
    const auto look = [&](const Stmt& s) { found = found || (s.kind == Stmt::Kind::Verbatim && s.name.find("#define") != std::string::npos); };
    for (const auto* b : {&p.initial, &p.breakpoint, &p.constructor, &p.destructor}) walk(*b, look);
    for (const auto& q : p.procedures) walk(q.body, look);
    for (const auto& t : p.timed) walk(t.body, look);
    return found;
}

}  // namespace

VectorPrinter::VectorPrinter(const Mechanism& m, int rhs_column, int g_column, int first_derivative, bool enabled) : m_(m), build_(m, rhs_column, g_column) {
    const bool fit = enabled && m.program.type != Program::Type::ArtificialCell && !m.program.nameless && !defines_c_names(m.program);
    const auto attempt = [&](Kernel& k, auto make) {
        if (!fit) return;
        try {
            k.exact = make(false);
            if (m_.table_offset.empty()) return;
            k.tabulated = make(true);
            const auto live = live_nodes(k.tabulated->graph, k.tabulated->stores);
            if (std::none_of(live.begin(), live.end(), [&](NodeId n) { return k.tabulated->graph[n].op == Op::Table; })) k.tabulated.reset();
        } catch (const NotAGraph&) {
            k = {};
        }
    };
    if (m_.table_offset.empty()) attempt(initial_, [&](bool) { return build_.initial(); });
    if (m.program.has_breakpoint) attempt(state_, [&](bool tables) { return build_.state(tables); });
    if (!m.currents.empty()) attempt(current_, [&](bool tables) { return build_.current(tables); });
    ode_blocks_ = integrated_blocks(m);
    if (!ode_blocks_.empty()) {
        attempt(rhs_, [&](bool tables) { return build_.ode(ode_blocks_, first_derivative, false, tables); });
        attempt(solve_, [&](bool tables) { return build_.ode(ode_blocks_, first_derivative, true, tables); });
    }
    observe();
}

void VectorPrinter::observe_all() {
    for (const auto& [name, v] : m_.variables) {
        observed_.insert(name);
        read_.insert(name);
    }
}

void VectorPrinter::observe_reads(const Flow& flow) {
    std::set<int> columns;
    for (const NodeId n : live_nodes(flow.graph, flow.stores))
        if (flow.graph[n].op == Op::Leaf && flow.graph[n].leaf.kind == LeafPlace::Kind::Column) columns.insert(flow.graph[n].leaf.index);
    for (const auto& [name, v] : m_.variables)
        if (v.where == Variable::Where::Instance)
            for (int i = 0; i < v.length; ++i)
                if (columns.contains(v.column + i)) {
                    observed_.insert(name);
                    read_.insert(name);
                }
}

/// A column that only its own kernel reads, after writing it, need not be written.
void VectorPrinter::observe() {
    const Program& p = m_.program;
    for (const auto& [name, v] : m_.variables)
        if (v.visible || name == m_.kept_voltage || v.where != Variable::Where::Instance) observed_.insert(name);
    const bool diffuses = std::any_of(p.procedures.begin(), p.procedures.end(), [](const Procedure& q) {
        return std::any_of(q.body.begin(), q.body.end(), [](const Stmt& s) { return s.kind == Stmt::Kind::Diffusion; });
    });
    if (p.has_verbatim || diffuses || m_.net_receive || !p.constructor.empty() || !p.destructor.empty()) return observe_all();
    if ((!ode_blocks_.empty() && (!rhs_.exact || !solve_.exact)) || (p.has_breakpoint && !state_.exact) || (!m_.currents.empty() && !current_.exact)) return observe_all();
    try {
        observe_reads(build_.initial());
        for (const auto& t : p.timed) observe_reads(build_.block(t.body, false));
        for (const auto& q : p.procedures) {
            if (q.kind == Procedure::Kind::Function || q.kind == Procedure::Kind::Procedure) observe_reads(build_.procedure(q));
            else if (q.kind != Procedure::Kind::Derivative && q.kind != Procedure::Kind::Kinetic) return observe_all();
        }
    } catch (const NotAGraph&) {
        return observe_all();
    }
    for (const auto* k : {&state_, &current_, &rhs_, &solve_})
        for (const auto* flow : {&k->exact, &k->tabulated})
            if (*flow) observe_reads(**flow);
}

void VectorPrinter::loop(std::string& out, const std::string& name, const Flow& flow) const {
    Flow own = flow;
    std::erase_if(own.stores, [&](const Store& s) { return !s.name.empty() && !observed_.contains(s.name); });
    join_divisions(own);
    share_exponentials(own);
    unfold_arguments(own);
    std::vector<Store> told;
    if (name.starts_with("state") || name.starts_with("current")) {
        const auto only_told = [&](const Store& s) {
            return s.to == Store::To::Column && m_.variables.contains(s.name) && this->told(m_.variables.at(s.name));
        };
        std::copy_if(own.stores.begin(), own.stores.end(), std::back_inserter(told), only_told);
        std::erase_if(own.stores, only_told);
    }
    out += LoopPrinter(m_, own.graph, own.stores, told).run(name);
}

bool VectorPrinter::print(std::string& out, const std::string& name, const Kernel& k) const {
    if (!k.exact) return false;
    if (!k.tabulated) {
        loop(out, name, *k.exact);
        return true;
    }
    loop(out, fmt::format("{}_exact", name), *k.exact);
    loop(out, fmt::format("{}_tabulated", name), *k.tabulated);
    out += fmt::format("static nrn_status {0}(nrn_context* c, nrn_mech_view* m, int32_t begin, int32_t end) {{\n    return m->global[{1}] == 0.0 ? {0}_exact(c, m, begin, end) : {0}_tabulated(c, m, begin, end);\n}}\n\n", name, m_.variables.at("usetable").column);
    return true;
}

bool VectorPrinter::initial(std::string& out) { return print(out, "initial", initial_); }
bool VectorPrinter::state(std::string& out) { return print(out, "state", state_); }
bool VectorPrinter::current(std::string& out) { return print(out, "current", current_); }
bool VectorPrinter::ode(std::string& out, const std::string& name) { return print(out, name, name == "ode_rhs" ? rhs_ : solve_); }

}  // namespace nrn::nmodl
