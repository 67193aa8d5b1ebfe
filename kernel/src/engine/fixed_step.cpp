// SPDX-License-Identifier: BSD-3-Clause
// One step of the staggered implicit scheme, one line per phase.
// Source: Hines & Carnevale, Neural Computation 9 (1997) 1179-1209; M. Hines, Int. J. Bio-Med. Comput. 15 (1984) 69-76.
#include "engine/fixed_step.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "engine/circuit_system.hpp"
#include "engine/diffusion.hpp"
#include "engine/extracellular.hpp"
#include "engine/fast_imem.hpp"
#include "engine/nan_watch.hpp"
#include "engine/simulation.hpp"
#include "engine/split_cells.hpp"
#include "engine/thread_settings.hpp"
#include "model/ion.hpp"
#include "model/mechanism_store.hpp"
#include "model/model.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "random/random.hpp"

namespace nrn {
namespace {

/// Adds what point processes left in their two columns to their nodes, in row order. `sign` of what leaves the cell.
void accumulate(const double* i, const double* g, double sign, std::int32_t count, const std::int32_t* node, double* rhs, double* diagonal) {
    for (std::int32_t r = 0; r < count; ++r) {
        rhs[node[r]] -= sign * i[r];
        diagonal[node[r]] += sign * g[r];
    }
}

/// The same where each of `nodes` neighbouring nodes has `PerNode`.
template <int PerNode>
void accumulate_regular(const double* __restrict i, const double* __restrict g, double sign, std::int32_t nodes, double* __restrict rhs, double* __restrict diagonal) {
    for (std::int32_t n = 0; n < nodes; ++n) {
        double r = rhs[n], d = diagonal[n];
        for (int k = 0; k < PerNode; ++k) {
            r -= sign * i[PerNode * n + k];
            d += sign * g[PerNode * n + k];
        }
        rhs[n] = r;
        diagonal[n] = d;
    }
}

void accumulate(const Layout::TypeRows& rows, double* rhs, double* diagonal) {
    const auto& d = rows.type->description();
    const nrn_mech_view& view = rows.type->store().view();
    const double *i = view.column[d.rhs_column] + rows.begin, *g = view.column[d.g_column] + rows.begin;
    const std::int32_t *node = view.node + rows.begin, count = rows.end - rows.begin;
    const double sign = d.flags & NRN_ELECTRODE_CURRENT ? -1 : 1;
    if (rows.per_node == 1) accumulate_regular<1>(i, g, sign, count, rhs + node[0], diagonal + node[0]);
    else if (rows.per_node == 2) accumulate_regular<2>(i, g, sign, count / 2, rhs + node[0], diagonal + node[0]);
    else accumulate(i, g, sign, count, node, rhs, diagonal);
}

}  // namespace

FixedStep::FixedStep(Simulation& simulation) : s_(simulation) {}
FixedStep::~FixedStep() = default;

void FixedStep::freeze() {
    solver_.freeze(s_.model(), s_.layout());
    auto& medium = extracellular(s_.runtime());
    medium_ = medium.active() ? &medium : nullptr;
    warned_ = false;
    matrix_is_used();
    plan_windows();
    lanes_stale_ = true;
}

void FixedStep::set_threads(std::size_t n) {
    if (n == threads()) return;
    pool_.reset();
    workers_.clear();
    s_.runtime().service<ThreadSettings>().seconds.assign(n > 1 ? n : 0, 0.0);
    if (n > 1) {
        pool_ = std::make_unique<WorkerPool>(n);
        for (std::size_t i = 0; i < n; ++i) workers_.push_back(std::make_unique<Worker>());
    }
    s_.layout().want_groups(s_.model(), n > 1 ? static_cast<std::int32_t>(2 * n) : 1);
}

// ---- kernels -------------------------------------------------------------------------------------

void FixedStep::run(const Place& place, const Layout::TypeRows& rows, nrn_kernel kernel) {
    if (!kernel) return;
    const auto* sequence = place.worker ? nullptr : s_.layout().sequence(*rows.type);
    if (sequence && rows.begin == 0 && static_cast<std::size_t>(rows.end) == sequence->size()) {
        for (const std::int32_t row : *sequence) s_.require_ok(kernel(place.context, &rows.type->store().view(), row, row + 1), *rows.type);
        return;
    }
    if (!place.worker) return s_.require_ok(kernel(place.context, &rows.type->store().view(), rows.begin, rows.end), *rows.type);
    if (place.worker->failed) return;
    if (kernel(place.context, &rows.type->store().view(), rows.begin, rows.end) != NRN_OK) place.worker->failed = rows.type;
}

void FixedStep::run_timed_blocks(const Place& place, int when, const Layout::CellGroup& group) {
    for (const auto& rows : group.types) {
        const auto& d = rows.type->description();
        for (int i = 0; i < d.n_timed_block; ++i)
            if (d.timed_block[i].when == when) run(place, rows, d.timed_block[i].run);
    }
}

void FixedStep::currents(const Place& place, const Layout::CellGroup& group) {
    run_timed_blocks(place, NRN_BEFORE_BREAKPOINT, group);
    for (const auto& strip : group.strips) currents(place, strip);
}

void FixedStep::currents(const Place& place, const Layout::Strip& strip) {
    Model& m = s_.model();
    auto& nodes = m.nodes();
    double *rhs = nodes.column(NodeStore::Rhs), *diagonal = nodes.column(NodeStore::D);
    std::fill(rhs + strip.begin, rhs + strip.end, 0.0);
    for (const auto& rows : strip.types)
        if (rows.type->is_ion()) prepare_ion_currents(*rows.type, m.celsius, static_cast<std::size_t>(rows.begin), static_cast<std::size_t>(rows.end), rows.potentials_follow);
    for (const auto& rows : strip.types) {
        const auto& d = rows.type->description();
        if (!d.current) continue;
        if (medium_ && (d.flags & NRN_ELECTRODE_CURRENT)) {
            const InsidePotential inside(s_, medium_, rows.type->store().view(), rows.begin, rows.end);
            run(place, rows, d.current);
        } else {
            run(place, rows, d.current);
        }
        if (d.rhs_column >= 0) accumulate(rows, rhs, diagonal);
    }
}

void FixedStep::states(const Place& place, const Layout::CellGroup& group) {
    // Bound by arithmetic, not by memory: no strips.
    for (const auto& rows : group.types) run(place, rows, rows.type->description().state);
    if (s_.layout().diffuses()) diffusion(s_.runtime()).advance(s_, s_.dt);  // then the group is the whole
    run_timed_blocks(place, NRN_AFTER_SOLVE, group);
    run_timed_blocks(place, NRN_BEFORE_STEP, group);
}

void FixedStep::evaluate_currents() {
    store_capacitive_current();
    clear_diagonal();
    currents({&s_.context(), nullptr}, s_.layout().whole());
}

// ---- voltages ------------------------------------------------------------------------------------

void FixedStep::solve(const Place& place, const Layout::CellGroup& group) {
    if (!solver_.step(s_.model(), s_.layout(), group, factor_) && s_.watch_for_nan) note_fault(place);
    if (s_.secondorder == 2) advance_ion_currents(group);
}

void FixedStep::note_fault(const Place& place) {
    if (place.worker) {
        place.worker->not_finite = true;
        return;
    }
    fault_seen_ = true;
    s_.check_finite(end_);
}

void FixedStep::watch_states(const Place& place, const Layout::CellGroup& group) {
    if (unwatched_ == 0 && s_.watch_for_nan && !states_are_finite(group)) note_fault(place);
}

/// Does something other than the trees take part in the equations?
bool FixedStep::coupled() const {
    Runtime& runtime = s_.runtime();
    return circuits(runtime).active() || extracellular(runtime).active() || split_cells(runtime).active();
}

void FixedStep::solve_coupled() {
    Runtime& runtime = s_.runtime();
    if (circuits(runtime).active()) {
        s_.t = begin_;  // what callbacks of circuits see
        circuits(runtime).solve(s_, per_ms_);
        s_.t = middle_;
    } else if (extracellular(runtime).active()) {
        extracellular(runtime).solve(s_, per_ms_, factor_);
    } else {
        s_.add_axial_rhs();
        s_.add_axial_diagonal();
        s_.add_capacitance(per_ms_);
        split_cells(runtime).solve(s_, factor_);
    }
    auto& nodes = s_.model().nodes();
    double *v = nodes.column(NodeStore::V), *rhs = nodes.column(NodeStore::Rhs);
    for (std::int32_t i = 0; i < s_.layout().node_count(); ++i) v[i] += factor_ * rhs[i];
    fault_seen_ = true;
    if (s_.watch_for_nan) s_.check_finite(end_);
    if (s_.secondorder == 2) advance_ion_currents(s_.layout().whole());
}

/// secondorder 2: ionic currents at the middle of the step, by their slopes.
void FixedStep::advance_ion_currents(const Layout::CellGroup& group) {
    const double* change = s_.model().nodes().column(NodeStore::Rhs);
    for (const auto& rows : group.types) {
        if (!rows.type->is_ion()) continue;
        auto& store = rows.type->store();
        double *current = store.column(NRN_ION_I), *slope = store.column(NRN_ION_DIDV);
        for (std::int32_t r = rows.begin; r < rows.end; ++r) current[r] += slope[r] * change[store.view().node[r]];
    }
}

/// i_cap costs a pass over the nodes: it is computed when someone looks, from the change that is still in rhs.
void FixedStep::store_capacitive_current() {
    if (change_per_ms_ == 0) return;
    auto& nodes = s_.model().nodes();
    const double factor = 0.001 * std::exchange(change_per_ms_, 0);
    const double *cm = nodes.column(NodeStore::Cm), *change = nodes.column(NodeStore::Rhs);
    double* i_cap = nodes.column(NodeStore::ICap);
    for (std::size_t i = 0; i < nodes.size(); ++i) i_cap[i] = factor * cm[i] * change[i];
}

// ---- the order of things -------------------------------------------------------------------------

/// Can a group be taken through its whole step before the next? Not when something looks across groups in the
/// middle of the step, or when mechanisms share variables that they assign.
bool FixedStep::groups_are_independent() {
    const Layout& layout = s_.layout();
    if (layout.shares_globals()) {
        if (pool_ && !warned_) warn_of_shared_variables();
        return false;
    }
    return !s_.transfer_values && s_.after_solve.empty() && !s_.recording().plays_continuously() && !s_.fast_imem && !layout.pointers_cross_groups() &&
           !layout.has_loose_blocks() && !layout.diffuses() && !coupled();
}

void FixedStep::warn_of_shared_variables() {
    warned_ = true;
    for (const MechanismType* type : s_.layout().active_types())
        if (type->is(NRN_NOT_THREAD_SAFE) && s_.layout().active_rows(*type) > 0)
            return s_.runtime().warn(fmt::format("mechanism `{}` is not thread safe (it assigns GLOBAL variables or has VERBATIM code): one thread computes", type->name()));
}

/// Currents of everything, then all voltages, then all states.
void FixedStep::step_together() {
    const Place main{&s_.context(), nullptr};
    const auto& layout = s_.layout();
    currents(main, layout.whole());
    if (s_.fast_imem) membrane_currents(s_.runtime()).keep(s_, per_ms_);
    if (coupled()) solve_coupled();
    else
        for (const auto& group : layout.groups()) solve(main, group);
    if (s_.fast_imem) membrane_currents(s_.runtime()).store(s_);
    s_.t = end_;
    s_.context().t = end_;
    s_.recording().play_at_end(end_);
    if (s_.transfer_values) s_.transfer_values();
    if (!s_.after_solve.empty()) {  // they see the new voltages, and the time of the step's beginning
        s_.t = begin_;
        const auto callbacks = s_.after_solve;
        const std::uint64_t structure = s_.model().structure_version();
        for (const CallablePtr& c : callbacks) {
            CallArgs args(s_.runtime(), "CVode.extra_scatter_gather");
            c->call(args);
        }
        s_.t = end_;
        if (structure != s_.model().structure_version()) s_.prepare();
    }
    states(main, layout.whole());
    watch_states(main, layout.whole());
}

void FixedStep::step_group(const Place& place, const Layout::CellGroup& group, double middle, double end) {
    if (!place.worker) end_ = end;
    place.context->t = middle;
    currents(place, group);
    solve(place, group);
    place.context->t = end;
    states(place, group);
}

void FixedStep::for_groups(int steps, const std::function<void(const Place&, std::size_t group)>& work) {
    const std::size_t n = s_.layout().groups().size();
    constexpr std::int64_t kWorthSharing = 2000;  // node steps: a few microseconds
    if (!pool_ || static_cast<std::int64_t>(s_.layout().node_count()) * steps < kWorthSharing) {
        for (std::size_t g = 0; g < n; ++g) work(Place{&s_.context(), nullptr}, g);
        return;
    }
    auto& settings = s_.runtime().service<ThreadSettings>();
    pool_->busy_wait = settings.busy_wait;
    for (auto& worker : workers_) worker->context = s_.context();
    pool_->run(n, [&](std::size_t number, std::size_t g) {
        Worker& worker = *workers_[number];
        try {
            work(Place{&worker.context, &worker}, g);
        } catch (...) {
            if (!worker.exception) worker.exception = std::current_exception();
        }
    });
    for (std::size_t i = 0; i < settings.seconds.size(); ++i) settings.seconds[i] = pool_->seconds(i);
    finish_workers();
}

/// Work that needs no place, by all threads.
void FixedStep::share(std::size_t n, const std::function<void(std::size_t)>& work) {
    pool_->run(n, [&](std::size_t number, std::size_t i) {
        try {
            work(i);
        } catch (...) {
            workers_[number]->exception = std::current_exception();
        }
    });
    for (auto& worker : workers_)
        if (const std::exception_ptr exception = std::exchange(worker->exception, nullptr)) std::rethrow_exception(exception);
}

/// Each group through its whole step while its variables are in the cache.
void FixedStep::step_by_group() {
    const auto& groups = s_.layout().groups();
    for_groups(1, [&](const Place& place, std::size_t g) {
        step_group(place, groups[g], middle_, end_);
        watch_states(place, groups[g]);
    });
    s_.t = end_;
    s_.context().t = end_;
}

/// What workers could not say themselves.
void FixedStep::finish_workers() {
    bool not_finite = false;
    for (auto& worker : workers_) {
        if (!worker->printed.empty()) s_.runtime().print(std::exchange(worker->printed, {}));
        not_finite = not_finite || std::exchange(worker->not_finite, false);
    }
    if (not_finite) {
        fault_seen_ = true;
        s_.check_finite(end_);
    }
    for (auto& worker : workers_) {
        MechanismType* const failed = std::exchange(worker->failed, nullptr);
        const std::exception_ptr exception = std::exchange(worker->exception, nullptr);
        if (!failed && worker->fault.empty() && exception) std::rethrow_exception(exception);
        if (!failed && worker->fault.empty()) continue;
        s_.fault = std::exchange(worker->fault, {});
        s_.fault_row = std::exchange(worker->fault_row, -1);
        if (failed) s_.require_ok(NRN_FAILED, *failed);
        s_.raise_pending();
    }
}

void FixedStep::begin_step(int steps) {
    unwatched_ += steps;
    if (unwatched_ >= kStateWatch || !s_.not_finite_.empty()) unwatched_ = 0;  // this step looks
    factor_ = s_.secondorder != 0 ? 2 : 1;
    per_ms_ = factor_ / s_.dt;
    solver_.prepare(s_.model(), s_.layout(), per_ms_);
    change_per_ms_ = per_ms_;
    fault_seen_ = false;
    if (!diagonal_is_zero_) clear_diagonal();
    diagonal_is_zero_ = false;  // until the step is complete
}

void FixedStep::clear_diagonal() {
    auto& nodes = s_.model().nodes();
    if (nodes.size()) std::memset(nodes.column(NodeStore::D), 0, nodes.size() * sizeof(double));  // no column without nodes
    diagonal_is_zero_ = false;
}

void FixedStep::advance() {
    Network& network = s_.network();
    s_.runtime().service<RandomPlay>().pick_all();
    network.check_thresholds(s_.t);
    network.deliver_until(s_.t + 0.5 * s_.dt);
    begin_ = s_.t;
    middle_ = begin_ + 0.5 * s_.dt;
    end_ = middle_ + 0.5 * s_.dt;
    s_.t = middle_;
    s_.context().t = middle_;
    s_.recording().play_at_middle(middle_);
    begin_step();
    if (s_.layout().groups().size() > 1 && groups_are_independent()) step_by_group();
    else step_together();
    diagonal_is_zero_ = !coupled();
    if (!fault_seen_ && !s_.not_finite_.empty()) s_.not_finite_.clear();
    if (s_.model().capacitive_current_is_shared()) store_capacitive_current();
    s_.recording().record_step();
    network.deliver_until(s_.t);
}

// ---- what others need of the matrix ---------------------------------------------------------------

void Simulation::evaluate_currents() { fixed_->evaluate_currents(); }

void Simulation::add_axial_rhs() {
    auto& nodes = model().nodes();
    const double *v = nodes.column(NodeStore::V), *a = nodes.column(NodeStore::A), *b = nodes.column(NodeStore::B);
    double* rhs = nodes.column(NodeStore::Rhs);
    for (const std::int32_t i : nodes.hines_order) {
        const std::int32_t p = nodes.parent[static_cast<std::size_t>(i)];
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
    for (const std::int32_t i : nodes.hines_order) {
        const std::int32_t p = nodes.parent[static_cast<std::size_t>(i)];
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
    const auto& order = nodes.hines_order;
    for (std::size_t k = order.size(); k-- > 0;) {
        const std::int32_t i = order[k], p = nodes.parent[static_cast<std::size_t>(i)];
        if (p < 0) continue;
        const double factor = a[i] / d[i];
        d[p] -= factor * b[i];
        rhs[p] -= factor * rhs[i];
    }
    for (const std::int32_t i : order) {
        const std::int32_t p = nodes.parent[static_cast<std::size_t>(i)];
        if (p >= 0) rhs[i] -= b[i] * rhs[p];
        rhs[i] /= d[i];
    }
}

void Simulation::fadvance() {
    if (variable_step) return variable_step->advance();
    if (!(dt != 0) || !std::isfinite(dt))
        throw Error(ErrorKind::Range, fmt::format("dt must be a finite number other than 0 ms, not {}", dt));
    interruption_point.pass();
    prepare();
    check_tables();
    fixed_->advance();
    network_->run_due_callbacks();
}

void Simulation::plan_windows() noexcept { fixed_->plan_windows(); }

void Simulation::advance_window_or_step(double t_end) {
    if (interruption_point.pass()) fixed_->plan_windows();  // others may have changed something
    prepare();
    check_tables();
    if (!fixed_->advance_window(t_end) && (interruption_point.due_next() || !fixed_->advance_unobserved(t_end))) {
        fadvance();
        fixed_->plan_windows();
    }
    require_finite();
}

void Simulation::advance_to(double t_end, bool pauses, bool goes_on) {
    if (!(t_end < EventQueue::kNever)) throw Error(ErrorKind::Range, fmt::format("a run must end at some time, not at {} ms", t_end));
    heading_for = std::max(heading_for, t_end);
    if (variable_step) return variable_step->advance_to(t_end, pauses);
    if (!goes_on) fixed_->plan_windows();
    while (t < t_end - 0.5 * dt && stop_requested == 0) advance_window_or_step(t_end);
    if (watch_for_nan && initialized_) check_finite(t);
    require_finite();
}

}  // namespace nrn
