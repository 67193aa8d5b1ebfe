// SPDX-License-Identifier: BSD-3-Clause
// States, currents and what they leave behind, as graphs.
#include "dataflow/flow.hpp"

#include <algorithm>

#include "algebra/differentiate.hpp"
#include "nrn/abi/mechanism.h"

namespace nrn::nmodl {

std::vector<NodeId> live_nodes(const Graph& g, const std::vector<Store>& stores) {
    std::vector<NodeId> order;
    std::vector<char> seen(static_cast<std::size_t>(g.size()));
    const std::function<void(NodeId)> visit = [&](NodeId n) {
        if (seen[static_cast<std::size_t>(n)]) return;
        seen[static_cast<std::size_t>(n)] = 1;
        for (const NodeId a : g[n].args) visit(a);
        order.push_back(n);
    };
    for (const Store& s : stores) visit(s.value);
    return order;
}

std::vector<int> uses_of(const Flow& flow) {
    std::vector<int> uses(static_cast<std::size_t>(flow.graph.size()));
    for (const NodeId n : live_nodes(flow.graph, flow.stores))
        for (const NodeId a : flow.graph[n].args) ++uses[static_cast<std::size_t>(a)];
    for (const Store& s : flow.stores) ++uses[static_cast<std::size_t>(s.value)];
    return uses;
}

Block FlowBuilder::current_part() const { return without_solves(m_.program.breakpoint); }

void FlowBuilder::read_ions(Trace& t, bool solving, bool currents) const {
    for (const IonCopy& copy : m_.ion_copies) {
        const Variable& v = m_.variables.at(copy.name);
        if (v.is_array) throw NotAGraph{"an ion variable is an array"};
        const bool kept = solving && copy.written && copy.ion_column != NRN_ION_I;  // unless the block assigns it
        if ((!copy.read && !kept) || (copy.ion_column == NRN_ION_I && copy.written && !currents)) continue;
        if (solving && v.kind == Declaration::Kind::State) continue;
        t.write(copy.name, t.graph().leaf({LeafPlace::Kind::Ion, copy.ion, copy.ion_column}));
    }
}

void FlowBuilder::finish(Trace& t, Flow& flow) const {
    Graph& g = flow.graph;
    std::set<int> globals;
    for (const auto& [key, node] : t.written()) {
        const std::string name = name_of_key(key);
        const Variable& v = m_.variables.at(name);
        const int element = element_of_key(key);
        if (v.where == Variable::Where::Global) {
            if (node == g.leaf({LeafPlace::Kind::Global, v.column + element, 0})) continue;
            flow.stores.push_back({Store::To::Global, v.column + element, 0, node, name});
            globals.insert(v.column + element);
        } else if (node != g.leaf({LeafPlace::Kind::Column, v.column + element, 0})) {
            flow.stores.push_back({Store::To::Column, v.column + element, 0, node, name});
        }
    }
    for (const IonCopy& copy : m_.ion_copies) {
        if (!copy.written || copy.ion_column == NRN_ION_I) continue;
        const NodeId value = t.read(copy.name);
        if (value == g.leaf({LeafPlace::Kind::Ion, copy.ion, copy.ion_column})) continue;
        // Instances on one node would have to see each other's concentrations.
        if (m_.program.type != Program::Type::Density) throw NotAGraph{"a point process writes an ion's variable"};
        flow.stores.push_back({Store::To::Ion, copy.ion, copy.ion_column, value, ""});
    }
    // A global that is read before it is written carries a value from one instance to the next.
    for (const NodeId n : live_nodes(g, flow.stores))
        if (g[n].op == Op::Leaf && g[n].leaf.kind == LeafPlace::Kind::Global && globals.contains(g[n].leaf.index)) throw NotAGraph{"a GLOBAL variable carries a value between instances"};
}

void FlowBuilder::cnexp(Trace& t, const Stmt& s) const {
    if (s.kind != Stmt::Kind::DiffEq) throw NotAGraph{"an equation that is no derivative"};
    const auto slope = differentiate(s.value, *s.target);
    if (!slope || mentions(*slope, *s.target)) throw NotAGraph{"a derivative that is not linear"};
    Graph& g = t.graph();
    const std::string place = t.place(s.target);
    const NodeId x = t.value(s.target), dt = g.leaf({LeafPlace::Kind::Step, 0, 0});
    const NodeId b = g.value(t.value(*slope));
    if (g.is_number(b, 0)) return t.write(place, g.add(x, g.multiply(dt, g.value(t.value(s.value)))));
    // x' = a + b x runs to -a/b with exp(b dt) of the distance left.
    const NodeId a = g.value(t.value(substitute(s.value, *s.target, make_number(0))));
    const NodeId end = g.negate(g.divide(a, b));
    t.write(place, g.add(g.multiply(g.call("exp", {g.multiply(dt, b)}), g.subtract(x, end)), end));
}

void FlowBuilder::euler(Trace& t, const Procedure& p) const {
    const Rates rates = rates_of(t, m_, p, false);
    Graph& g = t.graph();
    for (std::size_t i = 0; i < rates.states.size(); ++i) {
        const std::string place = Trace::key(rates.states[i].name, m_.variables.at(rates.states[i].name).is_array, rates.states[i].element);
        t.write(place, g.add(t.read(place), g.multiply(g.leaf({LeafPlace::Kind::Step, 0, 0}), rates.value[i])));
    }
}

void FlowBuilder::solve(Trace& t, const Stmt& s) const {
    const auto found = m_.procedures.find(s.name);
    if (found == m_.procedures.end() || s.steady_state) throw NotAGraph{"SOLVE " + s.name};
    const Procedure& p = *found->second;
    if (p.kind == Procedure::Kind::Procedure || p.kind == Procedure::Kind::Function) {
        (void)t.call(p, {});
        return;
    }
    if (p.kind != Procedure::Kind::Derivative && p.kind != Procedure::Kind::Kinetic) throw NotAGraph{"SOLVE " + s.name};
    if (s.method != "euler" && s.method != "cnexp" && s.method != "runge") return implicit(t, p);
    if (p.kind == Procedure::Kind::Kinetic) throw NotAGraph{"an explicit step of a KINETIC block"};
    if (s.method == "euler") return euler(t, p);
    if (s.method == "runge") throw NotAGraph{"SOLVE " + s.name};
    t.equation = [&](const Stmt& q) { cnexp(t, q); };
    t.run(p.body);
    t.equation = nullptr;
}

/// One backward Euler step of equations that are linear in their unknowns: (1 - dt J) (x - x0) = dt f(x0).
void FlowBuilder::implicit(Trace& t, const Procedure& p) const {
    Graph& g = t.graph();
    const auto states = solved_states(m_, p);
    const std::size_t n = states.size();
    std::vector<std::string> keys;
    std::vector<NodeId> old, unknown;
    for (std::size_t i = 0; i < n; ++i) {
        keys.push_back(Trace::key(states[i].name, m_.variables.at(states[i].name).is_array, states[i].element));
        old.push_back(t.read(keys[i]));
        unknown.push_back(g.leaf({LeafPlace::Kind::Argument, 1000 + static_cast<int>(i), 0}));
        t.write(keys[i], unknown[i]);
    }
    const Rates rates = rates_of(t, m_, p, true);
    const auto at_start = [&](NodeId f) {
        for (std::size_t i = 0; i < n; ++i) f = g.replaced(f, unknown[i], old[i]);
        return f;
    };
    const NodeId dt = g.leaf({LeafPlace::Kind::Step, 0, 0});
    const NodeId middle = g.opposite(g.equal(g.leaf({LeafPlace::Kind::SecondOrder, 0, 0}), g.number(0)));
    const NodeId step = g.select(middle, g.multiply(g.number(0.5), dt), dt);
    std::vector<std::vector<NodeId>> a(n);
    std::vector<NodeId> x(n);
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) {
            const auto slope = g.derivative(rates.value[i], unknown[j]);
            if (!slope) throw NotAGraph{"a rate without a known slope"};
            for (const NodeId u : unknown)
                if (g.depends(*slope, u)) throw NotAGraph{"equations that are not linear in their states"};
            a[i].push_back(rates.conserved[i] ? *slope : g.subtract(g.number(i == j), g.multiply(step, *slope)));
        }
        const NodeId start = at_start(rates.value[i]);
        x[i] = rates.conserved[i] ? g.negate(start) : g.multiply(step, start);
    }
    if (!solve_linear(g, a, x)) throw NotAGraph{"a system without a diagonal"};
    // secondorder: the step goes to the middle of the interval, the rest is extrapolated.
    std::vector<NodeId> end(n);
    for (std::size_t i = 0; i < n; ++i) {
        end[i] = g.add(old[i], g.multiply(g.select(middle, g.number(2), g.number(1)), x[i]));
        t.write(keys[i], end[i]);
    }
    for (const auto& [key, node] : t.written()) {
        NodeId now = node;
        for (std::size_t i = 0; i < n; ++i)
            if (g.depends(now, unknown[i])) now = g.replaced(now, unknown[i], end[i]);
        if (now != node) t.write(key, now);
    }
}

