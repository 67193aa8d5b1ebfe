// SPDX-License-Identifier: BSD-3-Clause
// Calls into mechanisms for variable-step solvers, column by column.
#include "engine/mechanism_states.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "engine/diffusion.hpp"
#include "engine/extracellular.hpp"
#include "engine/simulation.hpp"
#include "model/ion.hpp"
#include "model/mechanism_store.hpp"
#include "model/model.hpp"
#include "model/point_process.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {
namespace {

void require_fit(const MechanismType& type) {
    if (!type.is(NRN_VARIABLE_STEP_UNFIT)) return;
    const char* reason = type.description().unfit_reason;
    throw Error(ErrorKind::Unsupported, fmt::format("mechanism `{}` cannot be used with the variable time step: {}", type.name(), reason ? reason : "it steps with dt"))
        .hint("cvode.active(0), or state its equations in a DERIVATIVE or KINETIC block");
}

std::string variable_name(const nrn_mechanism& d, int column) {
    for (int i = 0; i < d.n_variable; ++i) {
        const auto& v = d.variable[i];
        if (v.kind > NRN_STATE || column < v.column || column >= v.column + v.length) continue;
        return v.is_array ? fmt::format("{}[{}]", v.name, column - v.column) : std::string(v.name);
    }
    return "state";
}

bool acts_between_steps(const nrn_mechanism& d) { return d.after_cvode || (d.n_ode == 0 && d.state); }

}  // namespace

MechanismStates::MechanismStates(Simulation& simulation, std::int32_t begin, std::int32_t end)
    : simulation_(simulation), begin_(begin), end_(end) {
    const Layout& layout = simulation.layout();
    for (MechanismType* type : layout.active_types()) {
        if (type->is_artificial()) continue;
        const std::int32_t* node = type->store().view().node;
        const std::int32_t active = layout.active_rows(*type);
        const auto lo = static_cast<std::int32_t>(std::lower_bound(node, node + active, begin) - node);
        const auto hi = static_cast<std::int32_t>(std::lower_bound(node, node + active, end) - node);
        if (lo == hi) continue;
        require_fit(*type);
        rows_.push_back({type, lo, hi, size_});
        find_concentrations(rows_.size() - 1);
        const auto& d = type->description();
        size_ += static_cast<std::size_t>(hi - lo) * static_cast<std::size_t>(d.n_ode);
        for (int i = 0; i < d.n_timed_block; ++i) timed_ |= 1u << d.timed_block[i].when;
        bool reads = false;
        for (int i = 0; i < d.n_ion; ++i) reads = reads || (d.ion[i].flags & NRN_ION_READ_I);
        reads_currents_ = reads_currents_ || (reads && (acts_between_steps(d) || d.n_timed_block > 0));
    }
    reads_currents_ = reads_currents_ || (timed_ & 1u << NRN_AFTER_SOLVE);  // the last evaluation is one of the step's end
}

void MechanismStates::find_concentrations(std::size_t rows) {
    const auto& d = rows_[rows].type->description();
    for (int k = 0; k < d.n_ode; ++k) {
        const std::string name = variable_name(d, d.ode_state[k]);
        for (int i = 0; i < d.n_ion; ++i) {
            const std::string ion = d.ion[i].name;
            if ((d.ion[i].flags & NRN_ION_WRITE_CI) && name == ion + "i") concentrations_.push_back({rows, d.ode_state[k], i, NRN_ION_CI});
            if ((d.ion[i].flags & NRN_ION_WRITE_CO) && name == ion + "o") concentrations_.push_back({rows, d.ode_state[k], i, NRN_ION_CO});
        }
    }
}

void MechanismStates::place(std::size_t first) {
    for (Rows& rows : rows_) rows.first += first;
}

void MechanismStates::run(const Rows& rows, nrn_kernel kernel) {
    if (kernel) simulation_.require_ok(kernel(&simulation_.context(), &rows.type->store().view(), rows.begin, rows.end), *rows.type);
}

