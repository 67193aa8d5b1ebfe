// SPDX-License-Identifier: BSD-3-Clause
// Residual and linear system of the differential-algebraic model. Voltages across layers (not potentials) are the
// unknowns, because then each capacitor belongs to one of them: it is differential where xc > 0, else algebraic.
#include "engine/dae_system.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "engine/circuit_system.hpp"
#include "engine/extracellular.hpp"
#include "engine/simulation.hpp"
#include "model/mechanism_store.hpp"
#include "model/model.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {

ModelDae::ModelDae(Simulation& simulation, const std::map<std::string, double>& scales)
    : simulation_(simulation), medium_(extracellular(simulation.runtime())), circuits_(circuits(simulation.runtime())),
      n_node_(simulation.layout().node_count()), nodes_(static_cast<std::size_t>(n_node_)), mechanisms_(simulation, 0, n_node_), scales_(scales) {
    if (medium_.active()) {
        medium_.read(simulation_);
        layers_ = static_cast<std::size_t>(medium_.layers());
        width_ = layers_ + 1;
        for (std::size_t i = 0; i < nodes_; ++i)
            if (medium_.present(i)) around_.push_back(i);
    }
    circuits_.prepare(simulation_, static_cast<int>(width_));
    own_ = circuits_.own_unknowns();
    first_own_ = nodes_ + around_.size() * layers_;
    mechanisms_.place(first_own_ + own_);
    size_ = first_own_ + own_ + mechanisms_.size();
    rate_.assign(size_, 0);
}

double ModelDae::membrane_capacitance(std::size_t node) const {
    return simulation_.layout().has_membrane(static_cast<std::int32_t>(node)) ? 0.001 * simulation_.model().nodes().column(NodeStore::Cm)[node] : 0;
}

void ModelDae::gather(std::span<double> y) {
    call_scatter_gather(simulation_, simulation_.before_solve);
    std::copy_n(simulation_.model().nodes().column(NodeStore::V), nodes_, y.data());
    if (layers_ > 0) medium_.read(simulation_);
    for (std::size_t j = 0; j < around_.size(); ++j)
        for (std::size_t k = 0; k < layers_; ++k) {
            const int layer = static_cast<int>(k);
            y[layer_index(j, k)] = medium_.layer(around_[j], layer) - (k + 1 < layers_ ? medium_.layer(around_[j], layer + 1) : 0);
        }
    std::size_t at = first_own_;
    for (LinearCircuit* c : circuits_.circuits())
        for (std::size_t i = c->places.size(); i < c->size(); ++i) y[at++] = c->state(i);
    mechanisms_.gather(y);
}

void ModelDae::put(double t, std::span<const double> y) {
    simulation_.context().t = t;
    std::copy_n(y.data(), nodes_, simulation_.model().nodes().column(NodeStore::V));
    for (std::size_t j = 0; j < around_.size(); ++j) {
        double potential = 0;
        for (std::size_t k = layers_; k-- > 0;) {
            potential += y[layer_index(j, k)];
            medium_.set_layer(simulation_, around_[j], static_cast<int>(k), potential);
        }
    }
    std::size_t at = first_own_;
    for (LinearCircuit* c : circuits_.circuits())
        for (std::size_t i = c->places.size(); i < c->size(); ++i) c->state(i) = y[at++];
    mechanisms_.scatter(y);
    simulation_.recording().play_continuous(t);
    call_scatter_gather(simulation_, simulation_.after_solve);
    mechanisms_.run_blocks(NRN_BEFORE_BREAKPOINT);
    if (layers_ > 0) medium_.read(simulation_);
    circuits_.prepare(simulation_, static_cast<int>(width_));  // the rows of nodes in the circuits' y follow
    if (transfers && simulation_.transfer_values) simulation_.transfer_values();
}

void ModelDae::evaluate(double per_ms) {
    if (layers_ > 0) medium_.assemble(simulation_, per_ms, tree_);
    else assemble_cable(simulation_, per_ms, tree_);
}

/// Row 0 of a node takes c vm'; row 1 gives it back and takes xc0 w0'; row k + 1 gives that back ...
void ModelDae::charge(std::span<const double> yp, std::span<double> out) const {
    std::ranges::fill(out, 0.0);
    for (std::size_t i = 0; i < nodes_; ++i) out[i * width_] = membrane_capacitance(i) * yp[i];
    for (std::size_t j = 0; j < around_.size(); ++j) {
        const std::size_t row = around_[j] * width_;
        double inner = out[row];
        for (std::size_t k = 0; k < layers_; ++k) {
            const double current = 0.001 * medium_.capacitance(around_[j], static_cast<int>(k)) * yp[layer_index(j, k)];
            out[row + k + 1] = current - inner;
            inner = current;
        }
    }
}