Flow FlowBuilder::state(bool tables) const {
    Flow flow;
    Trace t(flow.graph, m_, tables);
    t.solve = [&](const Stmt& s) { solve(t, s); };
    read_ions(t, false, true);
    walk(m_.program.breakpoint, [&](const Stmt& s) {
        if (s.kind == Stmt::Kind::Solve) solve(t, s);
    });
    if (m_.currents.empty()) t.run(current_part());  // what a block computes beside is of the new states, wherever it stands
    finish(t, flow);
    return flow;
}

bool FlowBuilder::writes_current(int ion) const {
    return std::any_of(m_.currents.begin(), m_.currents.end(), [&](const auto& c) { return c.ion == ion; });
}

/// The block is evaluated at v + 0.001 mV and then at v. What it makes of its own variables (counters, greatest values)
/// goes on at the second from what the first left. @returns what turns a value of one evaluation into that of the second
std::function<NodeId(NodeId)> FlowBuilder::second_evaluation(Trace& t, NodeId above) const {
    struct Kept { NodeId start, place, first; };
    Graph& g = t.graph();
    const NodeId v = g.leaf({LeafPlace::Kind::Voltage, 0, 0});
    std::vector<Kept> kept;
    constexpr int kSecond = 2000;  // the first place; those of unknowns are below
    const auto values = t.written();
    for (const auto& [key, node] : values) {
        const auto found = m_.variables.find(name_of_key(key));
        if (key[0] == '%' || found == m_.variables.end() || found->second.where != Variable::Where::Instance) continue;
        const NodeId start = g.leaf({LeafPlace::Kind::Column, found->second.column + element_of_key(key), 0});
        const bool looked_at = std::any_of(values.begin(), values.end(), [&, mine = node](const auto& value) { return mine != start && g.depends(value.second, start); });
        if (looked_at) kept.push_back({start, g.leaf({LeafPlace::Kind::Argument, kSecond + static_cast<int>(kept.size()), 0}), g.replaced(node, v, above)});
    }
    return [&g, kept = std::move(kept)](NodeId x) {
        // By way of places of their own: what the first evaluation left is made from the same variables.
        for (const Kept& k : kept)
            if (g.depends(x, k.start)) x = g.replaced(x, k.start, k.place);
        for (const Kept& k : kept)
            if (g.depends(x, k.place)) x = g.replaced(x, k.place, k.first);
        return x;
    };
}