void MechanismStates::run_blocks(int when) {
    if (!(timed_ & 1u << when)) return;
    for (const Rows& rows : rows_) {
        const auto& d = rows.type->description();
        for (int i = 0; i < d.n_timed_block; ++i)
            if (d.timed_block[i].when == when) run(rows, d.timed_block[i].run);
    }
}

void MechanismStates::gather(std::span<double> y) {
    for (const Concentration& c : concentrations_) {
        const Rows& rows = rows_[c.rows];
        const nrn_ion_view& ion = rows.type->store().view().ion[c.ion];
        double* state = rows.type->store().column(c.state_column);
        for (std::int32_t r = rows.begin; r < rows.end; ++r) state[r] = ion.column[c.ion_column][ion.row[r]];
    }
    for (const Rows& rows : rows_) {
        const auto& d = rows.type->description();
        for (int k = 0; k < d.n_ode; ++k)
            std::copy_n(rows.type->store().column(d.ode_state[k]) + rows.begin, rows.count(), y.data() + rows.first + static_cast<std::size_t>(k) * rows.count());
    }
}

void MechanismStates::scatter(std::span<const double> y) {
    for (const Rows& rows : rows_) {
        const auto& d = rows.type->description();
        for (int k = 0; k < d.n_ode; ++k)
            std::copy_n(y.data() + rows.first + static_cast<std::size_t>(k) * rows.count(), rows.count(), rows.type->store().column(d.ode_state[k]) + rows.begin);
        run(rows, d.ode_synonym);
    }
}

void MechanismStates::derivatives(std::span<double> dy) {
    for (const Rows& rows : rows_) {
        const auto& d = rows.type->description();
        if (d.n_ode == 0) continue;
        run(rows, d.ode_rhs);
        if (d.n_diffusion > 0) diffusion(simulation_.runtime()).add_rates(simulation_, *rows.type, rows.begin, rows.end);
        for (int k = 0; k < d.n_ode; ++k)
            std::copy_n(rows.type->store().column(d.ode_derivative[k]) + rows.begin, rows.count(), dy.data() + rows.first + static_cast<std::size_t>(k) * rows.count());
    }
}

void MechanismStates::solve(double gamma, std::span<double> x) {
    nrn_context& context = simulation_.context();
    const double dt = std::exchange(context.dt, gamma);
    for (const Rows& rows : rows_) {
        const auto& d = rows.type->description();
        if (d.n_ode == 0) continue;
        auto& store = rows.type->store();
        for (int k = 0; k < d.n_ode; ++k)
            std::copy_n(x.data() + rows.first + static_cast<std::size_t>(k) * rows.count(), rows.count(), store.column(d.ode_derivative[k]) + rows.begin);
        run(rows, d.ode_solve);
        // Reaction and diffusion one after the other: near enough for the corrector.
        if (d.n_diffusion > 0) diffusion(simulation_.runtime()).solve_rates(simulation_, *rows.type, rows.begin, rows.end, gamma);
        for (int k = 0; k < d.n_ode; ++k)
            std::copy_n(store.column(d.ode_derivative[k]) + rows.begin, rows.count(), x.data() + rows.first + static_cast<std::size_t>(k) * rows.count());
    }
    context.dt = dt;
}

void MechanismStates::begin_step(double t, double dt) {
    nrn_context& context = simulation_.context();
    context.t = t;
    const double before = std::exchange(context.dt, dt);
    for (const Rows& rows : rows_) {
        const auto& d = rows.type->description();
        if (acts_between_steps(d)) run(rows, d.after_cvode ? d.after_cvode : d.state);
    }
    context.dt = before;
}

