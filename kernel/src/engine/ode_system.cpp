// SPDX-License-Identifier: BSD-3-Clause
// Evaluation and linearisation of the model for variable-step solvers. The linear solver neglects the
// dependence of states on voltage and of voltage on states, as the reference does: the corrector converges.
// Source: Hines & Carnevale, The NEURON Book (2006), ch. 4.
#include "engine/ode_system.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "engine/simulation.hpp"
#include "model/mechanism_store.hpp"
#include "model/model.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {
namespace {

constexpr double kPerCapacitance = 0.001;  // uF/cm2 times mV/ms, in mA/cm2

std::vector<std::uint8_t> driven_nodes(const MechanismStates& mechanisms, std::int32_t begin, std::int32_t end) {
    std::vector<std::uint8_t> driven(static_cast<std::size_t>(end - begin));
    for (const auto& rows : mechanisms.rows()) {
        if (!rows.type->description().current) continue;
        const std::int32_t* node = rows.type->store().view().node;
        for (std::int32_t r = rows.begin; r < rows.end; ++r) driven[static_cast<std::size_t>(node[r] - begin)] = 1;
    }
    return driven;
}

}  // namespace

void call_scatter_gather(Simulation& simulation, const std::vector<CallablePtr>& list) {
    if (list.empty()) return;
    const auto callbacks = list;  // one may remove itself
    const std::uint64_t structure = simulation.model().structure_version();
    for (const CallablePtr& c : callbacks) {
        CallArgs args(simulation.runtime(), "CVode.extra_scatter_gather");
        c->call(args);
        if (structure != simulation.model().structure_version())
            throw Error(ErrorKind::Runtime, "sections or mechanisms changed within a callback of extra_scatter_gather").hint("cvode.event(t, callback) runs between steps");
    }
}

ModelOde::ModelOde(Simulation& simulation, std::int32_t begin, std::int32_t end, const std::map<std::string, double>& scales)
    : simulation_(simulation), begin_(begin), end_(end), mechanisms_(simulation, begin, end),
      cable_(simulation, begin, end, driven_nodes(mechanisms_, begin, end)), conductance_(static_cast<std::size_t>(end - begin)), scales_(scales) {
    mechanisms_.place(cable_.capacitive().size());
    size_ = cable_.capacitive().size() + mechanisms_.size();
}

void ModelOde::gather(std::span<double> y) {
    call_scatter_gather(simulation_, simulation_.before_solve);
    const double* v = simulation_.model().nodes().column(NodeStore::V);
    const auto& nodes = cable_.capacitive();
    for (std::size_t i = 0; i < nodes.size(); ++i) y[i] = v[nodes[i]];
    mechanisms_.gather(y);
}

void ModelOde::put(double t, std::span<const double> y) {
    simulation_.context().t = t;
    double* v = simulation_.model().nodes().column(NodeStore::V);
    const auto& nodes = cable_.capacitive();
    for (std::size_t i = 0; i < nodes.size(); ++i) v[nodes[i]] = y[i];
    mechanisms_.scatter(y);
    simulation_.recording().play_continuous(t);
    call_scatter_gather(simulation_, simulation_.after_solve);
    mechanisms_.run_blocks(NRN_BEFORE_BREAKPOINT);
    if (cable_.driven()) cable_.balance([this] { mechanisms_.currents(); });
    else cable_.follow();
    if (transfers && simulation_.transfer_values) simulation_.transfer_values();
}

void ModelOde::evaluate_currents() {
    mechanisms_.currents();
    const double* d = simulation_.model().nodes().column(NodeStore::D);
    std::copy(d + begin_, d + end_, conductance_.begin());
    if (simulation_.fast_imem) keep_membrane_currents();
    cable_.add_axial_currents();
    if (simulation_.fast_imem) store_membrane_currents();
}

/// What comes along the axis and from electrodes leaves through the membrane: i_membrane_ [nA].
void ModelOde::keep_membrane_currents() {
    auto& nodes = simulation_.model().nodes();
    const double* rhs = nodes.column(NodeStore::Rhs);
    double* current = nodes.column(NodeStore::Imem);
    for (std::int32_t i = begin_; i < end_; ++i) current[i] = -rhs[i];
    for (const auto& rows : mechanisms_.rows()) {
        const auto& d = rows.type->description();
        if (!(d.flags & NRN_ELECTRODE_CURRENT) || !d.current || d.rhs_column < 0) continue;
        const auto& view = rows.type->store().view();
        for (std::int32_t r = rows.begin; r < rows.end; ++r) current[view.node[r]] += view.column[d.rhs_column][r];
    }
}

void ModelOde::store_membrane_currents() {
    auto& nodes = simulation_.model().nodes();
    const double *rhs = nodes.column(NodeStore::Rhs), *area = nodes.column(NodeStore::Area);
    double* current = nodes.column(NodeStore::Imem);
    for (std::int32_t i = begin_; i < end_; ++i) current[i] = (current[i] + rhs[i]) * area[i] * 0.01;
}

bool ModelOde::rhs(double t, std::span<const double> y, std::span<double> dy) {
    put(t, y);
    evaluate_currents();
    auto& store = simulation_.model().nodes();
    const double *rhs = store.column(NodeStore::Rhs), *cm = store.column(NodeStore::Cm);
    double* i_cap = store.column(NodeStore::ICap);
    const auto& nodes = cable_.capacitive();
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const std::int32_t node = nodes[i];
        dy[i] = rhs[node] / (kPerCapacitance * cm[node]);
        i_cap[node] = rhs[node];
    }
    mechanisms_.derivatives(dy);
    mechanisms_.run_blocks(NRN_AFTER_SOLVE);
    return true;
}

bool ModelOde::solve_linearised(double, double gamma, std::span<const double>, std::span<const double>, std::span<double> x) {
    cable_.solve(gamma, conductance_, x);
    mechanisms_.solve(gamma, x);
    return true;
}

void ModelOde::tolerances(double atol, std::span<double> abstol) {
    const std::size_t n = cable_.capacitive().size();
    for (std::size_t i = 0; i < abstol.size(); ++i) {
        double scale = i < n ? 1 : mechanisms_.tolerance_scale(i);
        if (!scales_.empty())
            if (const auto found = scales_.find(scale_name(i)); found != scales_.end()) scale = i < n ? std::min(found->second, 1.0) : found->second;  // as in the reference, voltages are never less exact
        abstol[i] = atol * scale;
    }
}

std::string ModelOde::scale_name(std::size_t i) const { return i < cable_.capacitive().size() ? "v" : mechanisms_.scale_name(i); }

std::string ModelOde::state_name(std::size_t i) const {
    if (i >= size_) return {};
    if (i >= cable_.capacitive().size()) return mechanisms_.name(i);
    const auto& place = simulation_.layout().place(cable_.capacitive()[i]);
    return fmt::format("{}.v({:g})", place.section->name(), place.x);
}

}  // namespace nrn