Flow FlowBuilder::current(bool tables) const {
    Flow flow;
    Graph& g = flow.graph;
    Trace t(g, m_, tables);
    read_ions(t, false, true);
    t.run(current_part());
    const NodeId v = g.leaf({LeafPlace::Kind::Voltage, 0, 0});
    const bool point = m_.program.type == Program::Type::PointProcess;
    const NodeId scale = point ? g.divide(g.number(100), g.leaf({LeafPlace::Kind::Area, 0, 0})) : g.number(1);
    NodeId total = g.number(0), conductance = g.number(0);
    const NodeId above = g.add(v, g.number(0.001));
    const auto second = second_evaluation(t, above);
    const auto values = t.written();
    for (const auto& c : m_.currents) {
        const NodeId once = t.read(c.name), i = second(once);
        auto slope = g.derivative(i, v);
        if (slope && (g.depends(*slope, v) || i != once)) slope.reset();
        // Where the current is not linear in v its slope is the customary difference over 0.001 mV.
        if (!slope) slope = g.divide(g.subtract(g.replaced(once, v, above), i), g.number(0.001));
        total = g.add(total, i);
        conductance = g.add(conductance, *slope);
        if (c.ion < 0) continue;
        flow.stores.push_back({Store::To::AddIon, c.ion, NRN_ION_I, g.multiply(i, scale), ""});
        flow.stores.push_back({Store::To::AddIon, c.ion, NRN_ION_DIDV, g.multiply(*slope, scale), ""});
    }
    total = g.multiply(total, scale);
    conductance = g.multiply(conductance, scale);
    if (rhs_column_ >= 0) {
        flow.stores.push_back({Store::To::Column, rhs_column_, 0, total, ""});
        flow.stores.push_back({Store::To::Column, g_column_, 0, conductance, ""});
    } else {
        flow.stores.push_back({Store::To::SubtractRhs, 0, 0, total, ""});
        flow.stores.push_back({Store::To::AddDiagonal, 0, 0, conductance, ""});
    }
    for (const auto& [key, node] : values)
        if (key[0] != '%') t.write(key, second(node));
    finish(t, flow);
    // At the second of the two voltages such a current goes on from the first.
    for (const NodeId n : live_nodes(g, flow.stores))
        if (g[n].op == Op::Leaf && g[n].leaf.kind == LeafPlace::Kind::Ion && g[n].leaf.part == NRN_ION_I && writes_current(g[n].leaf.index)) throw NotAGraph{"a current is made from what it was"};
    return flow;
}