bool ModelDae::residual(double t, std::span<const double> y, std::span<const double> yp, std::span<double> out) {
    put(t, y);
    mechanisms_.currents();
    auto& nodes = simulation_.model().nodes();
    membrane_rhs_.assign(nodes.column(NodeStore::Rhs), nodes.column(NodeStore::Rhs) + nodes_);
    membrane_slope_.assign(nodes.column(NodeStore::D), nodes.column(NodeStore::D) + nodes_);
    evaluate(0);
    std::copy(yp.begin(), yp.end(), rate_.begin());
    charge_.resize(nodes_ * width_ + own_);
    charge(yp, charge_);
    const auto balance = tree_.rhs();
    inside_.resize(nodes_);
    for (std::size_t i = 0; i < nodes_; ++i) inside_[i] = balance[i * width_];
    for (std::size_t r = 0; r < balance.size(); ++r) charge_[r] -= balance[r];
    std::size_t next = first_own_;
    for (std::size_t c = 0; c < circuits_.circuits().size(); ++c) {
        LinearCircuit& circuit = *circuits_.circuits()[c];
        const auto& unknown = circuits_.unknowns(c);
        std::vector<double> rate(circuit.size());
        for (std::size_t i = 0; i < circuit.size(); ++i) {
            if (i >= circuit.places.size()) {
                rate[i] = yp[next++];
                continue;
            }
            const auto node = static_cast<std::size_t>(unknown[i]) / width_, layer = static_cast<std::size_t>(unknown[i]) % width_;
            rate[i] = layer == 0 ? yp[node] : 0;
            const auto j = static_cast<std::size_t>(std::lower_bound(around_.begin(), around_.end(), node) - around_.begin());
            if (j < around_.size() && around_[j] == node)
                for (std::size_t k = layer == 0 ? 0 : layer - 1; k < layers_; ++k) rate[i] += yp[layer_index(j, k)];
        }
        for (std::size_t i = 0; i < circuit.places.size(); ++i)
            if (const auto u = static_cast<std::size_t>(unknown[i]); u % width_ == 0) inside_[u / width_] = membrane_capacitance(u / width_) * yp[u / width_];
        for (std::size_t i = 0; i < circuit.size(); ++i) {
            double sum = -circuit.source(i);
            for (std::size_t j = 0; j < circuit.size(); ++j) sum += circuit.capacitance(i, j) * rate[j] + circuit.conductance(i, j) * circuit.state(j);
            charge_[static_cast<std::size_t>(unknown[i])] += sum;
        }
    }
    for (std::size_t i = 0; i < nodes_; ++i) out[i] = charge_[i * width_];
    for (std::size_t j = 0; j < around_.size(); ++j)
        for (std::size_t k = 0; k < layers_; ++k) out[layer_index(j, k)] = charge_[around_[j] * width_ + k + 1];
    std::copy_n(charge_.begin() + static_cast<long>(nodes_ * width_), own_, out.begin() + static_cast<long>(first_own_));
    mechanisms_.derivatives(out);
    mechanisms_.run_blocks(NRN_AFTER_SOLVE);
    for (std::size_t i = first_own_ + own_; i < size_; ++i) out[i] = yp[i] - out[i];
    keep_membrane_currents();
    return true;
}

/// What charges the membrane is what else flows into the inside: the rates yp of the last iteration are much less
/// exact. Only where a circuit is joined to a node they are taken.
void ModelDae::keep_membrane_currents() {
    auto& nodes = simulation_.model().nodes();
    double* i_cap = nodes.column(NodeStore::ICap);
    for (std::size_t i = 0; i < nodes_; ++i) i_cap[i] = membrane_capacitance(i) > 0 ? inside_[i] : 0;
    for (const std::size_t i : around_) medium_.set_membrane_current(i, i_cap[i] - medium_.membrane_rhs(i));
    if (!simulation_.fast_imem) return;
    double* current = nodes.column(NodeStore::Imem);
    const double* area = nodes.column(NodeStore::Area);
    for (std::size_t i = 0; i < nodes_; ++i) current[i] = i_cap[i] - membrane_rhs_[i];
    for (const auto& rows : mechanisms_.rows()) {
        const auto& d = rows.type->description();
        if (!(d.flags & NRN_ELECTRODE_CURRENT) || !d.current || d.rhs_column < 0) continue;
        const auto& view = rows.type->store().view();
        for (std::int32_t r = rows.begin; r < rows.end; ++r) current[view.node[r]] += view.column[d.rhs_column][r];
    }
    for (std::size_t i = 0; i < nodes_; ++i) current[i] *= area[i] * 0.01;
}

