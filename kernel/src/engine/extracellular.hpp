// SPDX-License-Identifier: BSD-3-Clause
// Two layers of extracellular medium around sections that have the mechanism `extracellular`: with them each
// node has three unknowns (inside, layer 0, layer 1), and the tree is solved by blocks.
#pragma once
#include <array>
#include <vector>

#include "model/stable_row.hpp"

namespace nrn {

class MechanismType;
class Runtime;
class Simulation;

class Extracellular {
  public:
    explicit Extracellular(Runtime& runtime);
    /// Does any section have it?
    [[nodiscard]] bool active() const noexcept;
    /// finitialize: the medium is at 0 mV.
    void initialize();
    /// In place of axial terms, capacitance and elimination. Expects the membrane's and electrodes' rhs and d;
    /// leaves the change of the membrane potential in rhs, and advances vext by `factor` times its change.
    /// @param per_ms 1/dt, or 2/dt of the half step of second order
    void solve(Simulation& simulation, double per_ms, double factor);

  private:
    using Column3 = std::array<double, 3>;
    using Block = std::array<Column3, 3>;
    struct NodeData {
        std::uint32_t row = kNoRow;  // of its instance; ends have none
        bool present = false;        // has its section the medium?
        double half_length = 0;      // of the segment, cm
        std::array<double, 2> axial{};  // conductance to the parent, uS
        double membrane_rhs = 0, membrane_slope = 0;
    };
    void read_layout(Simulation& simulation);
    void split_electrodes(Simulation& simulation);
    void assemble(Simulation& simulation, double per_ms);
    void eliminate(Simulation& simulation);

    MechanismType& type_;
    std::uint64_t version_ = 0;
    std::vector<NodeData> nodes_;
    std::vector<Column3> potential_;        // inside, layers; of the nodes in their present order
    std::vector<std::array<double, 2>> kept_;  // layers, by stable id of the node
    std::vector<Block> diagonal_;
    std::vector<Column3> rhs_, up_, down_;  // coefficients of the own row for the parent, of the parent's for this
};

/// What Simulation's step and finitialize need.
Extracellular& extracellular(Runtime& runtime);

}  // namespace nrn
