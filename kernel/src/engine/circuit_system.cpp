// SPDX-License-Identifier: BSD-3-Clause
// Assembles cable and circuits as one sparse system per step.
#include "engine/circuit_system.hpp"

#include <Eigen/SparseLU>
#include <algorithm>

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
    void add(std::int32_t i, std::int32_t j, double x) { entries.emplace_back(i, j, x); }
};

CircuitSystem::CircuitSystem(Runtime& runtime) : runtime_(runtime), matrix_(std::make_unique<Matrix>()) {}
CircuitSystem::~CircuitSystem() = default;
CircuitSystem& circuits(Runtime& runtime) { return runtime.service<CircuitSystem>(); }

void CircuitSystem::add(LinearCircuit& circuit) { circuits_.push_back(&circuit); }
void CircuitSystem::remove(LinearCircuit& circuit) noexcept { std::erase(circuits_, &circuit); }

/// Users and the step itself change v: rows that are nodes follow.
void CircuitSystem::read_nodes(LinearCircuit& circuit) {
    auto& nodes = runtime_.model().nodes();
    for (std::size_t i = 0; i < circuit.places.size(); ++i) {
        circuit.places[i].section->require_alive();
        circuit.state(i) = nodes.at(NodeStore::V, circuit.places[i].section->node_at(circuit.places[i].x));
    }
}

void CircuitSystem::initialize() {
    for (LinearCircuit* c : circuits_) {
        read_nodes(*c);
        for (std::size_t i = c->places.size(); i < c->size(); ++i) c->state(i) = c->start(i);
    }
}

void CircuitSystem::solve(Simulation& simulation, double per_ms) {
    if (simulation.secondorder != 0)
        throw Error(ErrorKind::Unsupported, "LinearMechanism works only with secondorder = 0").hint("set secondorder = 0");
    if (extracellular(runtime_).active())
        throw Error(ErrorKind::Unsupported, "LinearMechanism together with extracellular is not implemented");
    auto& nodes = simulation.model().nodes();
    const std::int32_t n = simulation.layout().node_count();
    simulation.add_axial_rhs();
    simulation.add_axial_diagonal();
    simulation.add_capacitance(per_ms);
    Matrix& m = *matrix_;
    std::int32_t size = n;
    unknowns_.clear();
    for (LinearCircuit* c : circuits_) {
        read_nodes(*c);
        c->before_step();
        std::vector<std::int32_t> unknowns;
        for (const auto& p : c->places) unknowns.push_back(static_cast<std::int32_t>(nodes.row(p.section->node_at(p.x))));
        while (unknowns.size() < c->size()) unknowns.push_back(size++);
        unknowns_.push_back(std::move(unknowns));
    }
    m.entries.clear();
    m.rhs.setZero(size);
    double* rhs = nodes.column(NodeStore::Rhs);
    const double *d = nodes.column(NodeStore::D), *a = nodes.column(NodeStore::A), *b = nodes.column(NodeStore::B);
    for (std::int32_t i = 0; i < n; ++i) {
        m.rhs[i] = rhs[i];
        m.add(i, i, d[i]);
        const std::int32_t p = nodes.parent[static_cast<std::size_t>(i)];
        if (p < 0) continue;
        m.add(i, p, b[i]);
        m.add(p, i, a[i]);
    }
    for (std::size_t c = 0; c < circuits_.size(); ++c) {
        LinearCircuit& circuit = *circuits_[c];
        for (std::size_t i = 0; i < circuit.size(); ++i) {
            double residual = circuit.source(i);
            for (std::size_t j = 0; j < circuit.size(); ++j) {
                const double g = circuit.conductance(i, j);
                residual -= g * circuit.state(j);
                m.add(unknowns_[c][i], unknowns_[c][j], per_ms * circuit.capacitance(i, j) + g);
            }
            m.rhs[unknowns_[c][i]] += residual;
        }
    }
    m.matrix.resize(size, size);
    m.matrix.setFromTriplets(m.entries.begin(), m.entries.end());
    m.solver.compute(m.matrix);
    if (m.solver.info() != Eigen::Success)
        throw Error(ErrorKind::Runtime, "the equations of cable and LinearMechanism have no unique solution: the matrix is singular");
    m.change = m.solver.solve(m.rhs);
    for (std::int32_t i = 0; i < n; ++i) rhs[i] = m.change[i];
    for (std::size_t c = 0; c < circuits_.size(); ++c)
        for (std::size_t i = 0; i < circuits_[c]->size(); ++i) circuits_[c]->state(i) += m.change[unknowns_[c][i]];
}

}  // namespace nrn
