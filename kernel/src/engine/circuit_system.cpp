// SPDX-License-Identifier: BSD-3-Clause
// Assembles cable and circuits as one sparse system per step.
#include "engine/circuit_system.hpp"

#include <Eigen/SparseLU>
#include <algorithm>

#include <fmt/format.h>

#include "engine/extracellular.hpp"
#include "engine/simulation.hpp"
#include "model/model.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {

struct CircuitSystem::Matrix {
    std::vector<Eigen::Triplet<double>> entries;
    Eigen::VectorXd rhs, change;
    Eigen::SparseMatrix<double> matrix;
    Eigen::SparseLU<Eigen::SparseMatrix<double>> solver;
    void add(std::size_t i, std::size_t j, double x) {
        if (x != 0) entries.emplace_back(static_cast<int>(i), static_cast<int>(j), x);
    }
    /// The order of elimination takes longer than the elimination: it is looked for once for places of entries.
    void factorize() {
        const std::span outer(matrix.outerIndexPtr(), static_cast<std::size_t>(matrix.outerSize()) + 1);
        const std::span inner(matrix.innerIndexPtr(), static_cast<std::size_t>(matrix.nonZeros()));
        if (!std::ranges::equal(outer, outer_) || !std::ranges::equal(inner, inner_)) {
            outer_.assign(outer.begin(), outer.end());
            inner_.assign(inner.begin(), inner.end());
            solver.analyzePattern(matrix);
        }
        solver.factorize(matrix);
    }

  private:
    std::vector<int> outer_, inner_;  // of the matrix that was analysed
};

CircuitSystem::CircuitSystem(Runtime& runtime) : runtime_(runtime), matrix_(std::make_unique<Matrix>()) {}
CircuitSystem::~CircuitSystem() = default;
CircuitSystem& circuits(Runtime& runtime) { return runtime.service<CircuitSystem>(); }

void CircuitSystem::add(LinearCircuit& circuit) {
    circuits_.push_back(&circuit);
    runtime_.model().structure_changed();
}
void CircuitSystem::remove(LinearCircuit& circuit) noexcept {
    std::erase(circuits_, &circuit);
    runtime_.model().structure_changed();
}

void CircuitSystem::initialize() {
    for (LinearCircuit* c : circuits_) {
        for (std::size_t i = 0; i < c->places.size(); ++i) {
            c->places[i].section->require_alive();
            c->state(i) = c->places[i].layer == 0 ? runtime_.model().nodes().at(NodeStore::V, c->places[i].section->node_at(c->places[i].x)) : 0;
        }
        for (std::size_t i = c->places.size(); i < c->size(); ++i) c->state(i) = c->start(i);
        c->before_step();
    }
}

void CircuitSystem::prepare(Simulation& simulation, int width) {
    auto& nodes = runtime_.model().nodes();
    auto& medium = extracellular(runtime_);
    const auto w = static_cast<std::size_t>(width);
    std::size_t next = static_cast<std::size_t>(simulation.layout().node_count()) * w;
    const std::size_t first = next;
    unknowns_.clear();
    for (LinearCircuit* c : circuits_) {
        c->before_step();
        std::vector<std::int32_t> unknowns;
        for (std::size_t i = 0; i < c->places.size(); ++i) {
            const LinearCircuit::Place& p = c->places[i];
            p.section->require_alive();
            const std::size_t row = nodes.row(p.section->node_at(p.x));
            const bool around = width > 1 && medium.present(row);
            if (p.layer > 0 && (!around || p.layer >= width))
                throw Error(ErrorKind::Value, fmt::format("LinearMechanism: layer {} is not there in section `{}`: it has {} extracellular layers", p.layer, p.section->name(),
                                                          around ? width - 1 : 0));
            unknowns.push_back(static_cast<std::int32_t>(row * w) + p.layer);
            c->state(i) = p.layer > 0 ? medium.layer(row, p.layer - 1) : nodes.column(NodeStore::V)[row] + (around ? medium.layer(row, 0) : 0);
        }
        while (unknowns.size() < c->size()) unknowns.push_back(static_cast<std::int32_t>(next++));
        unknowns_.push_back(std::move(unknowns));
    }
    own_ = next - first;
}

