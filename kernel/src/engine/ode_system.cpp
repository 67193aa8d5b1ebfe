// SPDX-License-Identifier: BSD-3-Clause
// Evaluation and linearisation of the model for variable-step solvers. The linear solver neglects the
// dependence of states on voltage and of voltage on states, as the reference does: the corrector converges.
// Source: Hines & Carnevale, The NEURON Book (2006), ch. 4; M. Hines, Int. J. Bio-Med. Comput. 15 (1984) 69-76.
#include "engine/ode_system.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "engine/simulation.hpp"
#include "model/ion.hpp"
#include "model/mechanism_store.hpp"
#include "model/model.hpp"
#include "model/point_process.hpp"
#include "nrn/api/error.hpp"

namespace nrn {
namespace {

constexpr double kPerCapacitance = 0.001;  // uF/cm2 times mV/ms, in mA/cm2

void require_fit(const MechanismType& type) {
    if (type.description().n_diffusion > 0)
        throw Error(ErrorKind::Unsupported, fmt::format("mechanism `{}` has LONGITUDINAL_DIFFUSION, which the variable time step does not implement", type.name()))
            .hint("cvode.active(0)");
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

}  // namespace

ModelOde::ModelOde(Simulation& simulation, std::int32_t begin, std::int32_t end, const std::map<std::string, double>& scales)
    : simulation_(simulation), begin_(begin), end_(end), scales_(scales) {
    const Layout& layout = simulation.layout();
    const double* cm = simulation.model().nodes().column(NodeStore::Cm);
    algebraic_.resize(static_cast<std::size_t>(end - begin));
    conductance_.resize(algebraic_.size());
    for (std::int32_t i = begin; i < end; ++i) {
        const bool capacitive = layout.has_membrane(i) && cm[i] > 0;
        algebraic_[static_cast<std::size_t>(i - begin)] = !capacitive;
        if (capacitive) voltages_.push_back(i);
        else any_algebraic_ = true;
    }
    size_ = voltages_.size();
    for (MechanismType* type : layout.active_types()) {
        if (type->is_artificial()) continue;
        const std::int32_t* node = type->store().view().node;
        const std::int32_t active = layout.active_rows(*type);
        const auto lo = static_cast<std::int32_t>(std::lower_bound(node, node + active, begin) - node);
        const auto hi = static_cast<std::int32_t>(std::lower_bound(node, node + active, end) - node);
        if (lo == hi) continue;
        require_fit(*type);
        rows_.push_back({type, lo, hi, size_});
        const auto& d = type->description();
        size_ += static_cast<std::size_t>(hi - lo) * static_cast<std::size_t>(d.n_ode);
        if (d.current)
            for (std::int32_t r = lo; r < hi; ++r) driven_algebraic_ = driven_algebraic_ || algebraic_[static_cast<std::size_t>(node[r] - begin)];
    }
}

void ModelOde::run(const Rows& rows, nrn_kernel kernel) {
    if (kernel) simulation_.require_ok(kernel(&simulation_.context(), &rows.type->store().view(), rows.begin, rows.end), *rows.type);
}

void ModelOde::run_blocks(int when) {
    for (const Rows& rows : rows_) {
        const auto& d = rows.type->description();
        for (int i = 0; i < d.n_timed_block; ++i)
            if (d.timed_block[i].when == when) run(rows, d.timed_block[i].run);
    }
}

const ModelOde::Rows* ModelOde::rows_of_state(std::size_t i) const {
    for (const Rows& rows : rows_) {
        const auto n = static_cast<std::size_t>(rows.end - rows.begin) * static_cast<std::size_t>(rows.type->description().n_ode);
        if (i >= rows.first && i < rows.first + n) return &rows;
    }
    return nullptr;
}

double* ModelOde::place(std::size_t i) const {
    if (i < voltages_.size()) return simulation_.model().nodes().column(NodeStore::V) + voltages_[i];
    const Rows* rows = rows_of_state(i);
    const auto& d = rows->type->description();
    const std::size_t n = static_cast<std::size_t>(d.n_ode), k = i - rows->first;
    return rows->type->store().column(d.ode_state[k % n]) + rows->begin + k / n;
}

void ModelOde::gather(std::span<double> y) {
    const double* v = simulation_.model().nodes().column(NodeStore::V);
    for (std::size_t i = 0; i < voltages_.size(); ++i) y[i] = v[voltages_[i]];
    for (const Rows& rows : rows_) {
        const auto& d = rows.type->description();
        std::size_t at = rows.first;
        for (std::int32_t r = rows.begin; r < rows.end; ++r)
            for (int k = 0; k < d.n_ode; ++k) y[at++] = rows.type->store().column(d.ode_state[k])[r];
    }
}

void ModelOde::currents() {
    auto& nodes = simulation_.model().nodes();
    double *rhs = nodes.column(NodeStore::Rhs), *diagonal = nodes.column(NodeStore::D);
    std::fill(rhs + begin_, rhs + end_, 0.0);
    std::fill(diagonal + begin_, diagonal + end_, 0.0);
    const double celsius = simulation_.model().celsius;
    for (const Rows& rows : rows_)
        if (rows.type->is_ion())
            prepare_ion_currents(*rows.type, celsius, static_cast<std::size_t>(rows.begin), static_cast<std::size_t>(rows.end));
    for (const Rows& rows : rows_) {
        const auto& d = rows.type->description();
        if (!d.current) continue;
        run(rows, d.current);
        if (d.rhs_column < 0) continue;
        const auto& view = rows.type->store().view();
        const double *i = view.column[d.rhs_column], *g = view.column[d.g_column];
        const double sign = d.flags & NRN_ELECTRODE_CURRENT ? 1 : -1;
        for (std::int32_t r = rows.begin; r < rows.end; ++r) {
            rhs[view.node[r]] += sign * i[r];
            diagonal[view.node[r]] -= sign * g[r];
        }
    }
    std::copy(diagonal + begin_, diagonal + end_, conductance_.begin());
}

void ModelOde::add_axial_currents() {
    auto& nodes = simulation_.model().nodes();
    double* rhs = nodes.column(NodeStore::Rhs);
    const double *v = nodes.column(NodeStore::V), *a = nodes.column(NodeStore::A), *b = nodes.column(NodeStore::B);
    for (std::int32_t i = begin_; i < end_; ++i) {
        const std::int32_t p = nodes.parent[static_cast<std::size_t>(i)];
        if (p < 0) continue;
        const double dv = v[p] - v[i];
        rhs[i] -= b[i] * dv;
        rhs[p] += a[i] * dv;
    }
}

/// Newton's iteration on current balance of the algebraic nodes, voltages of all others held.
void ModelOde::solve_algebraic() {
    auto& nodes = simulation_.model().nodes();
    double *v = nodes.column(NodeStore::V), *rhs = nodes.column(NodeStore::Rhs), *d = nodes.column(NodeStore::D);
    const double *a = nodes.column(NodeStore::A), *b = nodes.column(NodeStore::B);
    const auto algebraic = [&](std::int32_t i) { return algebraic_[static_cast<std::size_t>(i - begin_)] != 0; };
    for (int iteration = 0; iteration < 10; ++iteration) {
        if (driven_algebraic_) {
            currents();
        } else {
            std::fill(rhs + begin_, rhs + end_, 0.0);
            std::fill(d + begin_, d + end_, 0.0);
        }
        add_axial_currents();
        for (std::int32_t i = begin_; i < end_; ++i) {
            const std::int32_t p = nodes.parent[static_cast<std::size_t>(i)];
            if (p < 0) continue;
            d[i] -= b[i];
            d[p] -= a[i];
        }
        for (std::int32_t i = end_ - 1; i >= begin_; --i) {
            const std::int32_t p = nodes.parent[static_cast<std::size_t>(i)];
            if (p < 0 || !algebraic(i) || !algebraic(p)) continue;
            const double factor = a[i] / d[i];
            d[p] -= factor * b[i];
            rhs[p] -= factor * rhs[i];
        }
        double change = 0;
        for (std::int32_t i = begin_; i < end_; ++i) {
            if (!algebraic(i)) {
                rhs[i] = 0;
                continue;
            }
            const std::int32_t p = nodes.parent[static_cast<std::size_t>(i)];
            if (p >= 0) rhs[i] -= b[i] * rhs[p];
            rhs[i] = d[i] != 0 ? rhs[i] / d[i] : 0;
            v[i] += rhs[i];
            change = std::max(change, std::fabs(rhs[i]));
        }
        if (!(change > 1e-9)) break;
        if (!driven_algebraic_) break;  // linear: one iteration is exact
    }
}

void ModelOde::scatter(double t, std::span<const double> y) {
    nrn_context& context = simulation_.context();
    context.t = t;
    double* v = simulation_.model().nodes().column(NodeStore::V);
    for (std::size_t i = 0; i < voltages_.size(); ++i) v[voltages_[i]] = y[i];
    for (const Rows& rows : rows_) {
        const auto& d = rows.type->description();
        std::size_t at = rows.first;
        for (std::int32_t r = rows.begin; r < rows.end; ++r)
            for (int k = 0; k < d.n_ode; ++k) rows.type->store().column(d.ode_state[k])[r] = y[at++];
        run(rows, d.ode_synonym);
    }
    simulation_.recording().play_continuous(t);
    if (!simulation_.after_solve.empty()) {
        const auto callbacks = simulation_.after_solve;
        for (const CallablePtr& c : callbacks) {
            CallArgs args(simulation_.runtime(), "CVode.extra_scatter_gather");
            c->call(args);
        }
    }
    run_blocks(NRN_BEFORE_BREAKPOINT);
    if (any_algebraic_) solve_algebraic();
    if (simulation_.transfer_values) simulation_.transfer_values();
    currents();
    if (simulation_.fast_imem) keep_membrane_currents();
    add_axial_currents();
    if (simulation_.fast_imem) store_membrane_currents();
}

/// What comes along the axis and from electrodes leaves through the membrane: i_membrane_ [nA].
void ModelOde::keep_membrane_currents() {
    auto& nodes = simulation_.model().nodes();
    const double* rhs = nodes.column(NodeStore::Rhs);
    double* current = nodes.column(NodeStore::Imem);
    for (std::int32_t i = begin_; i < end_; ++i) current[i] = -rhs[i];
    for (const Rows& rows : rows_) {
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
    scatter(t, y);
    auto& nodes = simulation_.model().nodes();
    const double *rhs = nodes.column(NodeStore::Rhs), *cm = nodes.column(NodeStore::Cm);
    double* i_cap = nodes.column(NodeStore::ICap);
    for (std::size_t i = 0; i < voltages_.size(); ++i) {
        const std::int32_t node = voltages_[i];
        dy[i] = rhs[node] / (kPerCapacitance * cm[node]);
        i_cap[node] = rhs[node];
    }
    for (const Rows& rows : rows_) {
        const auto& d = rows.type->description();
        if (d.n_ode == 0) continue;
        run(rows, d.ode_rhs);
        std::size_t at = rows.first;
        for (std::int32_t r = rows.begin; r < rows.end; ++r)
            for (int k = 0; k < d.n_ode; ++k) dy[at++] = rows.type->store().column(d.ode_derivative[k])[r];
    }
    return true;
}

void ModelOde::eliminate() {
    auto& nodes = simulation_.model().nodes();
    const double *a = nodes.column(NodeStore::A), *b = nodes.column(NodeStore::B);
    double *d = nodes.column(NodeStore::D), *rhs = nodes.column(NodeStore::Rhs);
    const std::int32_t* parent = nodes.parent.data();
    for (std::int32_t i = end_ - 1; i >= begin_; --i) {
        const std::int32_t p = parent[i];
        if (p < 0) continue;
        const double factor = a[i] / d[i];
        d[p] -= factor * b[i];
        rhs[p] -= factor * rhs[i];
    }
    for (std::int32_t i = begin_; i < end_; ++i) {
        const std::int32_t p = parent[i];
        if (p >= 0) rhs[i] -= b[i] * rhs[p];
        rhs[i] /= d[i];
    }
}

bool ModelOde::solve_linearised(double, double gamma, std::span<const double>, std::span<const double>, std::span<double> x) {
    auto& nodes = simulation_.model().nodes();
    double *d = nodes.column(NodeStore::D), *rhs = nodes.column(NodeStore::Rhs);
    const double *a = nodes.column(NodeStore::A), *b = nodes.column(NodeStore::B), *cm = nodes.column(NodeStore::Cm);
    std::copy(conductance_.begin(), conductance_.end(), d + begin_);
    std::fill(rhs + begin_, rhs + end_, 0.0);
    for (std::int32_t i = begin_; i < end_; ++i) {
        const std::int32_t p = nodes.parent[static_cast<std::size_t>(i)];
        if (p < 0) continue;
        d[i] -= b[i];
        d[p] -= a[i];
    }
    for (std::size_t i = 0; i < voltages_.size(); ++i) {
        const std::int32_t node = voltages_[i];
        const double capacitance = kPerCapacitance * cm[node] / gamma;
        d[node] += capacitance;
        rhs[node] = capacitance * x[i];
    }
    eliminate();
    for (std::size_t i = 0; i < voltages_.size(); ++i) x[i] = rhs[voltages_[i]];
    nrn_context& context = simulation_.context();
    const double dt = std::exchange(context.dt, gamma);
    for (const Rows& rows : rows_) {
        const auto& m = rows.type->description();
        if (m.n_ode == 0) continue;
        std::size_t at = rows.first;
        for (std::int32_t r = rows.begin; r < rows.end; ++r)
            for (int k = 0; k < m.n_ode; ++k) rows.type->store().column(m.ode_derivative[k])[r] = x[at++];
        run(rows, m.ode_solve);
        at = rows.first;
        for (std::int32_t r = rows.begin; r < rows.end; ++r)
            for (int k = 0; k < m.n_ode; ++k) x[at++] = rows.type->store().column(m.ode_derivative[k])[r];
    }
    context.dt = dt;
    return true;
}

void ModelOde::step_done(double t, double dt) {
    nrn_context& context = simulation_.context();
    context.t = t;
    const double before = std::exchange(context.dt, dt);
    for (const Rows& rows : rows_) {
        const auto& d = rows.type->description();
        if (d.after_cvode) run(rows, d.after_cvode);
        else if (d.n_ode == 0) run(rows, d.state);
    }
    run_blocks(NRN_AFTER_SOLVE);
    run_blocks(NRN_BEFORE_STEP);
    context.dt = before;
}

void ModelOde::tolerances(double atol, std::span<double> abstol) {
    for (std::size_t i = 0; i < abstol.size(); ++i) {
        double scale = 1;
        if (const Rows* rows = i < voltages_.size() ? nullptr : rows_of_state(i)) {
            const auto& d = rows->type->description();
            const int column = d.ode_state[(i - rows->first) % static_cast<std::size_t>(d.n_ode)];
            for (int k = 0; k < d.n_variable; ++k)
                if (column >= d.variable[k].column && column < d.variable[k].column + d.variable[k].length && d.variable[k].kind == NRN_STATE && d.variable[k].abstol_scale > 0)
                    scale = d.variable[k].abstol_scale;
        }
        if (!scales_.empty())
            if (const auto found = scales_.find(scale_name(i)); found != scales_.end()) scale = found->second;
        abstol[i] = atol * scale;
    }
}

std::string ModelOde::scale_name(std::size_t i) const {
    if (i < voltages_.size()) return "v";
    const Rows* rows = rows_of_state(i);
    const auto& d = rows->type->description();
    std::string name = variable_name(d, d.ode_state[(i - rows->first) % static_cast<std::size_t>(d.n_ode)]);
    if (const auto bracket = name.find('['); bracket != std::string::npos) name.resize(bracket);
    return rows->type->is_point_process() ? fmt::format("{}.{}", rows->type->name(), name) : fmt::format("{}_{}", name, rows->type->name());
}

std::string ModelOde::state_name(std::size_t i) const {
    const Layout& layout = simulation_.layout();
    if (i < voltages_.size()) {
        const auto& place = layout.place(voltages_[i]);
        return fmt::format("{}.v({:g})", place.section->name(), place.x);
    }
    const Rows* rows = rows_of_state(i);
    if (!rows) return {};
    const auto& d = rows->type->description();
    const std::size_t n = static_cast<std::size_t>(d.n_ode), k = i - rows->first;
    const std::size_t row = static_cast<std::size_t>(rows->begin) + k / n;
    std::string name = variable_name(d, d.ode_state[k % n]);
    if (rows->type->is_point_process()) {
        const auto* p = static_cast<PointProcess*>(rows->type->store().owner_of_row(row));
        return fmt::format("{}.{}", p ? p->name() : rows->type->name(), name);
    }
    std::string index;
    if (const auto bracket = name.find('['); bracket != std::string::npos) {
        index = name.substr(bracket);
        name.resize(bracket);
    }
    const auto& place = layout.place(rows->type->store().view().node[row]);
    return fmt::format("{}.{}_{}{}({:g})", place.section->name(), name, rows->type->name(), index, place.x);
}

}  // namespace nrn
