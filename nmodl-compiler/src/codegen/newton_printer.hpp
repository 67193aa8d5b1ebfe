// SPDX-License-Identifier: BSD-3-Clause
// Newton's method with the exact Jacobian, for blocks that are graphs: what does not depend on the unknowns is computed
// once, before the iterations.
#pragma once
#include <string>

#include "dataflow/trace.hpp"
#include "symbols.hpp"

namespace nrn::nmodl {

/// Are the reactions of a KINETIC block linear in its states as they are written? Amounts of others stay above 0.
[[nodiscard]] bool has_linear_reactions(const Mechanism& m, const Procedure& p);

/// Prints the solution of `p` for one instance: a backward Euler step of a DERIVATIVE or KINETIC block, or what makes
/// the equations of a LINEAR or NONLINEAR block hold. @param steady a step of 1e9 ms
/// @returns false (and prints nothing) when the block is no graph
bool print_newton(std::string& out, const Mechanism& m, const Procedure& p, bool steady, int indent);
/// (1 - dt J) x = b of a variable step, where b and x stand in columns from `first` on. @returns false likewise
bool print_corrector(std::string& out, const Mechanism& m, const Procedure& p, int first, int indent);

}  // namespace nrn::nmodl
