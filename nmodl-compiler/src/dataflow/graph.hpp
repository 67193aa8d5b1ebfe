// SPDX-License-Identifier: BSD-3-Clause
// What a kernel computes, as a graph of values without control flow: equal values are one node, conditions are
// selections. Values that are the same for all instances are known as such, so that they leave the loop.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace nrn::nmodl {

using NodeId = int;

enum class Op { Number, Leaf, Negate, Add, Subtract, Multiply, Divide, Less, LessEqual, Equal, And, Or, Not, Select, AsNumber, Call, Table };

/// Where a value comes from.
struct LeafPlace {
    enum class Kind { Column, Voltage, Area, Diameter, Ion, Global, Time, Step, Celsius, SecondOrder, Argument, Pointer };
    Kind kind = Kind::Column;
    int index = 0, part = 0;  // column, global or slot of a pointer; ion and its column
    auto operator<=>(const LeafPlace&) const = default;
};

struct Node {
    Op op = Op::Number;
    double number = 0;
    std::string text;            // function of a Call, procedure of a Table
    LeafPlace leaf;
    int column = 0;              // Table: which of its variables
    std::vector<NodeId> args;
    bool uniform = false;        // the same for all instances
    bool boolean = false;
};

class Graph {
  public:
    [[nodiscard]] const Node& operator[](NodeId n) const { return nodes_[static_cast<std::size_t>(n)]; }
    [[nodiscard]] int size() const { return static_cast<int>(nodes_.size()); }

    NodeId number(double x);
    NodeId leaf(LeafPlace place);
    NodeId negate(NodeId a);
    NodeId add(NodeId a, NodeId b);
    NodeId subtract(NodeId a, NodeId b);
    NodeId multiply(NodeId a, NodeId b);
    NodeId divide(NodeId a, NodeId b);
    NodeId power(NodeId a, NodeId b);
    NodeId less(NodeId a, NodeId b);
    NodeId less_equal(NodeId a, NodeId b);
    NodeId equal(NodeId a, NodeId b);
    NodeId both(NodeId a, NodeId b);
    NodeId either(NodeId a, NodeId b);
    NodeId opposite(NodeId a);
    NodeId select(NodeId condition, NodeId yes, NodeId no);
    /// As a condition, as a number.
    NodeId truth(NodeId a);
    NodeId value(NodeId a);
    NodeId call(const std::string& function, std::vector<NodeId> args);
    NodeId table(const std::string& procedure, NodeId x, int column);

    [[nodiscard]] bool is_number(NodeId n, double x) const { return (*this)[n].op == Op::Number && (*this)[n].number == x; }
    /// Truth of a condition that is known now.
    [[nodiscard]] std::optional<bool> known(NodeId condition) const;
    /// d a / d leaf; nothing when a function without a known derivative, or a condition, depends on it.
    std::optional<NodeId> derivative(NodeId a, NodeId leaf);
    [[nodiscard]] bool depends(NodeId a, NodeId leaf) const;
    /// A node like this one, of other arguments.
    NodeId rebuilt(const Node& node, const std::vector<NodeId>& args);
    /// a with `leaf` replaced.
    NodeId replaced(NodeId a, NodeId leaf, NodeId by);

  private:
    struct Factors;
    NodeId make(Node node);
    NodeId binary(Op op, NodeId a, NodeId b, bool boolean = false);
    void collect(NodeId n, bool inverse, Factors& f) const;
    std::optional<NodeId> cancelled(NodeId a, NodeId b, bool divide);
    std::optional<NodeId> derive(NodeId a, NodeId leaf, std::map<NodeId, std::optional<NodeId>>& known);
    using Key = std::tuple<Op, double, bool, std::string, LeafPlace, int, std::vector<NodeId>>;
    std::vector<Node> nodes_;
    std::map<Key, NodeId> known_;
};

}  // namespace nrn::nmodl