void CircuitSystem::solve_with(BlockTree& tree, double per_ms, std::span<double> b) {
    Matrix& m = *matrix_;
    const auto n = static_cast<std::size_t>(tree.node_count()), w = static_cast<std::size_t>(tree.width());
    const std::size_t size = n * w + own_;
    m.entries.clear();
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t r = 0; r < w; ++r)
            for (std::size_t c = 0; c < w; ++c) m.add(i * w + r, i * w + c, tree.diagonal(i, r, c));
    for (const TreeLink& l : tree.links())
        for (std::size_t k = 0; k < w; ++k) {
            const auto i = static_cast<std::size_t>(l.node), p = static_cast<std::size_t>(l.parent);
            m.add(i * w + k, p * w + k, tree.up(i, k));
            m.add(p * w + k, i * w + k, tree.down(i, k));
        }
    for (std::size_t c = 0; c < circuits_.size(); ++c) {
        const LinearCircuit& circuit = *circuits_[c];
        for (std::size_t i = 0; i < circuit.size(); ++i)
            for (std::size_t j = 0; j < circuit.size(); ++j)
                m.add(static_cast<std::size_t>(unknowns_[c][i]), static_cast<std::size_t>(unknowns_[c][j]), per_ms * circuit.capacitance(i, j) + circuit.conductance(i, j));
    }
    m.matrix.resize(static_cast<long>(size), static_cast<long>(size));
    m.matrix.setFromTriplets(m.entries.begin(), m.entries.end());
    m.factorize();
    if (m.solver.info() != Eigen::Success)
        throw Error(ErrorKind::Runtime, "the equations of cable and LinearMechanism have no unique solution: the matrix is singular");
    m.rhs = Eigen::Map<Eigen::VectorXd>(b.data(), static_cast<long>(size));
    m.change = m.solver.solve(m.rhs);
    std::copy_n(m.change.data(), size, b.data());
}

void assemble_cable(Simulation& simulation, double per_ms, BlockTree& tree) {
    auto& nodes = simulation.model().nodes();
    const std::int32_t n = simulation.layout().node_count();
    tree.reset(nodes, n, 1, simulation.model().structure_version());
    const double *rhs = nodes.column(NodeStore::Rhs), *d = nodes.column(NodeStore::D), *cm = nodes.column(NodeStore::Cm), *v = nodes.column(NodeStore::V);
    const double *a = nodes.column(NodeStore::A), *b = nodes.column(NodeStore::B);
    for (std::int32_t r = 0; r < n; ++r) {
        const auto i = static_cast<std::size_t>(r);
        tree.diagonal(i, 0, 0) = d[r] + (simulation.layout().has_membrane(r) ? 0.001 * per_ms * cm[r] : 0);
        tree.rhs(i, 0) = rhs[r];
    }
    for (const TreeLink& l : tree.links()) {
        const auto i = static_cast<std::size_t>(l.node), p = static_cast<std::size_t>(l.parent);
        const double difference = v[l.parent] - v[l.node];
        tree.up(i, 0) = b[l.node];
        tree.down(i, 0) = a[l.node];
        tree.diagonal(i, 0, 0) -= b[l.node];
        tree.diagonal(p, 0, 0) -= a[l.node];
        tree.rhs(i, 0) -= b[l.node] * difference;
        tree.rhs(p, 0) += a[l.node] * difference;
    }
}

void CircuitSystem::solve(Simulation& simulation, double per_ms) {
    if (simulation.secondorder != 0)
        throw Error(ErrorKind::Unsupported, "LinearMechanism works only with secondorder = 0").hint("set secondorder = 0");
    auto& medium = extracellular(runtime_);
    const bool layered = medium.active();
    if (layered) {
        medium.read(simulation);
        prepare(simulation, medium.layers() + 1);
        medium.assemble(simulation, per_ms, tree_);
    } else {
        prepare(simulation, 1);
        assemble_cable(simulation, per_ms, tree_);
    }
    std::vector<double> b(tree_.rhs().begin(), tree_.rhs().end());
    const std::size_t of_tree = b.size();
    b.resize(of_tree + own_, 0);
    for (std::size_t c = 0; c < circuits_.size(); ++c) {
        LinearCircuit& circuit = *circuits_[c];
        for (std::size_t i = 0; i < circuit.size(); ++i) {
            double residual = circuit.source(i);
            for (std::size_t j = 0; j < circuit.size(); ++j) residual -= circuit.conductance(i, j) * circuit.state(j);
            b[static_cast<std::size_t>(unknowns_[c][i])] += residual;
        }
    }
    solve_with(tree_, per_ms, b);
    for (std::size_t c = 0; c < circuits_.size(); ++c)
        for (std::size_t i = 0; i < circuits_[c]->size(); ++i) circuits_[c]->state(i) += b[static_cast<std::size_t>(unknowns_[c][i])];
    std::copy_n(b.begin(), of_tree, tree_.rhs().begin());
    if (layered) medium.apply(simulation, per_ms, 1, tree_);
    else std::copy_n(b.begin(), of_tree, simulation.model().nodes().column(NodeStore::Rhs));
}

}  // namespace nrn
