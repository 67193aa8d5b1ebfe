// SPDX-License-Identifier: BSD-3-Clause
// The flux between two segments is the mean of their D A over the distance of their centres, times the difference
// of concentrations; one tree per mechanism is eliminated from the leaves (Hines 1984), as the membrane's is.
#include "engine/diffusion.hpp"

#include "engine/simulation.hpp"
#include "model/mechanism_store.hpp"
#include "model/model.hpp"
#include "model/section.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {

Diffusion& diffusion(Runtime& runtime) { return runtime.service<Diffusion>(); }

Diffusion::Tree& Diffusion::tree(Simulation& simulation, MechanismType& type) {
    const auto [place, fresh] = trees_.try_emplace(&type);
    Tree& t = place->second;
    if (!fresh) return t;
    auto& store = type.store();
    std::map<const Section*, std::vector<std::int32_t>> positions;  // of each section's segments here
    const auto add = [&](const Section& section) {
        if (const auto* inserted = section.find_inserted(type)) {
            const int n = section.nseg();
            std::int32_t before = -1;
            if (const Section* parent = section.parent()) {
                const auto found = positions.find(parent);
                if (found != positions.end()) before = found->second[static_cast<std::size_t>(parent->segment_index(section.parent_x()))];
            }
            std::vector<std::int32_t> mine(static_cast<std::size_t>(n));
            for (int i = 0; i < n; ++i) {  // from the end that is joined to the parent
                const int segment = section.child_end() == 0 ? i : n - 1 - i;
                t.row.push_back(static_cast<std::int32_t>(store.row(inserted->rows[static_cast<std::size_t>(segment)])));
                t.parent.push_back(before);
                t.length.push_back(section.length() / n);
                before = mine[static_cast<std::size_t>(segment)] = static_cast<std::int32_t>(t.row.size()) - 1;
            }
            positions[&section] = std::move(mine);
        }
    };
    std::vector<Section*> pending;
    for (Section* root : simulation.model().sections()) {
        if (root->parent()) continue;
        for (pending = {root}; !pending.empty();) {  // parents before their children
            const Section& section = *pending.back();
            pending.pop_back();
            add(section);
            for (Section* child : section.children()) pending.push_back(child);
        }
    }
    for (auto* v : {&t.rate_in, &t.rate_out, &t.diagonal, &t.rhs, &t.conductance, &t.volume}) v->resize(t.row.size());
    return t;
}

void Diffusion::couple(Simulation& simulation, MechanismType& type, const nrn_diffusion& d, Tree& t) {
    for (std::size_t i = 0; i < t.row.size(); ++i) {
        double slope = 0;
        d.coefficient(&simulation.context(), &type.store().view(), t.row[i], d.element, &t.conductance[i], &t.volume[i], &slope);
        t.volume[i] *= t.length[i];
    }
    for (std::size_t i = 0; i < t.row.size(); ++i) {
        t.rate_in[i] = t.rate_out[i] = 0;
        if (t.parent[i] < 0) continue;
        const auto p = static_cast<std::size_t>(t.parent[i]);
        const double flux = (t.conductance[i] + t.conductance[p]) / (t.length[i] + t.length[p]);  // um3/ms
        t.rate_in[i] = flux / t.volume[i];
        t.rate_out[i] = flux / t.volume[p];
    }
}

/// (1 - dt L) x = rhs in place.
void Diffusion::eliminate(Tree& t, double dt) {
    const std::size_t n = t.row.size();
    for (std::size_t i = 0; i < n; ++i) t.diagonal[i] = 1;
    for (std::size_t i = 0; i < n; ++i) {
        if (t.parent[i] < 0) continue;
        t.diagonal[i] += dt * t.rate_in[i];
        t.diagonal[static_cast<std::size_t>(t.parent[i])] += dt * t.rate_out[i];
    }
    for (std::size_t i = n; i-- > 0;) {
        if (t.parent[i] < 0) continue;
        const auto p = static_cast<std::size_t>(t.parent[i]);
        const double factor = dt * t.rate_out[i] / t.diagonal[i];
        t.diagonal[p] -= factor * dt * t.rate_in[i];
        t.rhs[p] += factor * t.rhs[i];
    }
    for (std::size_t i = 0; i < n; ++i) {
        if (t.parent[i] >= 0) t.rhs[i] += dt * t.rate_in[i] * t.rhs[static_cast<std::size_t>(t.parent[i])];
        t.rhs[i] /= t.diagonal[i];
    }
}

