// SPDX-License-Identifier: BSD-3-Clause
// A linear system on the tree of nodes with `width` unknowns per node, where unknown k of a node is coupled with
// unknown k of its parent and with the others of its own node. Solved by block elimination.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "engine/cable_tree.hpp"

namespace nrn {

class NodeStore;

class BlockTree {
  public:
    /// All nodes of the model; zeroes everything.
    void reset(const NodeStore& nodes, std::int32_t node_count, int width, std::uint64_t version);
    [[nodiscard]] int width() const noexcept { return static_cast<int>(width_); }
    [[nodiscard]] std::int32_t node_count() const noexcept { return n_node_; }
    [[nodiscard]] const std::vector<TreeLink>& links() const noexcept { return links_; }
    /// Coefficient of unknown c in equation r of node i.
    [[nodiscard]] double& diagonal(std::size_t i, std::size_t r, std::size_t c) noexcept { return diagonal_[(i * width_ + r) * width_ + c]; }
    [[nodiscard]] double& rhs(std::size_t i, std::size_t k) noexcept { return rhs_[i * width_ + k]; }
    /// Coefficient of the parent's unknown k in the node's equation k; of the node's in the parent's.
    [[nodiscard]] double& up(std::size_t i, std::size_t k) noexcept { return up_[i * width_ + k]; }
    [[nodiscard]] double& down(std::size_t i, std::size_t k) noexcept { return down_[i * width_ + k]; }
    [[nodiscard]] std::span<double> rhs() noexcept { return rhs_; }
    /// rhs becomes the solution; the coefficients are used up. @returns false when a block is singular
    bool solve();

  private:
    bool solve_block(std::size_t i, double* b, std::size_t columns);
    std::size_t width_ = 0;
    std::int32_t n_node_ = 0;
    std::uint64_t version_ = 0;
    std::vector<TreeLink> links_;
    std::vector<std::int32_t> roots_;
    std::vector<double> diagonal_, rhs_, up_, down_, scratch_, block_;
};

}  // namespace nrn
