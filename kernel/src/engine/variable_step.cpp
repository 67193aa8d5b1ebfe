// SPDX-License-Identifier: BSD-3-Clause
// Stepping, events and restarts of the variable time step method.
// Source: Lytton & Hines, Neural Computation 17 (2005) 903-921.
#include "engine/variable_step.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "model/mechanism_store.hpp"
#include "model/model.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "plugin/plugin_catalog.hpp"

namespace nrn {
namespace {

constexpr double kNever = 1e30;
constexpr std::uint32_t kPlayerBit = 0x80000000u;  // as in recording.cpp

/// Times closer than this are one.
double resolution(double t) { return 1e-12 * std::max(1.0, std::fabs(t)); }

}  // namespace

VariableStepMethod::VariableStepMethod(Runtime& runtime) : simulation_(runtime.simulation()) {}

VariableStepMethod::~VariableStepMethod() = default;

void VariableStepMethod::set_active(bool on) {
    if (on == active()) return;
    if (on) {
        if (!solver_) solver_ = simulation_.runtime().plugins().create_solver("cvode");
        if (!hooked_) install_hooks();
        simulation_.variable_step = this;
    } else {
        simulation_.variable_step = nullptr;
    }
    simulation_.network().defer_callbacks = !on;
    simulation_.context().variable_step = on;
    stale_ = true;
}

void VariableStepMethod::install_hooks() {
    hooked_ = true;
    Network::Hooks& hooks = simulation_.network().hooks;
    inner_ = hooks;
    hooks.net_receive = [this](MechanismType& type, RowId row, double* weight, double flag, double t) {
        if (delivering_ && !type.is_artificial()) {
            const std::int32_t node = type.store().view().node[type.store().row(row)];
            if (node >= 0) retreat(cells_[cell_of_node(node)], t);
        }
        inner_.net_receive(type, row, weight, flag, t);
    };
    hooks.play = [this](std::uint32_t index, double t) {
        if (delivering_ && (index & kPlayerBit))
            for (Cell& cell : cells_) retreat(cell, t);
        inner_.play(index, t);
    };
    simulation_.network().on_bare_event = [this](double) { stop_ = active(); };
}

void VariableStepMethod::prepare() {
    simulation_.prepare();
    if (!stale_ && structure_ == simulation_.model().structure_version()) return;
    simulation_.check_tables();
    cells_.clear();
    previous_.clear();
    const Layout& layout = simulation_.layout();
    const auto add = [&](std::int32_t begin, std::int32_t end) {
        Cell cell;
        cell.system = std::make_unique<ModelOde>(simulation_, begin, end, settings_.scales);
        cell.t0 = cell.tn = simulation_.t;
        cell.y.resize(cell.system->size());
        cell.dy.resize(cell.system->size());
        cells_.push_back(std::move(cell));
    };
    if (settings_.local && layout.roots().size() > 1) {
        if (simulation_.transfer_values)
            throw Error(ErrorKind::Unsupported, "use_local_dt: cells that exchange values continuously (gap junctions) need a common time step").hint("use_local_dt(0)");
        const auto& roots = layout.roots();
        for (std::size_t i = 0; i < roots.size(); ++i) add(roots[i], i + 1 < roots.size() ? roots[i + 1] : layout.node_count());
    } else {
        add(0, layout.node_count());
    }
    structure_ = simulation_.model().structure_version();
    stale_ = false;
}

void VariableStepMethod::re_init() {
    if (!active()) return;
    prepare();
    for (Cell& cell : cells_) {
        cell.restart = true;
        cell.at_discontinuity = false;
        cell.t0 = cell.tn = simulation_.t;
        cell.record_due = delivering_;
    }
}

void VariableStepMethod::initialize() {
    stale_ = true;
    prepare();
    for (Cell& cell : cells_) {
        cell.t0 = cell.tn = simulation_.t;
        restart(cell);
        cell.restart = true;  // handlers may still change things
        cell.record_due = false;
    }
}

VariableStepMethod::Cell& VariableStepMethod::earliest() {
    return *std::min_element(cells_.begin(), cells_.end(), [](const Cell& a, const Cell& b) { return a.tn < b.tn; });
}

std::size_t VariableStepMethod::cell_of_node(std::int32_t row) const {
    const auto after = std::upper_bound(cells_.begin(), cells_.end(), row, [](std::int32_t r, const Cell& c) { return r < c.system->begin(); });
    return after == cells_.begin() ? 0 : static_cast<std::size_t>(after - cells_.begin() - 1);
}

bool VariableStepMethod::belongs(const SpikeSource& source, const Cell& cell) const {
    if (cells_.size() == 1) return true;
    if (!source.section || !source.section->alive()) return &cell == &cells_.front();
    auto& nodes = simulation_.model().nodes();
    return &cells_[cell_of_node(static_cast<std::int32_t>(nodes.row(source.section->segment_node(0))))] == &cell;
}

bool VariableStepMethod::belongs(const Recording::Recorder& recorder, const Cell& cell) const {
    if (cells_.size() == 1) return true;
    const Recording::Recorder* place = &recorder;
    if (const auto with = companions_.find(recorder.vector); with != companions_.end())
        for (const auto& r : simulation_.recording().recorders())
            if (r.vector == with->second) place = &r;
    Section* section = nullptr;
    double x = 0;
    const RangeVariable* variable = nullptr;
    if (!place->variable->valid() || !range_ref_place(*place->variable, section, x, variable)) return &cell == &cells_.front();
    auto& nodes = simulation_.model().nodes();
    return &cells_[cell_of_node(static_cast<std::int32_t>(nodes.row(section->segment_node(0))))] == &cell;
}

// ---- states --------------------------------------------------------------------------------------

void VariableStepMethod::show(Cell& cell, double t) {
    if (cell.restart || cell.y.empty() || cell.shown == t) return;
    cell.shown = t;
    cell.integration->interpolate(t, cell.y);
    (void)cell.system->rhs(t, cell.y, cell.dy);
}

void VariableStepMethod::restart(Cell& cell) {
    cell.next_discontinuity = kNever;
    cell.restart = cell.at_discontinuity = false;
    cell.shown = cell.tn;
    if (cell.y.empty()) return;
    cell.system->gather(cell.y);
    restarting_ = &cell;
    try {
        (void)cell.system->rhs(cell.tn, cell.y, cell.dy);
    } catch (...) {
        restarting_ = nullptr;
        throw;
    }
    restarting_ = nullptr;
    if (cell.integration) cell.integration->reinitialize(cell.tn);
    else cell.integration = solver_->start(*cell.system, settings_.solver, cell.tn);
    check_thresholds(cell, false);
}

bool VariableStepMethod::at_time(double te) {
    if (!restarting_) return false;
    const double now = restarting_->tn, near = resolution(now);
    if (te > now + near && te < restarting_->next_discontinuity) restarting_->next_discontinuity = te;
    return std::fabs(te - now) <= near;
}

void VariableStepMethod::retreat(Cell& cell, double t) {
    if (!cell.restart) {
        show(cell, t);
        cell.tn = t;
        cell.record_due = true;
        record(cell);  // the state just before the jump
    }
    cell.restart = true;
    cell.at_discontinuity = false;
    cell.record_due = true;
}

// ---- stepping ------------------------------------------------------------------------------------

void VariableStepMethod::record(Cell& cell) {
    if (!cell.record_due) return;
    cell.record_due = false;
    const double t = std::exchange(simulation_.t, cell.tn);
    simulation_.recording().record_step([&](const Recording::Recorder& r) { return belongs(r, cell); });
    simulation_.t = t;
}

void VariableStepMethod::check_thresholds(Cell& cell, bool fire) {
    Network& network = simulation_.network();
    const auto& sources = network.sources();
    for (std::size_t i = 0; i < sources.size(); ++i) {
        SpikeSource& s = *sources[i];
        if (!s.value || !belongs(s, cell)) continue;
        const double now = *s.value, before = std::exchange(previous_[&s], now);
        if (!fire) continue;
        if (!(now > s.threshold)) {
            s.above = false;
        } else if (!s.above) {
            s.above = true;
            double when = cell.tn;
            if (settings_.condition_order == 2 && before <= s.threshold) when = cell.t0 + (s.threshold - before) / (now - before) * (cell.tn - cell.t0);
            network.fire(s, when);
        }
    }
    if (fire)
        network.check_watches(cell.tn, 0, [&](const Watch& w) {
            if (cells_.size() == 1) return true;
            const std::int32_t node = w.type->store().view().node ? w.type->store().view().node[w.type->store().row(w.row)] : -1;
            return node < 0 || &cells_[cell_of_node(node)] == &cell;
        });
}

void VariableStepMethod::step(Cell& cell) {
    show(cell, cell.tn);  // events before tn may have left the model at an earlier time
    if (cell.at_discontinuity) {
        record(cell);  // both sides of a jump
        cell.restart = cell.record_due = true;
    }
    if (cell.restart) {
        simulation_.check_tables();
        restart(cell);
    }
    record(cell);
    const bool stops = cell.next_discontinuity < kNever;
    // Just short of a discontinuity, so that both sides of it are smooth.
    const double limit = cell.next_discontinuity - resolution(cell.next_discontinuity) * 10;
    cell.t0 = cell.tn;
    cell.tn = stops && limit <= cell.t0 ? limit : cell.integration->step(limit, stops);
    if (stops && cell.tn >= limit - resolution(limit)) {
        cell.tn = cell.next_discontinuity;
        cell.at_discontinuity = true;
    }
    cell.shown = -kNever;
    show(cell, cell.tn);
    simulation_.t = cell.tn;
    simulation_.dt = cell.tn - cell.t0;
    cell.system->step_done(cell.tn, cell.tn - cell.t0);
    cell.record_due = true;
    check_thresholds(cell, true);
}

void VariableStepMethod::deliver(double t) {
    Network& network = simulation_.network();
    bool everywhere = cells_.size() == 1;  // else cells go back only when an event needs them
    for (const Event& e : network.queue().pending()) {
        if (everywhere) break;
        everywhere = (e.time <= t && e.kind != Event::Kind::NetCon && e.kind != Event::Kind::Self && e.kind != Event::Kind::Source);
    }
    if (everywhere)
        for (Cell& cell : cells_) show(cell, t);
    simulation_.t = t;
    simulation_.context().t = t;
    delivering_ = true;
    try {
        network.deliver_until(t);
        network.run_due_callbacks();
    } catch (...) {
        delivering_ = false;
        throw;
    }
    delivering_ = false;
    simulation_.raise_pending();
}

bool VariableStepMethod::advance_or_deliver(double limit) {
    prepare();
    auto& queue = simulation_.network().queue();
    const bool no_states = std::ranges::all_of(cells_, [](const Cell& c) { return c.y.empty(); });
    if (no_states) {  // artificial cells alone: time jumps from event to event
        const double next = std::min(queue.next_time(), limit), before = simulation_.t;
        for (Cell& cell : cells_) {
            cell.restart = false;
            record(cell);
            cell.t0 = cell.tn = next >= 1e30 ? simulation_.t + simulation_.dt : next;
            cell.record_due = true;
            simulation_.t = cell.tn;
        }
        if (queue.next_time() > limit || queue.empty()) return limit < kNever ? false : true;
        // A single step ends at the event's time; the next one begins with its delivery.
        if (limit == kNever && simulation_.t > before) return true;
        deliver(simulation_.t);
        return true;
    }
    if (Cell& first = earliest(); queue.next_time() > first.tn) {
        if (first.tn >= limit) return false;
        if (first.y.empty()) first.tn = std::min(queue.next_time(), limit);
        else step(first);
    }
    const double next = queue.next_time();
    if (next <= std::min(earliest().tn, limit)) deliver(next);
    else if (earliest().tn >= limit) return false;
    return true;
}

void VariableStepMethod::advance() {
    stop_ = false;
    prepare();
    const double before = simulation_.t;
    do {
        (void)advance_or_deliver(kNever);
    } while (simulation_.t <= before && !stop_ && simulation_.stop_requested == 0);
    if (cells_.size() > 1) simulation_.t = std::min(simulation_.t, earliest().tn);
}

void VariableStepMethod::advance_to(double t_end) {
    stop_ = false;
    prepare();
    if (t_end <= simulation_.t) return;
    while (!stop_ && simulation_.stop_requested == 0) {
        if (advance_or_deliver(t_end)) continue;
        for (Cell& cell : cells_)
            if (cell.tn >= t_end && cell.t0 <= t_end) show(cell, t_end);
        simulation_.t = t_end;
        return;
    }
}

// ---- what CVode shows ----------------------------------------------------------------------------

std::size_t VariableStepMethod::state_count() {
    prepare();
    std::size_t n = 0;
    for (const Cell& cell : cells_) n += cell.y.size();
    return n;
}

void VariableStepMethod::states(std::vector<double>& out) {
    prepare();
    out.clear();
    for (Cell& cell : cells_) {
        std::vector<double> y(cell.y.size());
        cell.system->gather(y);
        out.insert(out.end(), y.begin(), y.end());
    }
}

void VariableStepMethod::set_states(const std::vector<double>& y) {
    prepare();
    std::size_t at = 0;
    for (Cell& cell : cells_) {
        if (at + cell.y.size() > y.size())
            throw Error(ErrorKind::Value, fmt::format("there are {} states, not {}", state_count(), y.size()));
        cell.system->scatter(simulation_.t, std::span(y).subspan(at, cell.y.size()));
        at += cell.y.size();
    }
}

void VariableStepMethod::evaluate(double t, const std::vector<double>& y, std::vector<double>& dy) {
    prepare();
    if (y.size() != state_count()) throw Error(ErrorKind::Value, fmt::format("there are {} states, not {}", state_count(), y.size()));
    dy.assign(y.size(), 0);
    std::size_t at = 0;
    for (Cell& cell : cells_) {
        (void)cell.system->rhs(t, std::span(y).subspan(at, cell.y.size()), std::span(dy).subspan(at, cell.y.size()));
        at += cell.y.size();
    }
}

void VariableStepMethod::derivatives(std::vector<double>& out) {
    std::vector<double> y;
    states(y);
    evaluate(simulation_.t, y, out);
}

void VariableStepMethod::errors(std::vector<double>& out) {
    out.assign(state_count(), 0);
    std::size_t at = 0;
    for (Cell& cell : cells_) {
        if (cell.integration) cell.integration->errors(std::span(out).subspan(at, cell.y.size()));
        at += cell.y.size();
    }
}

void VariableStepMethod::weights(std::vector<double>& out) {
    out.assign(state_count(), 0);
    std::size_t at = 0;
    for (Cell& cell : cells_) {
        if (cell.integration) cell.integration->weights(std::span(out).subspan(at, cell.y.size()));
        at += cell.y.size();
    }
}

std::string VariableStepMethod::state_name(std::size_t i) {
    if (i >= state_count()) throw Error(ErrorKind::Index, fmt::format("there are {} states; there is no state {}", state_count(), i));
    for (const Cell& cell : cells_) {
        if (i < cell.y.size()) return cell.system->state_name(i);
        i -= cell.y.size();
    }
    return {};
}

SolverStatistics VariableStepMethod::statistics() {
    SolverStatistics sum;
    for (const Cell& cell : cells_) {
        if (!cell.integration) continue;
        const auto s = cell.integration->statistics();
        sum.steps += s.steps;
        sum.rhs_calls += s.rhs_calls;
        sum.linear_solves += s.linear_solves;
        sum.error_test_failures += s.error_test_failures;
        sum.nonlinear_iterations += s.nonlinear_iterations;
        sum.order = std::max(sum.order, s.order);
    }
    return sum;
}

std::size_t VariableStepMethod::cell_count() {
    prepare();
    return cells_.size();
}

}  // namespace nrn
