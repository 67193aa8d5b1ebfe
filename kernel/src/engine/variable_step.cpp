// SPDX-License-Identifier: BSD-3-Clause
// Stepping, events and restarts of the variable time step method.
// Source: Lytton & Hines, Neural Computation 17 (2005) 903-921.
#include "engine/variable_step.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "engine/circuit_system.hpp"
#include "engine/dae_system.hpp"
#include "engine/extracellular.hpp"
#include "model/mechanism_store.hpp"
#include "model/model.hpp"
#include "nrn/api/communicator.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "plugin/plugin_catalog.hpp"

namespace nrn {
namespace {

constexpr double kNever = 1e30;

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
    Network& network = simulation_.network();
    inner_ = network.hooks;
    network.hooks.net_receive = [this](MechanismType& type, RowId row, double* weight, double flag, double t) {
        if (delivering_ && !type.is_artificial()) {
            const std::int32_t node = type.store().view().node[type.store().row(row)];
            if (node >= 0) retreat(cells_[cell_of_node(node)], t);
        }
        inner_.net_receive(type, row, weight, flag, t);
    };
    network.before_delivery = [this](const Event& event) {
        if (delivering_) before_delivery(event);
    };
    network.on_bare_event = [this](double) { stop_ = active(); };
}

/// Does the source of a Source event run a statement (NetCon.record)?
bool VariableStepMethod::calls_at_spike(const Event& event) const {
    return std::ranges::any_of(simulation_.network().sources(), [&](const SpikeSource* s) { return s && s->slot == event.index && s->record_call; });
}

/// Events for one instance are seen by net_receive; the others may look at or change anything.
void VariableStepMethod::before_delivery(const Event& event) {
    switch (event.kind) {
    case Event::Kind::NetCon:
    case Event::Kind::Self: return;
    case Event::Kind::Source:
        if (!calls_at_spike(event)) return;
        [[fallthrough]];  // its statement sees the states of the crossing
    case Event::Kind::Callback:
    case Event::Kind::RecordTick:
    case Event::Kind::Condition:
        for (Cell& cell : cells_) complete(cell, event.time);
        return;
    case Event::Kind::Play:
        for (Cell& cell : cells_) retreat(cell, event.time);
    }
}

// ---- cells ---------------------------------------------------------------------------------------

void VariableStepMethod::require_outside(const char* what) const {
    if (inside_ > 0)
        throw Error(ErrorKind::Runtime, fmt::format("{} within a callback that the equations call (extra_scatter_gather, LinearMechanism, Vector.play)", what))
            .hint("cvode.event(t, callback) runs between steps");
}

void VariableStepMethod::prepare() {
    if (inside_ > 0) {
        if (stale_ || structure_ != simulation_.model().structure_version()) require_outside("sections, mechanisms or settings of the step changed");
        return;
    }
    simulation_.layout().keep_cells_apart(simulation_.model(), settings_.local);
    simulation_.prepare();
    if (ranks_step_together() != together_) {
        together_ = !together_;
        stale_ = true;
    }
    if (stale_ || structure_ != simulation_.model().structure_version()) build_cells();
    if (sources_ != simulation_.network().source_version() || recorders_ != simulation_.recording().version()) assign_observers();
}

/// What has no explicit derivative needs it, whether the user asked for it or not.
bool VariableStepMethod::needs_algebraic_method() {
    const bool algebraic = settings_.daspk || (together_ && others_are_algebraic_) || extracellular(simulation_.runtime()).active() || circuits(simulation_.runtime()).active();
    if (algebraic && settings_.local)
        throw Error(ErrorKind::Unsupported, "use_local_dt: the differential-algebraic method (extracellular, LinearMechanism, use_daspk) has one time step for all cells").hint("use_local_dt(0)");
    return algebraic;
}

void VariableStepMethod::build_cells() {
    simulation_.check_tables();
    cells_.clear();
    const Layout& layout = simulation_.layout();
    const bool algebraic = algebraic_ = needs_algebraic_method();
    settings_.solver.differential_algebraic = algebraic;
    settings_.solver.communicator = together_ ? &simulation_.runtime().communicator() : nullptr;
    const auto add = [&](std::int32_t begin, std::int32_t end) {
        Cell cell;
        if (algebraic) cell.system = std::make_unique<ModelDae>(simulation_, settings_.scales);
        else cell.system = std::make_unique<ModelOde>(simulation_, begin, end, settings_.scales);
        cell.system->transfers = !together_;
        cell.t0 = cell.tn = simulation_.t;
        cell.y.resize(cell.system->size());
        cell.dy.resize(cell.system->size());
        cells_.push_back(std::move(cell));
    };
    if (settings_.local && (layout.groups().size() > 1 || together_)) {
        if (simulation_.transfer_values || together_)
            throw Error(ErrorKind::Unsupported, "use_local_dt: cells that exchange values continuously (gap junctions) need a common time step").hint("use_local_dt(0)");
        for (const auto& cell : layout.groups()) add(cell.begin, cell.end);
    } else {
        add(0, layout.node_count());
    }
    structure_ = simulation_.model().structure_version();
    sources_ = recorders_ = 0;
    stale_ = false;
}

void VariableStepMethod::assign_observers() {
    for (Cell& cell : cells_) {
        cell.sources.clear();
        cell.recorders.clear();
        cell.looks_at_currents = cell.system->reads_currents_between_steps() || simulation_.fast_imem;
    }
    const auto& sources = simulation_.network().sources();
    previous_.assign(sources.size(), 1e30);
    for (std::size_t i = 0; i < sources.size(); ++i) {
        if (!sources[i]->value) continue;
        Cell& cell = cells_[cell_of(sources[i]->section.get())];
        cell.sources.push_back(i);
        previous_[i] = *sources[i]->value;
        cell.looks_at_currents = cell.looks_at_currents || !is_state(sources[i]->value);
    }
    const auto& recorders = simulation_.recording().recorders();
    for (std::size_t i = 0; i < recorders.size(); ++i) {
        if (recorders[i].interval > 0 || recorders[i].times) continue;
        Cell& cell = cells_[cell_of(recorders[i])];
        cell.recorders.push_back(i);
        cell.looks_at_currents = cell.looks_at_currents || !is_state(recorders[i].value);
    }
    sources_ = simulation_.network().source_version();
    recorders_ = simulation_.recording().version();
}

/// A voltage, a state or t: up to date without any evaluation.
bool VariableStepMethod::is_state(const double* value) const {
    if (!value || value == &simulation_.t) return true;
    auto& nodes = simulation_.model().nodes();
    const double* v = nodes.column(NodeStore::V);
    if (value >= v && value < v + nodes.size()) return true;
    for (MechanismType* type : simulation_.layout().active_types()) {
        const auto& d = type->description();
        for (int k = 0; k < d.n_ode; ++k) {
            const double* column = type->store().column(d.ode_state[k]);
            if (value >= column && value < column + type->store().size()) return true;
        }
    }
    return false;
}

void VariableStepMethod::re_init() {
    if (!active()) return;
    prepare();
    for (Cell& cell : cells_) {
        cell.restart = true;
        cell.at_discontinuity = false;
        cell.t0 = cell.tn = simulation_.t;
        cell.record_due = cell.record_due || delivering_;
    }
}

void VariableStepMethod::initialize() {
    require_outside("finitialize was called");
    stale_ = true;
    prepare();
    (void)meet();
    for (SpikeSource* s : simulation_.network().sources()) s->due = SpikeSource::kNotDue;
    for (Cell& cell : cells_) {
        cell.arrived = true;
        cell.t0 = cell.tn = simulation_.t;
        restart(cell);  // what is changed from now on is not looked at before the next restart
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

std::size_t VariableStepMethod::cell_of(Section* section) const {
    if (cells_.size() == 1 || !section || !section->alive()) return 0;
    return cell_of_node(static_cast<std::int32_t>(simulation_.model().nodes().row(section->segment_node(0))));
}

std::size_t VariableStepMethod::cell_of(const Recording::Recorder& recorder) const {
    if (cells_.size() == 1) return 0;
    const Recording::Recorder* place = &recorder;
    if (const auto with = companions_.find(recorder.vector); with != companions_.end())
        for (const auto& r : simulation_.recording().recorders())
            if (r.vector == with->second) place = &r;
    Section* section = nullptr;
    double x = 0;
    const RangeVariable* variable = nullptr;
    if (!place->variable->valid() || !range_ref_place(*place->variable, section, x, variable)) return 0;
    return cell_of(section);
}

// ---- states --------------------------------------------------------------------------------------

/// The states at t, not yet in the model. @returns false when they are there, or there are none
bool VariableStepMethod::find_states(Cell& cell, double t) {
    if (cell.restart || cell.y.empty() || cell.shown == t) return false;
    cell.shown = t;
    cell.complete = false;
    cell.integration->interpolate(t, cell.y);
    return true;
}

void VariableStepMethod::show(Cell& cell, double t) {
    if (!find_states(cell, t)) return;
    const Inside inside(*this);
    cell.system->put(t, cell.y);
}

void VariableStepMethod::complete(Cell& cell, double t) {
    (void)find_states(cell, t);  // the evaluation puts them into the model
    if (cell.restart || cell.y.empty() || cell.complete) return;
    // What a jump changes is seen behind it.
    const bool before_jump = cell.at_discontinuity && t == cell.tn;
    const Inside inside(*this);
    (void)cell.system->rhs(before_jump ? t - resolution(t) * 10 : t, cell.y, cell.dy);
    simulation_.context().t = t;
    cell.complete = true;
}

void VariableStepMethod::restart(Cell& cell) {
    cell.next_discontinuity = kNever;
    cell.restart = cell.at_discontinuity = false;
    cell.shown = cell.tn;
    cell.complete = true;
    if (cell.y.empty() && !together_) return;
    restarting_ = &cell;
    const bool fresh = on_any_rank(!cell.integration);
    const Together all(*cell.system);
    const Inside inside(*this);
    try {
        cell.system->gather(cell.y);
        (void)cell.system->rhs(cell.tn, cell.y, cell.dy);
        restarting_ = nullptr;
        cell.next_discontinuity = smallest(cell.next_discontinuity);
        if (!fresh) cell.integration->reinitialize(cell.tn);
        else cell.integration = solver_->start(*cell.system, settings_.solver, cell.tn);
    } catch (...) {
        restarting_ = nullptr;
        cell.restart = true;  // the next step begins anew
        throw;
    }
    remember_values(cell);
}

bool VariableStepMethod::at_time(double te) {
    if (!restarting_) return false;
    const double now = restarting_->tn, near = resolution(now);
    if (te > now + near && te < restarting_->next_discontinuity) restarting_->next_discontinuity = te;
    return std::fabs(te - now) <= near;
}

void VariableStepMethod::retreat(Cell& cell, double t) {
    if (!cell.restart) {
        if (cell.looks_at_currents) complete(cell, t);
        else show(cell, t);
        cancel_spikes(cell, t);
        if (t < cell.tn) cell.arrived = false;
        cell.tn = t;
        if (!cell.arrived) {
            if (settings_.condition_order == 1) check_thresholds(cell, true);
            else lower_flags(cell);
        }
        cell.arrived = true;
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
    if (recorders_ != simulation_.recording().version()) assign_observers();
    const double t = std::exchange(simulation_.t, cell.tn);
    cell.system->before_record();
    simulation_.recording().record(cell.recorders);
    simulation_.t = t;
}

/// False once a callback has made or dropped sources or sections: their indices mean others then.
bool VariableStepMethod::observers_fit() const {
    return structure_ == simulation_.model().structure_version() && sources_ == simulation_.network().source_version();
}

/// tn is reached: no event before it can take the cell back any more.
void VariableStepMethod::arrive(Cell& cell) {
    if (cell.arrived || cell.y.empty()) return;
    cell.arrived = true;
    if (structure_ != simulation_.model().structure_version()) return;
    if (!observers_fit()) assign_observers();
    if (settings_.condition_order == 1) check_thresholds(cell, false);
    else lower_flags(cell);
    if (simulation_.network().looks_at_conditions()) check_watches(cell);
}

/// Sources below their thresholds may fire again: known for certain only where the cell has arrived.
void VariableStepMethod::lower_flags(Cell& cell) {
    if (!observers_fit()) return;
    for (const std::size_t i : cell.sources) {
        SpikeSource& s = *simulation_.network().sources()[i];
        if (!(*s.value > s.threshold)) s.above = false;
    }
}

void VariableStepMethod::remember_values(Cell& cell) {
    if (!observers_fit()) return;
    for (const std::size_t i : cell.sources) previous_[i] = *simulation_.network().sources()[i]->value;
}

/// Sources above their thresholds at tn fire: now, or `later`, by an event that a jump before it takes back.
void VariableStepMethod::check_thresholds(Cell& cell, bool later) {
    if (!observers_fit()) return;
    Network& network = simulation_.network();
    for (std::size_t k = 0; k < cell.sources.size(); ++k) {
        const std::size_t i = cell.sources[k];
        SpikeSource& s = *network.sources()[i];
        const double now = *s.value, before = std::exchange(previous_[i], now);
        if (!(now > s.threshold)) {
            if (settings_.condition_order == 1) s.above = false;
            continue;
        }
        if (s.above) continue;
        s.above = true;
        double when = cell.tn;
        if (settings_.condition_order == 2 && before <= s.threshold) when = cell.t0 + (s.threshold - before) / (now - before) * (cell.tn - cell.t0);
        if (later) {
            s.due = when;
            network.fire_at(s, when);
            continue;
        }
        network.fire(s, when);
        if (sources_ != network.source_version()) {  // a callback made or dropped connections: look again at all
            assign_observers();
            k = static_cast<std::size_t>(-1);
        }
    }
}

/// A jump at t comes before the spikes that the step had seen behind it.
void VariableStepMethod::cancel_spikes(Cell& cell, double t) {
    if (!observers_fit()) return;
    for (const std::size_t i : cell.sources) {
        SpikeSource& s = *simulation_.network().sources()[i];
        if (!(s.due > t)) continue;
        s.due = SpikeSource::kNotDue;
        s.above = false;
    }
}

void VariableStepMethod::check_watches(Cell& cell) {
    complete(cell, cell.tn);
    simulation_.network().check_watches(cell.tn, 0, [&](const Watch& w) {
        if (cells_.size() == 1) return true;
        const std::int32_t node = w.type->store().view().node ? w.type->store().view().node[w.type->store().row(w.row)] : -1;
        return node < 0 || &cells_[cell_of_node(node)] == &cell;
    });
}

/// Begins anew at tn if something has changed there. @returns false when there was nothing to do
bool VariableStepMethod::begin_anew(Cell& cell) {
    // Events before tn may have left the model at an earlier time.
    if (cell.looks_at_currents && cell.record_due) complete(cell, cell.tn);
    else show(cell, cell.tn);
    arrive(cell);
    if (cell.at_discontinuity) {
        record(cell);  // both sides of a jump
        cell.restart = cell.record_due = true;
    }
    if (together_ && on_any_rank(cell.restart) && !cell.restart) retreat(cell, cell.tn);
    if (!cell.restart) return false;
    simulation_.check_tables();
    restart(cell);
    return true;
}

void VariableStepMethod::step(Cell& cell) {
    (void)begin_anew(cell);
    record(cell);
    cell.system->begin_step(cell.tn, cell.tn > cell.t0 ? cell.tn - cell.t0 : simulation_.dt);
    const bool stops = cell.next_discontinuity < kNever;
    // Just short of a discontinuity, so that both sides of it are smooth.
    const double limit = cell.next_discontinuity - resolution(cell.next_discontinuity) * 10;
    cell.t0 = cell.tn;
    {
        const Together all(*cell.system);
        const Inside inside(*this);
        cell.tn = stops && limit <= cell.t0 ? limit : cell.integration->step(limit, stops);
    }
    if (stops && cell.tn >= limit - resolution(limit)) {
        cell.tn = cell.next_discontinuity;
        cell.at_discontinuity = true;
    }
    cell.shown = cell.tn;
    cell.complete = false;
    cell.integration->state(cell.y);
    if (watches_magnitudes_) keep_magnitudes(cell);
    if (!cell.looks_at_currents || together_) {
        const Together all(*cell.system);
        const Inside inside(*this);
        cell.system->put(cell.tn, cell.y);
    }
    if (cell.looks_at_currents) complete(cell, cell.tn);
    simulation_.t = cell.tn;
    simulation_.dt = cell.tn - cell.t0;
    cell.record_due = true;
    cell.arrived = false;
    if (settings_.condition_order == 2) check_thresholds(cell, true);
}

void VariableStepMethod::deliver(double t) {
    Network& network = simulation_.network();
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

/// Artificial cells alone: time jumps from event to event.
bool VariableStepMethod::jump(double limit) {
    auto& queue = simulation_.network().queue();
    const double next = std::min(queue.next_time(), limit), before = simulation_.t;
    for (Cell& cell : cells_) {
        cell.restart = false;
        record(cell);
        cell.t0 = cell.tn = next >= kNever ? simulation_.t + simulation_.dt : next;
        cell.record_due = true;
        simulation_.t = cell.tn;
    }
    if (queue.next_time() > limit || queue.empty()) return limit < kNever ? false : true;
    // A single step ends at the event's time; the next one begins with its delivery.
    if (limit == kNever && simulation_.t > before) return true;
    deliver(simulation_.t);
    return true;
}

bool VariableStepMethod::has_states() const {
    return together_ || std::ranges::any_of(cells_, [](const Cell& c) { return !c.y.empty(); });
}

/// The next step of the cell that is behind.
void VariableStepMethod::step_earliest(double limit) {
    Cell& cell = earliest();
    if (!cell.y.empty() || together_) return step(cell);
    cell.t0 = cell.tn;
    cell.tn = std::min(simulation_.network().queue().next_time(), limit);
}

/// The model at the time of the next event, or of the cell that is behind.
void VariableStepMethod::move_on() {
    const double t = std::min(smallest(simulation_.network().queue().next_time()), earliest().tn);
    transfer_at(t);
    simulation_.t = simulation_.context().t = t;
    for (Cell& cell : cells_)
        if (!cell.restart && t >= cell.t0 && t <= cell.tn && (!settings_.local || t == cell.tn)) {
            complete(cell, t);
            if (t == cell.tn) arrive(cell);
        }
}

/// What one call of fadvance does: events that are due now, or the way to the next event within the present step, or
/// a new beginning where there was a jump, or a step.
void VariableStepMethod::advance() {
    require_outside("a step was asked for");
    stop_ = false;
    prepare();
    simulation_.interruption_point.pass();
    if (!has_states()) {
        const double before = simulation_.t;
        do (void)jump(kNever);
        while (simulation_.t <= before && !stop_ && simulation_.stop_requested == 0);
        return;
    }
    const double now = simulation_.t;
    bool delivered = false;
    while (meet() <= now && !stop_) {
        deliver(now);
        delivered = true;
    }
    if (stop_) return record_at(now, true);
    prepare();  // events may have changed anything
    Cell& cell = earliest();
    if (delivered && settings_.local && now < cell.tn) return;
    if (now < cell.tn && !cell.restart) return move_on();
    if (cell.at_discontinuity || (delivered && cell.restart && !settings_.local)) {
        (void)begin_anew(cell);
        simulation_.dt = 0;
        return;
    }
    do {
        step_earliest(kNever);
        move_on();
    } while (simulation_.t <= now && !earliest().at_discontinuity && simulation_.stop_requested == 0);
}

/// As if the states at t were those of a step.
/// @param before_jumps also where a step has ended at a jump that is still to come
void VariableStepMethod::record_at(double t, bool before_jumps) {
    for (Cell& cell : cells_) {
        const bool within = t >= cell.t0 && (t < cell.tn || (before_jumps && t == cell.tn && cell.at_discontinuity));
        if (cell.restart || cell.y.empty() || !within) continue;  // the next step records it
        complete(cell, t);
        const double end = std::exchange(cell.tn, t);
        const bool due = std::exchange(cell.record_due, true);
        record(cell);
        cell.tn = end;
        cell.record_due = due;
    }
}

/// The end of a run is recorded, between steps too; a jump there has happened.
void VariableStepMethod::finish_at(double t_end) {
    simulation_.t = simulation_.context().t = t_end;
    for (Cell& cell : cells_) {
        if (cell.tn < t_end || cell.t0 > t_end) continue;
        if (cell.tn == t_end && !cell.restart) {
            complete(cell, t_end);
            arrive(cell);
        }
        if (cell.tn == t_end) {
            const bool anew = (!cell.y.empty() || together_) && begin_anew(cell);
            record(cell);
            cell.record_due = anew;
        }
        if (!cell.restart) complete(cell, t_end);
    }
    record_at(t_end);
}

bool VariableStepMethod::advance_or_deliver(double next, double limit) {
    if (!has_states()) return jump(limit);
    // Events at the limit itself are left for what follows, as one step for all cells has it in the reference.
    if (next <= earliest().tn && (next < limit || (next <= limit && settings_.local))) {
        transfer_at(next);
        deliver(next);
        return true;
    }
    if (earliest().tn >= limit) return false;
    step_earliest(limit);
    return true;
}

void VariableStepMethod::advance_to(double t_end, bool pauses) {
    require_outside("a run was asked for");
    stop_ = false;
    prepare();
    if (t_end < simulation_.t) return;
    while (together_ || (!stop_ && simulation_.stop_requested == 0)) {
        simulation_.interruption_point.pass();
        prepare();
        const double next = meet();
        if (stop_) break;
        if (advance_or_deliver(next, t_end)) continue;
        transfer_at(t_end);
        if (!pauses) return finish_at(t_end);
        for (Cell& cell : cells_)
            if (cell.tn >= t_end && cell.t0 <= t_end) complete(cell, t_end);
        simulation_.t = t_end;
        return;
    }
    if (stop_) finish_at(simulation_.t);
}

}  // namespace nrn
