// SPDX-License-Identifier: BSD-3-Clause
// The arithmetic of one implicit step on a group's rows: axial currents, elimination, the new voltages. Written
// once, compiled for several instruction sets; all give the same bits (no contraction to fused operations).
// Source: M. Hines, Int. J. Bio-Med. Comput. 15 (1984) 69-76.
#pragma once
#include <span>

#include "engine/tree_order.hpp"

namespace nrn {

/// Chains are cut in so many pieces, and shorter ones not at all (a matter of speed; and part of the results).
inline constexpr std::int32_t kChainPieces = 16, kShortestChain = 128;

/// Columns by node row. In: d, rhs are the membrane's conductance and current, S/cm2 and mA/cm2. Out: rhs is the
/// solution (the change of v, mV, for factor 1), v is advanced, d is 0 again.
struct TreeColumns {
    double *v, *rhs, *d;
    const double *a, *b;  // coefficients of the parent's and the own row, negative
    const double* base;   // what d lacks: axial conductances and capacitance
    const double *chain_a, *chain_b;   // a and b of chains, transposed
    double *chain_rhs, *chain_fill, *chain_inverse;  // their equations, between the two sweeps
};

/// @returns 0 when all new voltages are finite, else not a number
using TreeStep = double (*)(const TreeColumns&, std::span<const TreePlan::Operation>, std::span<const TreePlan::End>, double factor);

/// For the widest registers of this machine.
TreeStep best_tree_step() noexcept;

}  // namespace nrn