Flow FlowBuilder::initial() const {
    Flow flow;
    Graph& g = flow.graph;
    Trace t(g, m_, false);
    t.solve = [&](const Stmt& s) { solve(t, s); };
    read_ions(t, false);
    for (const auto& n : m_.order) {
        const Variable& v = m_.variables.at(n);
        if (v.kind != Declaration::Kind::State || v.ion >= 0) continue;
        const auto named = m_.variables.find(n + "0");
        const NodeId start = named != m_.variables.end() && !named->second.is_array ? g.value(t.value(make_name(n + "0"))) : g.number(v.value);
        for (int i = 0; i < v.length; ++i) t.write(Trace::key(n, v.is_array, i), start);
    }
    t.run(m_.program.initial);
    finish(t, flow);
    return flow;
}

Flow FlowBuilder::block(const Block& b, bool solving) const {
    Flow flow;
    Trace t(flow.graph, m_, false);
    t.solve = [&](const Stmt& s) { solve(t, s); };
    read_ions(t, solving);
    t.run(b);
    finish(t, flow);
    return flow;
}

Flow FlowBuilder::procedure(const Procedure& p) const {
    Flow flow;
    Trace t(flow.graph, m_, false);
    std::vector<NodeId> args;
    for (std::size_t i = 0; i < p.args.size(); ++i) args.push_back(flow.graph.leaf({LeafPlace::Kind::Argument, static_cast<int>(i), 0}));
    const NodeId result = t.call(p, args);
    finish(t, flow);
    flow.stores.push_back({Store::To::Column, 0, 0, result, ""});
    return flow;
}

std::vector<NodeId> FlowBuilder::corrected(Trace& t, const Procedure& p, int first) const {
    Graph& g = t.graph();
    const auto states = solved_states(m_, p);
    const std::size_t n = states.size();
    const NodeId dt = g.leaf({LeafPlace::Kind::Step, 0, 0});
    std::vector<NodeId> x(n), now(n), unknown(n);
    for (std::size_t i = 0; i < n; ++i) {
        x[i] = g.leaf({LeafPlace::Kind::Column, first + static_cast<int>(i), 0});
        now[i] = g.leaf({LeafPlace::Kind::Column, states[i].column, 0});
        unknown[i] = g.leaf({LeafPlace::Kind::Argument, 1000 + static_cast<int>(i), 0});
    }
    const auto slope_of = [&](NodeId f, NodeId state) {
        const auto slope = g.derivative(f, state);
        if (!slope) throw NotAGraph{"a derivative without a known slope"};
        return *slope;
    };
    if (p.kind == Procedure::Kind::Derivative) {
        const Rates rates = rates_of(t, m_, p, false, {}, true);
        for (std::size_t i = 0; i < n; ++i) {
            const NodeId slope = rates.own_slope[i] >= 0 ? rates.own_slope[i] : slope_of(rates.value[i], now[i]);
            x[i] = g.divide(x[i], g.subtract(g.number(1), g.multiply(dt, slope)));
        }
        return x;
    }
    const auto bind = [&](bool at_equation) {
        for (std::size_t i = 0; i < n; ++i) t.write(Trace::key(states[i].name, m_.variables.at(states[i].name).is_array, states[i].element), at_equation ? unknown[i] : now[i]);
    };
    const Rates rates = rates_of(t, m_, p, false, bind);
    std::vector<std::vector<NodeId>> a(n);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) {
            NodeId slope = slope_of(rates.value[i], unknown[j]);
            for (std::size_t k = 0; k < n; ++k)
                if (g.depends(slope, unknown[k])) slope = g.replaced(slope, unknown[k], now[k]);
            a[i].push_back(g.subtract(g.number(i == j), g.multiply(dt, slope)));
        }
    if (!solve_linear(g, a, x)) throw NotAGraph{"a system without a diagonal"};
    return x;
}

Flow FlowBuilder::ode(const std::vector<const Procedure*>& blocks, int first, bool solve, bool tables) const {
    Flow flow;
    Trace t(flow.graph, m_, tables);
    read_ions(t, true, true);
    std::vector<Store> results;
    for (const Procedure* p : blocks) {
        const std::vector<NodeId> x = solve ? corrected(t, *p, first) : rates_of(t, m_, *p, false).value;
        for (std::size_t i = 0; i < x.size(); ++i) results.push_back({Store::To::Column, first + static_cast<int>(i), 0, x[i], ""});
        first += static_cast<int>(x.size());
    }
    if (!solve) finish(t, flow);
    flow.stores.insert(flow.stores.end(), results.begin(), results.end());
    return flow;
}

}  // namespace nrn::nmodl
