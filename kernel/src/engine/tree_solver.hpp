// SPDX-License-Identifier: BSD-3-Clause
// The implicit step of the cable equation, group by group: assembles what the membrane does not know of (axial
// conductances, capacitance), eliminates, and advances the voltages. Not responsible for currents of mechanisms.
#pragma once
#include <cstdint>

#include "engine/layout.hpp"
#include "engine/tree_kernels.hpp"
#include "model/aligned_column.hpp"

namespace nrn {

class Model;

class TreeSolver {
  public:
    /// After the layout was made.
    void freeze(Model& model, const Layout& layout);
    /// Before the steps of a window: `per_ms` is 1/dt for the implicit Euler method.
    void prepare(Model& model, const Layout& layout, double per_ms);
    /// Advances the voltages of the group by `factor` times the solution, which stays in rhs; d is 0 afterwards.
    /// @returns false when a voltage is not finite
    bool step(Model& model, const Layout& layout, const Layout::CellGroup& group, double factor) const;

  private:
    void transpose_chain(std::int32_t begin, std::int32_t end, const double* a, const double* b);
    AlignedColumn axial_, base_;
    AlignedColumn chain_a_, chain_b_;
    mutable AlignedColumn chain_rhs_, chain_fill_, chain_inverse_;
    double per_ms_ = 0;
    std::uint64_t capacitances_ = 0;
    TreeStep step_ = best_tree_step();
};

}  // namespace nrn
