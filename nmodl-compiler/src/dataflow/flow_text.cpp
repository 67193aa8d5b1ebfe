// SPDX-License-Identifier: BSD-3-Clause
// Names the places that values come from and go to, and prints what is live.
#include "dataflow/flow_text.hpp"

#include <functional>

#include <fmt/format.h>

#include "dataflow/flow.hpp"
#include "nrn/abi/mechanism.h"

namespace nrn::nmodl {
namespace {

/// Columns that are no variables, in kernels shown as text: the totals, then the derivatives.
constexpr int kTotal = 1000000, kConductance = kTotal + 1, kDerivative = kTotal + 2;

class KernelText {
  public:
    explicit KernelText(const Mechanism& m) : m_(m) {}

    std::string run(const std::string& name, const std::function<Flow()>& make) const {
        Flow flow;
        try {
            flow = make();
        } catch (const NotAGraph& why) {
            return fmt::format("kernel {}: one instance after the other ({})\n\n", name, why.reason);
        }
        std::string text = fmt::format("kernel {}\n", name);
        const auto live = live_nodes(flow.graph, flow.stores);
        for (const bool uniform : {true, false})
            for (const NodeId n : live)
                if (flow.graph[n].uniform == uniform && flow.graph[n].op != Op::Number) text += fmt::format("    {}{} = {}\n", uniform ? "same " : "", value(flow.graph, n), operation(flow.graph, n));
        for (const Store& s : flow.stores) text += "    " + store(flow.graph, s) + "\n";
        return text + "\n";
    }

  private:
    std::string column(int c) const {
        if (c == kTotal) return "total current";
        if (c == kConductance) return "total conductance";
        if (c >= kDerivative) return fmt::format("derivative {}", c - kDerivative);
        for (const auto& [name, v] : m_.variables)
            if (v.where == Variable::Where::Instance && c >= v.column && c < v.column + v.length) return v.is_array ? fmt::format("{}[{}]", name, c - v.column) : name;
        return fmt::format("column {}", c);
    }
    std::string global(int g) const {
        for (const auto& [name, v] : m_.variables)
            if (v.where == Variable::Where::Global && g >= v.column && g < v.column + v.length) return v.is_array ? fmt::format("{}[{}]", name, g - v.column) : name;
        return fmt::format("global {}", g);
    }
    std::string ion(int i, int part) const {
        const std::string& n = m_.program.ions[static_cast<std::size_t>(i)].name;
        const std::string names[] = {"e" + n, n + "i", n + "o", "i" + n, "di" + n + "/dv"};
        return fmt::format("{}_ion.{}", n, names[part]);
    }
    static std::string value(const Graph& g, NodeId n) {
        if (g[n].op == Op::Number) return fmt::format("{}", g[n].number);
        return fmt::format("x{}", n);
    }
    std::string leaf(const LeafPlace& l) const {
        switch (l.kind) {
        case LeafPlace::Kind::Column: return column(l.index);
        case LeafPlace::Kind::Voltage: return "v";
        case LeafPlace::Kind::Area: return "area";
        case LeafPlace::Kind::Diameter: return "diam";
        case LeafPlace::Kind::Ion: return ion(l.index, l.part);
        case LeafPlace::Kind::Global: return global(l.index);
        case LeafPlace::Kind::Time: return "t";
        case LeafPlace::Kind::Step: return "dt";
        case LeafPlace::Kind::Celsius: return "celsius";
        case LeafPlace::Kind::SecondOrder: return "secondorder";
        case LeafPlace::Kind::Argument: return fmt::format("argument {}", l.index);
        case LeafPlace::Kind::Pointer: return fmt::format("pointer {}", l.index);
        }
        return {};
    }
    std::string operation(const Graph& g, NodeId n) const {
        const Node& x = g[n];
        const auto a = [&](std::size_t i) { return value(g, x.args[i]); };
        const auto infix = [&](const char* op) { return a(0) + op + a(1); };
        switch (x.op) {
        case Op::Number: return value(g, n);
        case Op::Leaf: return leaf(x.leaf);
        case Op::Negate: return "-" + a(0);
        case Op::Add: return infix(" + ");
        case Op::Subtract: return infix(" - ");
        case Op::Multiply: return infix(" * ");
        case Op::Divide: return infix(" / ");
        case Op::Less: return infix(" < ");
        case Op::LessEqual: return infix(" <= ");
        case Op::Equal: return infix(" == ");
        case Op::And: return infix(" and ");
        case Op::Or: return infix(" or ");
        case Op::Not: return "not " + a(0);
        case Op::Select: return fmt::format("{} if {} else {}", a(1), a(0), a(2));
        case Op::AsNumber: return fmt::format("number of {}", a(0));
        case Op::Table: return fmt::format("table {}({})[{}]", x.text, a(0), x.column);
        case Op::Call: return x.text + "(" + a(0) + (x.args.size() > 1 ? ", " + a(1) : "") + ")";
        }
        return {};
    }
    std::string store(const Graph& g, const Store& s) const {
        const std::string v = value(g, s.value);
        switch (s.to) {
        case Store::To::Column: return fmt::format("{} <- {}", column(s.index), v);
        case Store::To::Ion: return fmt::format("{} <- {}", ion(s.index, s.part), v);
        case Store::To::Global: return fmt::format("{} <- {}", global(s.index), v);
        case Store::To::AddIon: return fmt::format("{} += {}", ion(s.index, s.part), v);
        case Store::To::SubtractRhs: return fmt::format("rhs -= {}", v);
        case Store::To::AddDiagonal: return fmt::format("d += {}", v);
        }
        return {};
    }

    const Mechanism& m_;
};

}  // namespace

std::string kernels_as_text(const Mechanism& m) {
    const bool columned = m.program.type != Program::Type::Density || m.electrode;
    const FlowBuilder build(m, columned ? kTotal : -1, columned ? kConductance : -1);
    const KernelText text(m);
    std::string all;
    all += text.run("initial", [&] { return build.block(m.program.initial, false); });
    if (m.program.has_breakpoint) all += text.run("state", [&] { return build.state(false); });
    if (!m.currents.empty()) all += text.run("current", [&] { return build.current(false); });
    const auto blocks = integrated_blocks(m);
    if (blocks.empty()) return all;
    all += text.run("ode_rhs", [&] { return build.ode(blocks, kDerivative, false, false); });
    all += text.run("ode_solve", [&] { return build.ode(blocks, kDerivative, true, false); });
    return all;
}

}  // namespace nrn::nmodl
