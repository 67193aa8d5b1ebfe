// SPDX-License-Identifier: BSD-3-Clause
// Membrane currents from the terms of the cable equation that the step has anyway.
#include "engine/fast_imem.hpp"

#include "engine/simulation.hpp"
#include "model/mechanism_store.hpp"
#include "model/model.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {

MembraneCurrents& membrane_currents(Runtime& runtime) { return runtime.service<MembraneCurrents>(); }

void MembraneCurrents::keep(Simulation& simulation, double per_ms) {
    auto& nodes = simulation.model().nodes();
    const double *rhs = nodes.column(NodeStore::Rhs), *d = nodes.column(NodeStore::D), *cm = nodes.column(NodeStore::Cm);
    const auto n = static_cast<std::size_t>(simulation.layout().node_count());
    current_.resize(n);
    slope_.resize(n);
    for (std::size_t i = 0; i < n; ++i) {
        current_[i] = -rhs[i];
        slope_[i] = d[i];
        if (simulation.layout().has_membrane(static_cast<std::int32_t>(i))) slope_[i] += 0.001 * per_ms * cm[i];
    }
    for (MechanismType* type : simulation.layout().active_types()) {  // electrodes added +i and -g
        const auto& m = type->description();
        if (!(m.flags & NRN_ELECTRODE_CURRENT) || !m.current || m.rhs_column < 0) continue;
        const auto& view = type->store().view();
        for (std::int32_t r = 0; r < simulation.layout().active_rows(*type); ++r) {
            current_[static_cast<std::size_t>(view.node[r])] += view.column[m.rhs_column][r];
            slope_[static_cast<std::size_t>(view.node[r])] += view.column[m.g_column][r];
        }
    }
}

void MembraneCurrents::store(Simulation& simulation) const {
    auto& nodes = simulation.model().nodes();
    double* current = nodes.column(NodeStore::Imem);
    const double *change = nodes.column(NodeStore::Rhs), *area = nodes.column(NodeStore::Area);
    for (std::size_t i = 0; i < current_.size(); ++i) current[i] = (slope_[i] * change[i] + current_[i]) * area[i] * 0.01;
}

void MembraneCurrents::start(Simulation& simulation) {
    keep(simulation, 0);
    simulation.add_axial_rhs();
    auto& nodes = simulation.model().nodes();
    double* current = nodes.column(NodeStore::Imem);
    const double *rhs = nodes.column(NodeStore::Rhs), *area = nodes.column(NodeStore::Area);
    for (std::size_t i = 0; i < current_.size(); ++i) current[i] = (rhs[i] + current_[i]) * area[i] * 0.01;
}

}  // namespace nrn
