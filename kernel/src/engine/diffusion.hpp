// SPDX-License-Identifier: BSD-3-Clause
// LONGITUDINAL_DIFFUSION: implicit diffusion of mechanisms' states between neighbouring segments of a cell.
#pragma once
#include <cstdint>
#include <map>
#include <vector>

#include "nrn/abi/mechanism.h"

namespace nrn {

class MechanismType;
class Runtime;
class Simulation;

class Diffusion {
  public:
    explicit Diffusion(Runtime&) {}
    /// Advances every diffusing state by dt [ms]; reactions follow in the mechanisms' own state kernels.
    void advance(Simulation& simulation, double dt);
    /// Adds the flux into each segment to `derivative(k)[row]` of the states' ODEs, rows [begin, end).
    void add_rates(Simulation& simulation, MechanismType& type, std::int32_t begin, std::int32_t end);
    /// Solves (1 - dt L) x = b for the diffusion L alone, in the derivative columns, rows [begin, end).
    void solve_rates(Simulation& simulation, MechanismType& type, std::int32_t begin, std::int32_t end, double dt);
    /// After the layout has changed.
    void forget() { trees_.clear(); }

  private:
    /// Instances of one mechanism, parents before children.
    struct Tree {
        std::vector<std::int32_t> row, parent;   // mechanism rows; position of the parent here, or -1
        std::vector<double> length;              // of the segment, um
        std::vector<double> rate_in, rate_out;   // 1/ms: into this segment from its parent, and into the parent from here
        std::vector<double> diagonal, rhs, conductance, volume;
    };
    Tree& tree(Simulation& simulation, MechanismType& type);
    void couple(Simulation& simulation, MechanismType& type, const nrn_diffusion& d, Tree& t);
    static void eliminate(Tree& t, double dt);
    std::map<const MechanismType*, Tree> trees_;
};

Diffusion& diffusion(Runtime& runtime);

}  // namespace nrn
