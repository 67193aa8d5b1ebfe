// SPDX-License-Identifier: BSD-3-Clause
// Source: M. Hines, Int. J. Bio-Med. Comput. 15 (1984) 69-76. Nodes of one level are independent of each other,
// so that the processor eliminates several at a time.
#include "engine/cable_tree.hpp"

#include <algorithm>
#include <cmath>

#include "engine/simulation.hpp"
#include "model/model.hpp"

namespace nrn {
namespace {
constexpr double kPerCapacitance = 0.001;  // uF/cm2 times mV/ms, in mA/cm2
}

std::vector<TreeLink> tree_links(const NodeStore& nodes, std::int32_t begin, std::int32_t end, std::vector<std::int32_t>& roots) {
    std::vector<TreeLink> links;
    std::vector<std::int32_t> level(static_cast<std::size_t>(end - begin), -1);
    const auto level_of = [&](std::int32_t i) -> std::int32_t& { return level[static_cast<std::size_t>(i - begin)]; };
    std::vector<std::int32_t> path;
    for (std::int32_t i = begin; i < end; ++i) {
        path.clear();
        for (std::int32_t j = i; j >= 0 && level_of(j) < 0; j = nodes.parent[static_cast<std::size_t>(j)]) path.push_back(j);
        for (auto k = path.rbegin(); k != path.rend(); ++k) {
            const std::int32_t p = nodes.parent[static_cast<std::size_t>(*k)];
            level_of(*k) = p < 0 ? 0 : level_of(p) + 1;
        }
        const std::int32_t p = nodes.parent[static_cast<std::size_t>(i)];
        if (p < 0) roots.push_back(i);
        else links.push_back({i, p});
    }
    std::stable_sort(links.begin(), links.end(), [&](const TreeLink& x, const TreeLink& y) { return level_of(x.node) < level_of(y.node); });
    return links;
}

CableTree::CableTree(Simulation& simulation, std::int32_t begin, std::int32_t end, const std::vector<std::uint8_t>& driven)
    : nodes_(simulation.model().nodes()), begin_(begin), end_(end) {
    const double* cm = nodes_.column(NodeStore::Cm);
    const auto n = static_cast<std::size_t>(end - begin);
    algebraic_.resize(n);
    base_.resize(n);
    pivot_.resize(n);
    sum_.resize(n);
    for (std::int32_t i = begin; i < end; ++i) {
        const bool capacitive = simulation.layout().has_membrane(i) && cm[i] > 0;
        algebraic_[static_cast<std::size_t>(i - begin)] = !capacitive;
        if (capacitive) capacitive_.push_back(i);
        else driven_ = driven_ || driven[static_cast<std::size_t>(i - begin)];
    }
    links_ = tree_links(nodes_, begin, end, roots_);
    const double *a = nodes_.column(NodeStore::A), *b = nodes_.column(NodeStore::B);
    for (const TreeLink& l : links_) {
        base(l.node) -= b[l.node];
        base(l.parent) -= a[l.node];
    }
    prepare_follow();
}

void CableTree::prepare_follow() {
    const double *a = nodes_.column(NodeStore::A), *b = nodes_.column(NodeStore::B);
    pivot_ = base_;
    for (auto l = links_.rbegin(); l != links_.rend(); ++l) {
        if (!algebraic(l->parent)) continue;
        if (algebraic(l->node)) {
            double& own = pivot_[static_cast<std::size_t>(l->node - begin_)];
            pivot_[static_cast<std::size_t>(l->parent - begin_)] -= a[l->node] * b[l->node] / own;
            terms_.push_back({l->parent, l->node, -a[l->node] / own});
        } else {
            terms_.push_back({l->parent, l->node, -a[l->node]});
        }
    }
    for (const std::int32_t r : roots_)
        if (algebraic(r)) followers_.push_back({r, -1});
    for (const TreeLink& l : links_)
        if (algebraic(l.node)) followers_.push_back(l);
}

void CableTree::follow() {
    if (followers_.empty()) return;
    double* v = nodes_.column(NodeStore::V);
    const double* b = nodes_.column(NodeStore::B);
    for (const TreeLink& f : followers_) sum_[static_cast<std::size_t>(f.node - begin_)] = 0;
    for (const Term& t : terms_)  // children first: links were taken from the leaves
        sum_[static_cast<std::size_t>(t.node - begin_)] += t.weight * (algebraic(t.child) ? sum_[static_cast<std::size_t>(t.child - begin_)] : v[t.child]);
    for (const TreeLink& f : followers_) {
        const auto i = static_cast<std::size_t>(f.node - begin_);
        if (pivot_[i] == 0) continue;  // a node alone
        v[f.node] = (sum_[i] - (f.parent >= 0 ? b[f.node] * v[f.parent] : 0)) / pivot_[i];
    }
}

void CableTree::balance(const std::function<void()>& currents) {
    double *v = nodes_.column(NodeStore::V), *rhs = nodes_.column(NodeStore::Rhs), *d = nodes_.column(NodeStore::D);
    const double *a = nodes_.column(NodeStore::A), *b = nodes_.column(NodeStore::B);
    for (int iteration = 0; iteration < 10; ++iteration) {
        currents();
        add_axial_currents();
        for (std::int32_t i = begin_; i < end_; ++i) d[i] += base(i);
        for (auto l = links_.rbegin(); l != links_.rend(); ++l) {
            if (!algebraic(l->node) || !algebraic(l->parent)) continue;
            const double factor = a[l->node] / d[l->node];
            d[l->parent] -= factor * b[l->node];
            rhs[l->parent] -= factor * rhs[l->node];
        }
        double change = 0;
        const auto finish = [&](std::int32_t i, std::int32_t p) {
            if (!algebraic(i)) {
                rhs[i] = 0;
                return;
            }
            if (p >= 0) rhs[i] -= b[i] * rhs[p];
            rhs[i] = d[i] != 0 ? rhs[i] / d[i] : 0;
            v[i] += rhs[i];
            change = std::max(change, std::fabs(rhs[i]));
        };
        for (const std::int32_t r : roots_) finish(r, -1);
        for (const TreeLink& l : links_) finish(l.node, l.parent);
        if (!(change > 1e-9)) return;
    }
}

void CableTree::add_axial_currents() {
    double* rhs = nodes_.column(NodeStore::Rhs);
    const double *v = nodes_.column(NodeStore::V), *a = nodes_.column(NodeStore::A), *b = nodes_.column(NodeStore::B);
    for (const TreeLink& l : links_) {
        const double dv = v[l.parent] - v[l.node];
        rhs[l.node] -= b[l.node] * dv;
        rhs[l.parent] += a[l.node] * dv;
    }
}

void CableTree::solve(double gamma, const std::vector<double>& conductance, std::span<double> x) {
    double *d = nodes_.column(NodeStore::D), *rhs = nodes_.column(NodeStore::Rhs);
    const double *a = nodes_.column(NodeStore::A), *b = nodes_.column(NodeStore::B), *cm = nodes_.column(NodeStore::Cm);
    for (std::int32_t i = begin_; i < end_; ++i) {
        d[i] = conductance[static_cast<std::size_t>(i - begin_)] + base(i);
        rhs[i] = 0;
    }
    const double factor = kPerCapacitance / gamma;
    for (std::size_t i = 0; i < capacitive_.size(); ++i) {
        const std::int32_t node = capacitive_[i];
        const double capacitance = factor * cm[node];
        d[node] += capacitance;
        rhs[node] = capacitance * x[i];
    }
    for (auto l = links_.rbegin(); l != links_.rend(); ++l) {
        const double f = a[l->node] / d[l->node];
        d[l->parent] -= f * b[l->node];
        rhs[l->parent] -= f * rhs[l->node];
    }
    for (const std::int32_t r : roots_) rhs[r] /= d[r];
    for (const TreeLink& l : links_) rhs[l.node] = (rhs[l.node] - b[l.node] * rhs[l.parent]) / d[l.node];
    for (std::size_t i = 0; i < capacitive_.size(); ++i) x[i] = rhs[capacitive_[i]];
}

}  // namespace nrn
