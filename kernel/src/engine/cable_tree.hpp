// SPDX-License-Identifier: BSD-3-Clause
// The cable of whole cells for variable-step solvers: axial currents, elimination, and the voltages of nodes
// without capacitance, which follow from current balance. Not responsible for membrane currents.
#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace nrn {

class NodeStore;
class Simulation;

struct TreeLink { std::int32_t node, parent; };
/// Links of nodes [begin, end), whole cells, from the roots outwards, level by level; the roots apart.
[[nodiscard]] std::vector<TreeLink> tree_links(const NodeStore& nodes, std::int32_t begin, std::int32_t end, std::vector<std::int32_t>& roots);

class CableTree {
  public:
    /// Nodes [begin, end). `driven`: those to which mechanisms deliver current.
    CableTree(Simulation& simulation, std::int32_t begin, std::int32_t end, const std::vector<std::uint8_t>& driven);

    /// Nodes with capacitance, rising.
    [[nodiscard]] const std::vector<std::int32_t>& capacitive() const noexcept { return capacitive_; }
    /// Does a mechanism deliver current to a node without capacitance?
    [[nodiscard]] bool driven() const noexcept { return driven_; }
    /// rhs += currents along the axis.
    void add_axial_currents();
    /// Voltages of the nodes without capacitance or membrane current, exactly.
    void follow();
    /// Likewise where mechanisms deliver currents there: Newton's iteration; `currents` leaves them in rhs and d.
    void balance(const std::function<void()>& currents);
    /// Overwrites x by the solution of (C - gamma (conductance + axial)) x = C x, C in mA/cm2 per mV/ms.
    /// @param conductance of the membrane, [end - begin]
    void solve(double gamma, const std::vector<double>& conductance, std::span<double> x);

  private:
    [[nodiscard]] bool algebraic(std::int32_t node) const { return algebraic_[static_cast<std::size_t>(node - begin_)] != 0; }
    [[nodiscard]] double& base(std::int32_t node) { return base_[static_cast<std::size_t>(node - begin_)]; }
    void prepare_follow();
    NodeStore& nodes_;
    std::int32_t begin_, end_;
    std::vector<std::uint8_t> algebraic_;
    std::vector<std::int32_t> capacitive_;
    std::vector<TreeLink> links_;            // node to parent, from the roots outwards, level by level
    std::vector<std::int32_t> roots_;
    std::vector<double> base_;           // axial part of the diagonal, S/cm2
    bool driven_ = false;
    // follow(): from the leaves, sums come from children; then voltages from the roots
    struct Term { std::int32_t node, child; double weight; };
    std::vector<Term> terms_;
    std::vector<TreeLink> followers_;        // roots have parent -1
    std::vector<double> pivot_, sum_;    // [end - begin]
};

}  // namespace nrn
