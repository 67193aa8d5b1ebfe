// SPDX-License-Identifier: BSD-3-Clause
// Makers of nodes, each with the simplifications that keep a result to rounding.
#include "dataflow/graph.hpp"

#include <algorithm>
#include <cmath>

namespace nrn::nmodl {

NodeId Graph::make(Node node) {
    // Two zeros differ by sign, and a number that is none equals nothing: keep keys ordered.
    const bool sign = std::signbit(node.number);
    Key key{node.op, std::isnan(node.number) ? 0.5 : node.number, sign, std::isnan(node.number) ? "nan" : node.text, node.leaf, node.column, node.args};
    const auto found = known_.find(key);
    if (found != known_.end()) return found->second;
    if (node.op == Op::Number) node.uniform = true;
    else if (node.op == Op::Leaf)
        node.uniform = node.leaf.kind == LeafPlace::Kind::Global || node.leaf.kind == LeafPlace::Kind::Time || node.leaf.kind == LeafPlace::Kind::Step ||
                       node.leaf.kind == LeafPlace::Kind::Celsius || node.leaf.kind == LeafPlace::Kind::SecondOrder;
    else node.uniform = node.op != Op::Table && std::all_of(node.args.begin(), node.args.end(), [&](NodeId a) { return (*this)[a].uniform; });
    nodes_.push_back(std::move(node));
    const NodeId id = size() - 1;
    known_.emplace(std::move(key), id);
    return id;
}

NodeId Graph::number(double x) { return make({.op = Op::Number, .number = x}); }
NodeId Graph::leaf(LeafPlace place) { return make({.op = Op::Leaf, .leaf = place}); }
NodeId Graph::binary(Op op, NodeId a, NodeId b, bool boolean) { return make({.op = op, .args = {a, b}, .boolean = boolean}); }

NodeId Graph::negate(NodeId a) {
    const Node n = (*this)[a];
    if (n.op == Op::Number) return number(-n.number);
    if (n.op == Op::Negate) return n.args[0];
    if (n.op == Op::Subtract) return subtract(n.args[1], n.args[0]);
    // A sign goes into the part that leaves the loop.
    if (!n.uniform && (n.op == Op::Multiply || n.op == Op::Divide) && (*this)[n.args[0]].uniform) return binary(n.op, negate(n.args[0]), n.args[1]);
    if (!n.uniform && n.op == Op::Multiply && (*this)[n.args[1]].uniform) return binary(n.op, n.args[0], negate(n.args[1]));
    return make({.op = Op::Negate, .args = {a}});
}

NodeId Graph::add(NodeId a, NodeId b) {
    const Node &x = (*this)[a], &y = (*this)[b];
    if (x.op == Op::Number && y.op == Op::Number) return number(x.number + y.number);
    if (is_number(a, 0)) return b;
    if (is_number(b, 0)) return a;
    if (y.op == Op::Negate) return subtract(a, y.args[0]);
    if (x.op == Op::Negate) return subtract(b, x.args[0]);
    return binary(Op::Add, std::min(a, b), std::max(a, b));
}

NodeId Graph::subtract(NodeId a, NodeId b) {
    const Node &x = (*this)[a], &y = (*this)[b];
    if (x.op == Op::Number && y.op == Op::Number) return number(x.number - y.number);
    if (is_number(b, 0)) return a;
    if (is_number(a, 0)) return negate(b);
    if (y.op == Op::Number) return add(a, number(-y.number));
    if (y.op == Op::Negate) return add(a, y.args[0]);
    // One form for both signs of a distance, so that exp(x) and exp(-x) are seen to be related.
    if (x.uniform && !y.uniform && y.op == Op::Leaf) return make({.op = Op::Negate, .args = {x.op == Op::Number ? add(b, number(-x.number)) : binary(Op::Subtract, b, a)}});
    return binary(Op::Subtract, a, b);
}

/// A product taken apart: factors above and below the line.
struct Graph::Factors {
    double coefficient = 1;
    std::vector<NodeId> above, below;
    bool divides = false;
};

void Graph::collect(NodeId n, bool inverse, Factors& f) const {
    const Node& x = (*this)[n];
    if (f.above.size() + f.below.size() > 24) return (inverse ? f.below : f.above).push_back(n);
    switch (x.op) {
    case Op::Number:
        if (x.number == 0) return (inverse ? f.below : f.above).push_back(n);
        f.coefficient = inverse ? f.coefficient / x.number : f.coefficient * x.number;
        return;
    case Op::Negate: f.coefficient = -f.coefficient; return collect(x.args[0], inverse, f);
    case Op::Multiply:
        collect(x.args[0], inverse, f);
        return collect(x.args[1], inverse, f);
    case Op::Divide:
        f.divides = true;
        collect(x.args[0], inverse, f);
        return collect(x.args[1], !inverse, f);
    default: (inverse ? f.below : f.above).push_back(n);
    }
}

/// a b or a / b, when something above the line also stands below it.
std::optional<NodeId> Graph::cancelled(NodeId a, NodeId b, bool divide_them) {
    Factors f;
    collect(a, false, f);
    collect(b, divide_them, f);
    bool any = false;
    for (std::size_t i = 0; i < f.below.size();) {
        const auto same = std::find(f.above.begin(), f.above.end(), f.below[i]);
        if (same == f.above.end()) {
            ++i;
            continue;
        }
        any = true;
        f.above.erase(same);
        f.below.erase(f.below.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if (!any) return std::nullopt;
    const auto product = [&](const std::vector<NodeId>& list, bool uniform) {
        NodeId p = number(1);
        for (const NodeId n : list)
            if ((*this)[n].uniform == uniform) p = multiply(p, n);
        return p;
    };
    const NodeId scale = multiply(number(f.coefficient), divide(product(f.above, true), product(f.below, true)));
    const NodeId above = product(f.above, false), below = product(f.below, false);
    return multiply(scale, is_number(below, 1) ? above : divide(above, below));
}

NodeId Graph::multiply(NodeId a, NodeId b) {
    const Node x = (*this)[a], y = (*this)[b];
    if (x.op == Op::Number && y.op == Op::Number) return number(x.number * y.number);
    if (is_number(a, 0) || is_number(b, 0)) return number(0);
    if (is_number(a, 1)) return b;
    if (is_number(b, 1)) return a;
    if (is_number(a, -1)) return negate(b);
    if (is_number(b, -1)) return negate(a);
    if (x.op == Op::Negate) return negate(multiply(x.args[0], b));
    if (y.op == Op::Negate) return negate(multiply(a, y.args[0]));
    if (x.op == Op::Divide || y.op == Op::Divide)
        if (const auto simpler = cancelled(a, b, false)) return *simpler;
    // Uniform parts come together.
    if (x.uniform && !y.uniform) {
        if (y.op == Op::Multiply && (*this)[y.args[0]].uniform) return binary(Op::Multiply, multiply(a, y.args[0]), y.args[1]);
        if (y.op == Op::Multiply && (*this)[y.args[1]].uniform) return binary(Op::Multiply, multiply(a, y.args[1]), y.args[0]);
        if (y.op == Op::Divide && (*this)[y.args[0]].uniform) return binary(Op::Divide, multiply(a, y.args[0]), y.args[1]);
    }
    if (y.uniform && !x.uniform) return multiply(b, a);
    if (x.uniform == y.uniform) return binary(Op::Multiply, std::min(a, b), std::max(a, b));
    return binary(Op::Multiply, a, b);
}

NodeId Graph::divide(NodeId a, NodeId b) {
    const Node x = (*this)[a], y = (*this)[b];
    if (x.op == Op::Number && y.op == Op::Number && y.number != 0) return number(x.number / y.number);
    if (is_number(a, 0)) return a;
    if (is_number(b, 1)) return a;
    if (is_number(b, -1)) return negate(a);
    if (x.op == Op::Negate) return negate(divide(x.args[0], b));
    if (y.op == Op::Negate) return negate(divide(a, y.args[0]));
    if (const auto simpler = cancelled(a, b, true)) return *simpler;
    if (y.op == Op::Divide) return divide(multiply(a, y.args[1]), y.args[0]);
    if (y.uniform && !x.uniform) return multiply(divide(number(1), b), a);
    if (!y.uniform) {
        if (y.op == Op::Multiply && (*this)[y.args[0]].uniform) {
            const Node inner = (*this)[y.args[1]];
            if (inner.op == Op::Divide) return divide(multiply(divide(a, y.args[0]), inner.args[1]), inner.args[0]);
            if (x.uniform) return divide(divide(a, y.args[0]), y.args[1]);
        }
        if (!x.uniform && x.op == Op::Divide) return divide(x.args[0], multiply(x.args[1], b));
    }
    return binary(Op::Divide, a, b);
}

NodeId Graph::power(NodeId a, NodeId b) {
    const Node& y = (*this)[b];
    if (y.op == Op::Number && y.number == std::floor(y.number) && y.number >= 1 && y.number <= 8) {
        // By repeated squaring of the parts: m^3 and m^4 share m^2.
        const int n = static_cast<int>(y.number);
        if (n == 1) return a;
        const NodeId half = power(a, number(n / 2));
        const NodeId square = multiply(half, half);
        return n % 2 ? multiply(square, a) : square;
    }
    if (is_number(b, 0)) return number(1);
    if (is_number(b, 0.5)) return call("sqrt", {a});
    return call("pow", {a, b});
}

NodeId Graph::less(NodeId a, NodeId b) { return binary(Op::Less, value(a), value(b), true); }
NodeId Graph::less_equal(NodeId a, NodeId b) { return binary(Op::LessEqual, value(a), value(b), true); }
NodeId Graph::equal(NodeId a, NodeId b) { return binary(Op::Equal, value(a), value(b), true); }
NodeId Graph::both(NodeId a, NodeId b) { return binary(Op::And, truth(a), truth(b), true); }
NodeId Graph::either(NodeId a, NodeId b) { return binary(Op::Or, truth(a), truth(b), true); }
NodeId Graph::opposite(NodeId a) {
    a = truth(a);
    if ((*this)[a].op == Op::Not) return (*this)[a].args[0];
    return make({.op = Op::Not, .args = {a}, .boolean = true});
}

std::optional<bool> Graph::known(NodeId condition) const {
    const Node& n = (*this)[condition];
    const auto number_of = [&](NodeId a) -> std::optional<double> { return (*this)[a].op == Op::Number ? std::optional((*this)[a].number) : std::nullopt; };
    if (n.op == Op::Number) return n.number != 0;
    if (n.op == Op::Not) {
        const auto inner = known(n.args[0]);
        return inner ? std::optional(!*inner) : std::nullopt;
    }
    if (n.op == Op::And || n.op == Op::Or) {
        const auto a = known(n.args[0]), b = known(n.args[1]);
        if (a && *a == (n.op == Op::Or)) return a;
        if (b && *b == (n.op == Op::Or)) return b;
        return a && b ? a : std::nullopt;
    }
    if (n.args.size() != 2) return std::nullopt;
    const auto a = number_of(n.args[0]), b = number_of(n.args[1]);
    if (!a || !b) return std::nullopt;
    if (n.op == Op::Less) return *a < *b;
    if (n.op == Op::LessEqual) return *a <= *b;
    if (n.op == Op::Equal) return *a == *b;
    return std::nullopt;
}

NodeId Graph::truth(NodeId a) {
    if ((*this)[a].boolean) return a;
    if ((*this)[a].op == Op::AsNumber) return (*this)[a].args[0];
    return opposite(equal(a, number(0)));
}
NodeId Graph::value(NodeId a) { return (*this)[a].boolean ? make({.op = Op::AsNumber, .args = {a}}) : a; }

NodeId Graph::select(NodeId condition, NodeId yes, NodeId no) {
    condition = truth(condition);
    yes = value(yes);
    no = value(no);
    if (yes == no) return yes;
    if (const auto constant = known(condition)) return *constant ? yes : no;
    if ((*this)[condition].op == Op::Not) return select((*this)[condition].args[0], no, yes);
    return make({.op = Op::Select, .args = {condition, yes, no}});
}

NodeId Graph::call(const std::string& function, std::vector<NodeId> args) {
    for (NodeId& a : args)
        if (function != "related_exp") a = value(a);
    if (function == "fabs") {  // of -x it is that of x
        const Node x = (*this)[args[0]];
        if (x.op == Op::Negate) args[0] = x.args[0];
        if (x.op == Op::Multiply && (*this)[x.args[0]].op == Op::Number) args[0] = multiply(number(std::fabs((*this)[x.args[0]].number)), x.args[1]);
    }
    return make({.op = Op::Call, .text = function, .args = std::move(args)});
}
NodeId Graph::table(const std::string& procedure, NodeId x, int column) { return make({.op = Op::Table, .text = procedure, .column = column, .args = {value(x)}}); }

bool Graph::depends(NodeId a, NodeId leaf) const {
    std::vector<char> yes(static_cast<std::size_t>(a) + 1);
    for (NodeId n = 0; n <= a; ++n) {  // arguments come before their users
        bool found = n == leaf;
        for (const NodeId x : (*this)[n].args) found = found || yes[static_cast<std::size_t>(x)];
        yes[static_cast<std::size_t>(n)] = found;
    }
    return yes[static_cast<std::size_t>(a)];
}

std::optional<NodeId> Graph::derivative(NodeId a, NodeId leaf) {
    std::map<NodeId, std::optional<NodeId>> found;
    return derive(a, leaf, found);
}

std::optional<NodeId> Graph::derive(NodeId a, NodeId leaf, std::map<NodeId, std::optional<NodeId>>& found) {
    if (a == leaf) return number(1);
    if (const auto f = found.find(a); f != found.end()) return f->second;
    const Node n = (*this)[a];
    const auto compute = [&]() -> std::optional<NodeId> {
        if (n.args.empty()) return number(0);
        std::vector<NodeId> d;
        bool constant = true;
        for (const NodeId x : n.args) {
            const auto dx = derive(x, leaf, found);
            if (!dx) return std::nullopt;
            d.push_back(*dx);
            constant = constant && is_number(*dx, 0);
        }
        if (constant) return number(0);
        const NodeId u = n.args[0], w = n.args.size() > 1 ? n.args[1] : u;
        switch (n.op) {
        case Op::Negate: return negate(d[0]);
        case Op::Add: return add(d[0], d[1]);
        case Op::Subtract: return subtract(d[0], d[1]);
        case Op::Multiply: return add(multiply(d[0], w), multiply(u, d[1]));
        case Op::Divide:
            if (is_number(d[1], 0)) return divide(d[0], w);
            return divide(subtract(d[0], multiply(a, d[1])), w);
        case Op::Select:
            if (!is_number(d[0], 0)) return std::nullopt;
            return select(n.args[0], d[1], d[2]);
        case Op::Call:
            if (n.args.size() == 1) {
                if (n.text == "exp") return multiply(d[0], a);
                if (n.text == "log") return divide(d[0], u);
                if (n.text == "sqrt") return divide(multiply(number(0.5), d[0]), a);
                if (n.text == "sin") return multiply(d[0], call("cos", {u}));
                if (n.text == "cos") return negate(multiply(d[0], call("sin", {u})));
                if (n.text == "tanh") return multiply(d[0], subtract(number(1), multiply(a, a)));
            }
            if (n.text == "pow" && is_number(d[1], 0)) return multiply(multiply(w, power(u, subtract(w, number(1)))), d[0]);
            return std::nullopt;
        default: return std::nullopt;  // a comparison or a table
        }
    };
    const auto result = compute();
    found[a] = result;
    return result;
}

NodeId Graph::rebuilt(const Node& node, const std::vector<NodeId>& x) {
    const Node n = node;
    switch (n.op) {
    case Op::Negate: return negate(x[0]);
    case Op::Add: return add(x[0], x[1]);
    case Op::Subtract: return subtract(x[0], x[1]);
    case Op::Multiply: return multiply(x[0], x[1]);
    case Op::Divide: return divide(x[0], x[1]);
    case Op::Select: return select(x[0], x[1], x[2]);
    default: {
        Node copy = n;
        copy.args = x;
        return make(std::move(copy));
    }
    }
}

NodeId Graph::replaced(NodeId a, NodeId leaf, NodeId by) {
    std::map<NodeId, NodeId> now{{leaf, by}};
    std::vector<NodeId> pending{a};
    while (!pending.empty()) {
        const NodeId n = pending.back();
        if (now.contains(n)) {
            pending.pop_back();
            continue;
        }
        const Node node = (*this)[n];
        bool ready = true;
        for (const NodeId x : node.args)
            if (!now.contains(x)) {
                ready = false;
                pending.push_back(x);
            }
        if (!ready) continue;
        pending.pop_back();
        std::vector<NodeId> args;
        for (const NodeId x : node.args) args.push_back(now.at(x));
        now[n] = args == node.args ? n : rebuilt(node, args);
    }
    return now.at(a);
}

}  // namespace nrn::nmodl