bool ModelDae::solve_residual(double, double per_ms, std::span<double> b) {
    auto& nodes = simulation_.model().nodes();
    std::ranges::copy(membrane_rhs_, nodes.column(NodeStore::Rhs));
    std::ranges::copy(membrane_slope_, nodes.column(NodeStore::D));
    evaluate(per_ms);
    rows_.assign(nodes_ * width_ + own_, 0);
    for (std::size_t i = 0; i < nodes_; ++i) rows_[i * width_] = b[i];
    for (std::size_t j = 0; j < around_.size(); ++j)
        for (std::size_t k = 0; k < layers_; ++k) rows_[around_[j] * width_ + k + 1] = b[layer_index(j, k)];
    std::copy_n(b.begin() + static_cast<long>(first_own_), own_, rows_.begin() + static_cast<long>(nodes_ * width_));
    if (circuits_.active()) {
        circuits_.solve_with(tree_, per_ms, rows_);
    } else {
        std::copy_n(rows_.begin(), tree_.rhs().size(), tree_.rhs().begin());
        if (!tree_.solve()) return false;
        std::copy_n(tree_.rhs().begin(), tree_.rhs().size(), rows_.begin());
    }
    // From potentials inside and of layers to voltages across membrane and layers.
    for (std::size_t i = 0; i < nodes_; ++i) b[i] = rows_[i * width_];
    for (std::size_t j = 0; j < around_.size(); ++j) {
        const double* potential = &rows_[around_[j] * width_];
        b[around_[j]] = potential[0] - potential[1];
        for (std::size_t k = 0; k < layers_; ++k) b[layer_index(j, k)] = potential[k + 1] - (k + 1 < layers_ ? potential[k + 2] : 0);
    }
    std::copy_n(rows_.begin() + static_cast<long>(nodes_ * width_), own_, b.begin() + static_cast<long>(first_own_));
    for (std::size_t i = first_own_ + own_; i < size_; ++i) b[i] /= per_ms;
    mechanisms_.solve(1 / per_ms, b);
    return true;
}

bool ModelDae::rhs(double t, std::span<const double> y, std::span<double> dy) {
    std::vector<double> out(size_);
    const std::vector<double> rate = rate_;
    if (!residual(t, y, rate, out)) return false;
    std::copy_n(rate.begin(), first_own_ + own_, dy.begin());
    mechanisms_.derivatives(dy);
    return true;
}

bool ModelDae::solve_linearised(double, double, std::span<const double>, std::span<const double>, std::span<double>) {
    throw Error(ErrorKind::Unsupported, "a model with algebraic equations is solved by the differential-algebraic method only").hint("cvode.use_daspk(1)");
}

void ModelDae::differential(std::span<double> marks) {
    std::ranges::fill(marks, 1.0);
    for (std::size_t i = 0; i < nodes_; ++i) marks[i] = membrane_capacitance(i) > 0;
    for (std::size_t j = 0; j < around_.size(); ++j)
        for (std::size_t k = 0; k < layers_; ++k) marks[layer_index(j, k)] = medium_.capacitance(around_[j], static_cast<int>(k)) > 0;
    std::size_t at = first_own_;
    for (std::size_t n = 0; n < circuits_.circuits().size(); ++n) {
        const LinearCircuit& c = *circuits_.circuits()[n];
        for (std::size_t j = 0; j < c.size(); ++j) {
            bool charged = false;
            for (std::size_t i = 0; i < c.size(); ++i) charged = charged || c.capacitance(i, j) != 0;
            if (j >= c.places.size()) marks[at++] = charged;
            else if (charged && c.places[j].layer == 0) marks[static_cast<std::size_t>(circuits_.unknowns(n)[j]) / width_] = 1;
        }
    }
}

std::string ModelDae::scale_name(std::size_t i) const {
    if (i < nodes_) return "v";
    if (i < first_own_) return "vext";
    return i < first_own_ + own_ ? "y" : mechanisms_.scale_name(i);
}

void ModelDae::tolerances(double atol, std::span<double> abstol) {
    for (std::size_t i = 0; i < abstol.size(); ++i) {
        double scale = i < first_own_ + own_ ? 1 : mechanisms_.tolerance_scale(i);
        if (!scales_.empty())
            if (const auto found = scales_.find(scale_name(i)); found != scales_.end()) scale = i < nodes_ ? std::min(found->second, 1.0) : found->second;  // as in the reference, voltages are never less exact
        abstol[i] = atol * scale;
    }
}

std::string ModelDae::state_name(std::size_t i) const {
    if (i >= size_) return {};
    if (i >= first_own_ + own_) return mechanisms_.name(i);
    if (i >= first_own_) return fmt::format("LinearMechanism.y[{}]", i - first_own_);
    const auto node = i < nodes_ ? i : around_[(i - nodes_) / layers_];
    const auto& place = simulation_.layout().place(static_cast<std::int32_t>(node));
    if (i < nodes_) return fmt::format("{}.v({:g})", place.section->name(), place.x);
    return fmt::format("{}.vext[{}]({:g})", place.section->name(), (i - nodes_) % layers_, place.x);
}

}  // namespace nrn
