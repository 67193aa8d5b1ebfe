// SPDX-License-Identifier: BSD-3-Clause
// What a block that is solved solves for.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "symbols.hpp"

namespace nrn::nmodl {

/// One element of a STATE, as a column.
struct StateColumn { std::string name; int element; int column; };

/// The unknowns of a DERIVATIVE, KINETIC, LINEAR or NONLINEAR block, in the order of their declaration.
std::vector<StateColumn> solved_states(const Mechanism& m, const Procedure& p);
/// The DERIVATIVE and KINETIC blocks of BREAKPOINT's SOLVEs that a variable step integrates.
std::vector<const Procedure*> integrated_blocks(const Mechanism& m);
/// Every statement of a block, inner ones included.
void walk(const Block& b, const std::function<void(const Stmt&)>& f);
/// SOLVE statements of a block, the first of each name.
std::vector<const Stmt*> distinct_solves(const Block& b);
/// A block without its SOLVE statements, inner ones included: what of BREAKPOINT computes currents.
Block without_solves(const Block& b);

}  // namespace nrn::nmodl
