// SPDX-License-Identifier: BSD-3-Clause
// One step of the staggered implicit scheme, one line per phase.
// Source: Hines & Carnevale, Neural Computation 9 (1997) 1179-1209; M. Hines, Int. J. Bio-Med. Comput. 15 (1984) 69-76.
#include <cmath>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "engine/circuit_system.hpp"
#include "engine/extracellular.hpp"
#include "engine/fast_imem.hpp"
#include "engine/simulation.hpp"
#include "engine/split_cells.hpp"
#include "model/ion.hpp"
#include "model/mechanism_store.hpp"
#include "model/model.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "random/random.hpp"

namespace nrn {
namespace {

/// Adds what point processes left in their two columns to their nodes, in row order.
void accumulate(const nrn_mechanism& d, nrn_mech_view& view, std::int32_t active, double* __restrict rhs, double* __restrict diagonal) {
    const double *i = view.column[d.rhs_column], *g = view.column[d.g_column];
    const std::int32_t* node = view.node;
    if (d.flags & NRN_ELECTRODE_CURRENT) {
        for (std::int32_t r = 0; r < active; ++r) {
            rhs[node[r]] += i[r];
            diagonal[node[r]] -= g[r];
        }
    } else {
        for (std::int32_t r = 0; r < active; ++r) {
            rhs[node[r]] -= i[r];
            diagonal[node[r]] += g[r];
        }
    }
}

}  // namespace

void Simulation::evaluate_currents() {
    Model& m = model();
    auto& nodes = m.nodes();
    const auto n = static_cast<std::size_t>(layout_.node_count());
    double *rhs = nodes.column(NodeStore::Rhs), *diagonal = nodes.column(NodeStore::D);
    std::memset(rhs, 0, n * sizeof(double));
    std::memset(diagonal, 0, n * sizeof(double));
    run_timed_blocks(NRN_BEFORE_BREAKPOINT);
    for (MechanismType* type : layout_.active_types())
        if (type->is_ion()) prepare_ion_currents(*type, m.celsius, 0, static_cast<std::size_t>(layout_.active_rows(*type)));
    for (MechanismType* type : layout_.active_types()) {
        const auto& d = type->description();
        if (!d.current) continue;
        run(*type, d.current);
        if (d.rhs_column >= 0) accumulate(d, type->store().view(), layout_.active_rows(*type), rhs, diagonal);
    }
}

void Simulation::add_axial_rhs() {
    auto& nodes = model().nodes();
    const double *v = nodes.column(NodeStore::V), *a = nodes.column(NodeStore::A), *b = nodes.column(NodeStore::B);
    double* rhs = nodes.column(NodeStore::Rhs);
    const std::int32_t* parent = nodes.parent.data();
    for (std::int32_t i = 0; i < layout_.node_count(); ++i) {
        const std::int32_t p = parent[i];
        if (p < 0) continue;
        const double dv = v[p] - v[i];
        rhs[i] -= b[i] * dv;
        rhs[p] += a[i] * dv;
    }
}

void Simulation::add_axial_diagonal() {
    auto& nodes = model().nodes();
    const double *a = nodes.column(NodeStore::A), *b = nodes.column(NodeStore::B);
    double* d = nodes.column(NodeStore::D);
    const std::int32_t* parent = nodes.parent.data();
    for (std::int32_t i = 0; i < layout_.node_count(); ++i) {
        const std::int32_t p = parent[i];
        if (p < 0) continue;
        d[i] -= b[i];
        d[p] -= a[i];
    }
}

void Simulation::add_capacitance(double per_ms) {
    auto& nodes = model().nodes();
    const double* cm = nodes.column(NodeStore::Cm);
    double* d = nodes.column(NodeStore::D);
    const double factor = 0.001 * per_ms;  // uF/cm2 per ms to S/cm2
    for (std::int32_t i = 0; i < layout_.node_count(); ++i)
        if (layout_.has_membrane(i)) d[i] += factor * cm[i];
}

void Simulation::eliminate() {
    auto& nodes = model().nodes();
    const double *a = nodes.column(NodeStore::A), *b = nodes.column(NodeStore::B);
    double *d = nodes.column(NodeStore::D), *rhs = nodes.column(NodeStore::Rhs);
    const std::int32_t* parent = nodes.parent.data();
    const std::int32_t n = layout_.node_count();
    for (std::int32_t i = n - 1; i >= 0; --i) {
        const std::int32_t p = parent[i];
        if (p < 0) continue;
        const double factor = a[i] / d[i];
        d[p] -= factor * b[i];
        rhs[p] -= factor * rhs[i];
    }
    for (std::int32_t i = 0; i < n; ++i) {
        const std::int32_t p = parent[i];
        if (p >= 0) rhs[i] -= b[i] * rhs[p];
        rhs[i] /= d[i];
    }
}

void Simulation::advance_states() {
    for (MechanismType* type : layout_.active_types()) run(*type, type->description().state);
}

void Simulation::fixed_step() {
    runtime_.service<RandomPlay>().pick_all();
    auto& nodes = model().nodes();
    network_->check_thresholds(t);
    network_->deliver_until(t + 0.5 * dt);
    t += 0.5 * dt;
    context_.t = t;
    recording_.play_continuous(t);
    evaluate_currents();
    const bool second = secondorder != 0;
    const double per_ms = second ? 2 / dt : 1 / dt;
    if (fast_imem) membrane_currents(runtime_).keep(*this, per_ms);
    if (circuits(runtime_).active()) {
        circuits(runtime_).solve(*this, per_ms);
    } else if (auto& medium = extracellular(runtime_); medium.active()) {
        medium.solve(*this, per_ms, second ? 2 : 1);
    } else if (auto& pieces = split_cells(runtime_); pieces.active()) {
        add_axial_rhs();
        add_axial_diagonal();
        add_capacitance(per_ms);
        pieces.solve(*this, second ? 2 : 1);
    } else {
        add_axial_rhs();
        add_axial_diagonal();
        add_capacitance(per_ms);
        eliminate();
    }
    if (fast_imem) membrane_currents(runtime_).store(*this);
    double *v = nodes.column(NodeStore::V), *rhs = nodes.column(NodeStore::Rhs);
    const std::int32_t n = layout_.node_count();
    if (secondorder == 2)
        for (MechanismType* type : layout_.active_types()) {
            if (!type->is_ion()) continue;
            auto& store = type->store();
            double *current = store.column(NRN_ION_I), *slope = store.column(NRN_ION_DIDV);
            for (std::int32_t r = 0; r < layout_.active_rows(*type); ++r) current[r] += slope[r] * rhs[store.view().node[r]];
        }
    const double factor = second ? 2 : 1;
    const double capacitive = 0.001 / dt * factor;
    double *i_cap = nodes.column(NodeStore::ICap), *cm = nodes.column(NodeStore::Cm);
    for (std::int32_t i = 0; i < n; ++i) {
        v[i] += factor * rhs[i];
        i_cap[i] = capacitive * cm[i] * rhs[i];
    }
    if (watch_for_nan) check_finite(t + 0.5 * dt);
    t += 0.5 * dt;
    context_.t = t;
    recording_.play_continuous(t);
    if (transfer_values) transfer_values();
    if (!after_solve.empty()) {  // they see the new voltages, and the time of the step's beginning
        const double end = std::exchange(t, t - dt);
        const auto callbacks = after_solve;
        for (const CallablePtr& c : callbacks) {
            CallArgs args(runtime_, "CVode.extra_scatter_gather");
            c->call(args);
        }
        t = end;
    }
    advance_states();
    run_timed_blocks(NRN_AFTER_SOLVE);
    run_timed_blocks(NRN_BEFORE_STEP);
    recording_.record_step();
    network_->deliver_until(t);
}

void Simulation::fadvance() {
    if (variable_step) return variable_step->advance();
    if (!(dt != 0) || !std::isfinite(dt))
        throw Error(ErrorKind::Range, fmt::format("dt must be a finite number other than 0 ms, not {}", dt));
    prepare();
    check_tables();
    fixed_step();
    network_->run_due_callbacks();
}

void Simulation::advance_to(double t_end) {
    if (variable_step) return variable_step->advance_to(t_end);
    while (t < t_end - 0.5 * dt && stop_requested == 0) {
        fadvance();
        require_finite();
    }
}

}  // namespace nrn