void Diffusion::advance(Simulation& simulation, double dt) {
    for (MechanismType* type : simulation.layout().active_types()) {
        const auto& description = type->description();
        if (description.n_diffusion == 0) continue;
        Tree& t = tree(simulation, *type);
        const auto& view = type->store().view();
        for (int k = 0; k < description.n_diffusion; ++k) {
            const nrn_diffusion& d = description.diffusion[k];
            double* state = view.column[d.state_column];
            // A concentration is the ion's: a user may have set it there since the last step.
            const nrn_ion_view* ion = d.ion >= 0 ? &view.ion[d.ion] : nullptr;
            double* concentration = ion ? ion->column[d.ion_outside ? NRN_ION_CO : NRN_ION_CI] : nullptr;
            if (ion)
                for (const std::int32_t r : t.row) state[r] = concentration[ion->row[r]];
            couple(simulation, *type, d, t);
            for (std::size_t i = 0; i < t.row.size(); ++i) t.rhs[i] = state[t.row[i]];
            eliminate(t, dt);
            for (std::size_t i = 0; i < t.row.size(); ++i) {
                const std::int32_t r = t.row[i];
                state[r] = t.rhs[i];
                if (ion) concentration[ion->row[r]] = t.rhs[i];
            }
        }
    }
}

namespace {
/// The column that ode_rhs fills for a state, or -1 when the state is not integrated.
std::int32_t derivative_of(const nrn_mechanism& d, std::int32_t state_column) {
    for (int k = 0; k < d.n_ode; ++k)
        if (d.ode_state[k] == state_column) return d.ode_derivative[k];
    return -1;
}
}  // namespace

void Diffusion::add_rates(Simulation& simulation, MechanismType& type, std::int32_t begin, std::int32_t end) {
    const auto& description = type.description();
    if (description.n_diffusion == 0) return;
    Tree& t = tree(simulation, type);
    const auto& view = type.store().view();
    for (int k = 0; k < description.n_diffusion; ++k) {
        const nrn_diffusion& d = description.diffusion[k];
        const std::int32_t column = derivative_of(description, d.state_column);
        if (column < 0) continue;
        couple(simulation, type, d, t);
        const double* state = view.column[d.state_column];
        double* rate = view.column[column];
        for (std::size_t i = 0; i < t.row.size(); ++i) {
            const std::int32_t r = t.row[i];
            if (t.parent[i] < 0 || r < begin || r >= end) continue;
            const auto p = static_cast<std::size_t>(t.parent[i]);
            const double difference = state[t.row[p]] - state[r];
            rate[r] += t.rate_in[i] * difference;
            rate[t.row[p]] -= t.rate_out[i] * difference;
        }
    }
}

void Diffusion::solve_rates(Simulation& simulation, MechanismType& type, std::int32_t begin, std::int32_t end, double dt) {
    const auto& description = type.description();
    if (description.n_diffusion == 0) return;
    Tree& t = tree(simulation, type);
    const auto& view = type.store().view();
    for (int k = 0; k < description.n_diffusion; ++k) {
        const nrn_diffusion& d = description.diffusion[k];
        const std::int32_t column = derivative_of(description, d.state_column);
        if (column < 0) continue;
        couple(simulation, type, d, t);
        double* rate = view.column[column];
        for (std::size_t i = 0; i < t.row.size(); ++i) t.rhs[i] = rate[t.row[i]];
        eliminate(t, dt);
        for (std::size_t i = 0; i < t.row.size(); ++i)
            if (t.row[i] >= begin && t.row[i] < end) rate[t.row[i]] = t.rhs[i];
    }
}

}  // namespace nrn
