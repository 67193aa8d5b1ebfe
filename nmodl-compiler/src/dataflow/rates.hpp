// SPDX-License-Identifier: BSD-3-Clause
// Right-hand sides of DERIVATIVE and KINETIC blocks as values of a graph, and small linear systems of such values.
#pragma once
#include <functional>
#include <vector>

#include "dataflow/solved_states.hpp"
#include "dataflow/trace.hpp"

namespace nrn::nmodl {

struct Rates {
    std::vector<StateColumn> states;
    std::vector<NodeId> value;       // d state / dt; of a conserved row what must be zero
    std::vector<char> conserved;     // CONSERVE takes the place of this state's equation
    /// Of a DERIVATIVE block, if asked for: how each rate depends on its own state as its equation is written, which is
    /// all that the reference's variable step takes of such a block's Jacobian. -1: a function without a known slope.
    std::vector<NodeId> own_slope;
};

/// Runs the block. @param conserve whether CONSERVE statements count
/// @param slopes whether own_slope is wanted
/// @param at_equation told of the beginning (true) and end of each equation, if given
Rates rates_of(Trace& t, const Mechanism& m, const Procedure& p, bool conserve, const std::function<void(bool)>& at_equation = {}, bool slopes = false);

/// Solves a x = b, b becoming x, by elimination along the diagonal; zeros known now cost nothing. @returns false when a
/// pivot is known to be zero
struct Elimination {
    std::vector<NodeId> factors, inverses;  // of rows, which have to stay moderate for the result to be exact; of pivots
};
[[nodiscard]] bool solve_linear(Graph& g, std::vector<std::vector<NodeId>>& a, std::vector<NodeId>& b, Elimination* steps = nullptr);

}  // namespace nrn::nmodl
