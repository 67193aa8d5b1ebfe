// SPDX-License-Identifier: BSD-3-Clause
// Layers of extracellular medium around sections that have the mechanism `extracellular`: with them each node
// has 1 + layers unknowns (inside, layer 0, layer 1 ...), and the tree is solved by blocks.
#pragma once
#include <vector>

#include "engine/block_tree.hpp"
#include "model/extracellular.hpp"
#include "model/stable_row.hpp"
#include "nrn/abi/mechanism.h"

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

    // ---- parts of a step, for systems that solve it together with more --------------------------------
    /// Potentials (inside, layers; relative to ground) and conductances as they are now.
    void read(Simulation& simulation);
    /// The equations for the change of all potentials; rhs and d are the membrane's and electrodes'.
    void assemble(Simulation& simulation, double per_ms, BlockTree& tree);
    /// From a solution: vext, i_membrane, and the change of the membrane potential in rhs of the nodes.
    void apply(Simulation& simulation, double per_ms, double factor, BlockTree& tree);

    [[nodiscard]] int layers() const noexcept { return columns().layers; }
    [[nodiscard]] bool present(std::size_t node) const noexcept { return nodes_[node].present; }
    /// Potential of layer k at a node, mV.
    [[nodiscard]] double layer(std::size_t node, int k) const noexcept { return potential_[node * width() + 1 + static_cast<std::size_t>(k)]; }
    void set_layer(Simulation& simulation, std::size_t node, int k, double potential);
    /// xc of layer k at a node, uF/cm2; ends have none.
    [[nodiscard]] double capacitance(std::size_t node, int k) const;
    /// Current and conductance of the membrane without electrodes, mA/cm2 (inwards) and S/cm2; after assemble().
    [[nodiscard]] double membrane_rhs(std::size_t node) const noexcept { return nodes_[node].membrane_rhs; }
    void set_membrane_current(std::size_t node, double density);
    /// vext of the innermost layer at a node as its column has it, mV; 0 without the medium.
    [[nodiscard]] double outside(Simulation& simulation, std::size_t node);

  private:
    struct NodeData {
        std::uint32_t row = kNoRow;  // of its instance; ends have none
        bool present = false;        // has its section the medium?
        double half_length = 0;      // of the segment, cm
        double membrane_rhs = 0, membrane_slope = 0;
    };
    [[nodiscard]] ExtracellularColumns columns() const { return ExtracellularColumns(type_); }
    [[nodiscard]] std::size_t width() const noexcept { return static_cast<std::size_t>(columns().layers) + 1; }
    void find_nodes(Simulation& simulation);
    void split_electrodes(Simulation& simulation);

    MechanismType& type_;
    std::uint64_t version_ = 0;
    std::vector<NodeData> nodes_;
    std::vector<double> potential_;  // [node][inside, layers], of the nodes in their present order
    std::vector<double> axial_;      // [node][layer] conductance to the parent, uS
    std::vector<double> kept_;       // [stable id][layer], for nodes without an instance
    BlockTree tree_;
};

/// What Simulation's step and finitialize need.
Extracellular& extracellular(Runtime& runtime);

/// While it lives, the nodes of an electrode's rows show the potential inside relative to ground, v + vext: an electrode
/// does not see the membrane alone. Does nothing without a medium.
class InsidePotential {
  public:
    InsidePotential(Simulation& simulation, Extracellular* medium, const nrn_mech_view& view, std::int32_t begin, std::int32_t end);
    ~InsidePotential();
    InsidePotential(const InsidePotential&) = delete;
    InsidePotential& operator=(const InsidePotential&) = delete;

  private:
    struct Kept {
        double* v;
        double value;
    };
    std::vector<Kept> kept_;
};

}  // namespace nrn