void MechanismStates::currents() {
    auto& nodes = simulation_.model().nodes();
    double *rhs = nodes.column(NodeStore::Rhs), *diagonal = nodes.column(NodeStore::D);
    std::fill(rhs + begin_, rhs + end_, 0.0);
    std::fill(diagonal + begin_, diagonal + end_, 0.0);
    const double celsius = simulation_.model().celsius;
    auto& all = extracellular(simulation_.runtime());
    Extracellular* const medium = all.active() ? &all : nullptr;
    for (const Rows& rows : rows_)
        if (rows.type->is_ion())
            prepare_ion_currents(*rows.type, celsius, static_cast<std::size_t>(rows.begin), static_cast<std::size_t>(rows.end));
    for (const Rows& rows : rows_) {
        const auto& d = rows.type->description();
        if (!d.current) continue;
        if (medium && (d.flags & NRN_ELECTRODE_CURRENT)) {
            const InsidePotential inside(simulation_, medium, rows.type->store().view(), rows.begin, rows.end);
            run(rows, d.current);
        } else {
            run(rows, d.current);
        }
        if (d.rhs_column < 0) continue;
        const auto& view = rows.type->store().view();
        const double *i = view.column[d.rhs_column], *g = view.column[d.g_column];
        const double sign = d.flags & NRN_ELECTRODE_CURRENT ? 1 : -1;
        for (std::int32_t r = rows.begin; r < rows.end; ++r) {
            rhs[view.node[r]] += sign * i[r];
            diagonal[view.node[r]] -= sign * g[r];
        }
    }
}

// ---- names -----------------------------------------------------------------------------------------

MechanismStates::Found MechanismStates::find(std::size_t i) const {
    for (const Rows& rows : rows_) {
        const auto& d = rows.type->description();
        if (i < rows.first || i >= rows.first + rows.count() * static_cast<std::size_t>(d.n_ode)) continue;
        const std::size_t k = i - rows.first;
        return {rows, d.ode_state[k / rows.count()], static_cast<std::size_t>(rows.begin) + k % rows.count()};
    }
    throw Error(ErrorKind::Index, fmt::format("there is no state {}", i));
}

double MechanismStates::tolerance_scale(std::size_t i) const {
    const Found f = find(i);
    const auto& d = f.rows.type->description();
    for (int k = 0; k < d.n_variable; ++k) {
        const auto& v = d.variable[k];
        if (v.kind == NRN_STATE && f.column >= v.column && f.column < v.column + v.length && v.abstol_scale > 0) return v.abstol_scale;
    }
    return 1;
}

std::string MechanismStates::scale_name(std::size_t i) const {
    const Found f = find(i);
    std::string name = variable_name(f.rows.type->description(), f.column);
    if (const auto bracket = name.find('['); bracket != std::string::npos) name.resize(bracket);
    const auto& d = f.rows.type->description();
    for (int k = 0; k < d.n_ion; ++k)  // a state that is a concentration goes by the ion's name for it
        if (name == std::string(d.ion[k].name) + "i" || name == std::string(d.ion[k].name) + "o") return name;
    return f.rows.type->is_point_process() ? fmt::format("{}.{}", f.rows.type->name(), name) : fmt::format("{}_{}", name, f.rows.type->name());
}

std::string MechanismStates::name(std::size_t i) const {
    const Found f = find(i);
    MechanismType& type = *f.rows.type;
    std::string name = variable_name(type.description(), f.column);
    if (type.is_point_process()) {
        const auto* p = static_cast<PointProcess*>(type.store().owner_of_row(f.row));
        return fmt::format("{}.{}", p ? p->name() : type.name(), name);
    }
    std::string index;
    if (const auto bracket = name.find('['); bracket != std::string::npos) {
        index = name.substr(bracket);
        name.resize(bracket);
    }
    const auto& place = simulation_.layout().place(type.store().view().node[f.row]);
    return fmt::format("{}.{}_{}{}({:g})", place.section->name(), name, type.name(), index, place.x);
}

}  // namespace nrn
