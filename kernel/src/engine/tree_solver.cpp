// SPDX-License-Identifier: BSD-3-Clause
// What stays the same between structural changes is kept: axial conductances, capacitance per time step.
#include "engine/tree_solver.hpp"

#include "model/model.hpp"

namespace nrn {

void TreeSolver::freeze(Model& model, const Layout& layout) {
    NodeStore& nodes = model.nodes();
    const auto n = static_cast<std::size_t>(layout.node_count());
    const double *a = nodes.column(NodeStore::A), *b = nodes.column(NodeStore::B);
    axial_.assign(n, 0.0);
    base_.assign(n, 0.0);
    per_ms_ = 0;
    // In the order of the plan, so that sums are the same however cells are grouped. Ends are left out.
    for (const auto& [begin, end, distance, chain] : layout.plan().operations) {
        if (distance == 0) continue;
        for (std::int32_t i = begin; i < end; ++i) {
            axial_[static_cast<std::size_t>(i)] -= b[i];
            axial_[static_cast<std::size_t>(i - distance)] -= a[i];
        }
    }
    const std::size_t transposed = layout.plan().has_chains ? n : 0;
    for (AlignedColumn* column : {&chain_a_, &chain_b_, &chain_rhs_, &chain_fill_, &chain_inverse_}) column->assign(transposed, 0.0);
    for (const auto& [begin, end, distance, chain] : layout.plan().operations)
        if (chain) transpose_chain(begin, end, a, b);
}

void TreeSolver::transpose_chain(std::int32_t begin, std::int32_t end, const double* a, const double* b) {
    const std::int32_t first = begin + (end - begin) % kChainPieces, length = (end - begin) / kChainPieces;
    for (std::int32_t piece = 0; piece < kChainPieces; ++piece)
        for (std::int32_t j = 0; j < length; ++j) {
            const auto to = static_cast<std::size_t>(first + j * kChainPieces + piece);
            chain_a_[to] = a[first + piece * length + j];
            chain_b_[to] = b[first + piece * length + j];
        }
}

void TreeSolver::prepare(Model& model, const Layout& layout, double per_ms) {
    if (per_ms == per_ms_ && capacitances_ == model.capacitance_version() && !model.capacitance_is_shared()) return;
    per_ms_ = per_ms;
    capacitances_ = model.capacitance_version();
    const double* cm = model.nodes().column(NodeStore::Cm);
    const double factor = 0.001 * per_ms;  // uF/cm2 per ms to S/cm2
    base_ = axial_;
    for (const auto& group : layout.groups())
        for (std::int32_t i = group.begin; i < group.membrane_end; ++i) base_[static_cast<std::size_t>(i)] += factor * cm[i];
}

bool TreeSolver::step(Model& model, const Layout& layout, const Layout::CellGroup& group, double factor) const {
    NodeStore& nodes = model.nodes();
    const TreeColumns columns{nodes.column(NodeStore::V), nodes.column(NodeStore::Rhs), nodes.column(NodeStore::D), nodes.column(NodeStore::A),
                              nodes.column(NodeStore::B), base_.data(), chain_a_.data(), chain_b_.data(), chain_rhs_.data(), chain_fill_.data(), chain_inverse_.data()};
    const auto part = [](const auto& all, std::int32_t first, std::int32_t last) {
        return std::span(all).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(last - first));
    };
    return step_(columns, part(layout.plan().operations, group.first_operation, group.last_operation),
                 part(layout.plan().ends, group.first_end, group.last_end), factor) == 0;
}

}  // namespace nrn
