// SPDX-License-Identifier: BSD-3-Clause
// Hines' elimination with blocks in place of numbers.
#include "engine/block_tree.hpp"

#include <cmath>
#include <utility>

#include "model/node_store.hpp"

namespace nrn {

void BlockTree::reset(const NodeStore& nodes, std::int32_t node_count, int width, std::uint64_t version) {
    if (version_ != version || n_node_ != node_count) {
        roots_.clear();
        links_ = tree_links(nodes, 0, node_count, roots_);
        version_ = version;
    }
    n_node_ = node_count;
    width_ = static_cast<std::size_t>(width);
    const std::size_t n = static_cast<std::size_t>(node_count) * width_;
    diagonal_.assign(n * width_, 0);
    for (auto* v : {&rhs_, &up_, &down_}) v->assign(n, 0);
    scratch_.resize(width_ * (width_ + 1));
    block_.resize(width_ * width_);
}

/// Solves block i for `columns` right-hand sides, b[row * columns + column], by elimination with row exchange.
bool BlockTree::solve_block(std::size_t i, double* b, std::size_t columns) {
    const std::size_t w = width_;
    double* m = block_.data();
    std::copy_n(&diagonal_[i * w * w], w * w, m);
    for (std::size_t c = 0; c < w; ++c) {
        std::size_t best = c;
        for (std::size_t r = c + 1; r < w; ++r)
            if (std::fabs(m[r * w + c]) > std::fabs(m[best * w + c])) best = r;
        if (m[best * w + c] == 0) return false;
        if (best != c) {
            for (std::size_t k = 0; k < w; ++k) std::swap(m[c * w + k], m[best * w + k]);
            for (std::size_t k = 0; k < columns; ++k) std::swap(b[c * columns + k], b[best * columns + k]);
        }
        for (std::size_t r = c + 1; r < w; ++r) {
            const double f = m[r * w + c] / m[c * w + c];
            if (f == 0) continue;
            for (std::size_t k = c; k < w; ++k) m[r * w + k] -= f * m[c * w + k];
            for (std::size_t k = 0; k < columns; ++k) b[r * columns + k] -= f * b[c * columns + k];
        }
    }
    for (std::size_t c = w; c-- > 0;)
        for (std::size_t k = 0; k < columns; ++k) {
            for (std::size_t j = c + 1; j < w; ++j) b[c * columns + k] -= m[c * w + j] * b[j * columns + k];
            b[c * columns + k] /= m[c * w + c];
        }
    return true;
}

bool BlockTree::solve() {
    const std::size_t w = width_, columns = w + 1;
    for (auto l = links_.rbegin(); l != links_.rend(); ++l) {
        const auto i = static_cast<std::size_t>(l->node), p = static_cast<std::size_t>(l->parent);
        // The inverse of the block times (coupling to the parent | rhs).
        for (std::size_t r = 0; r < w; ++r) {
            for (std::size_t c = 0; c < w; ++c) scratch_[r * columns + c] = r == c ? up(i, c) : 0;
            scratch_[r * columns + w] = rhs(i, r);
        }
        if (!solve_block(i, scratch_.data(), columns)) return false;
        for (std::size_t r = 0; r < w; ++r) {
            for (std::size_t c = 0; c < w; ++c) diagonal(p, r, c) -= down(i, r) * scratch_[r * columns + c];
            rhs(p, r) -= down(i, r) * scratch_[r * columns + w];
        }
    }
    for (const std::int32_t r : roots_)
        if (!solve_block(static_cast<std::size_t>(r), &rhs(static_cast<std::size_t>(r), 0), 1)) return false;
    for (const TreeLink& l : links_) {
        const auto i = static_cast<std::size_t>(l.node), p = static_cast<std::size_t>(l.parent);
        for (std::size_t k = 0; k < w; ++k) rhs(i, k) -= up(i, k) * rhs(p, k);
        if (!solve_block(i, &rhs(i, 0), 1)) return false;
    }
    return true;
}

}  // namespace nrn
