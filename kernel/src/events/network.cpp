// SPDX-License-Identifier: BSD-3-Clause
// Sources, sending and delivering.
#include "events/network.hpp"

#include "events/event_rounding.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {

Network::~Network() {
    for (SpikeSource* s : sources_) s->network = nullptr;
}

// ---- sources -----------------------------------------------------------------------------------

SpikeSourcePtr Network::new_source() {
    auto source = make_counted<SpikeSource>();
    source->network = this;
    source->slot = source_slots_.add(source.get());
    sources_.push_back(source.get());
    return source;
}

SpikeSourcePtr Network::source_of_variable(RefPtr variable, Section* section, double x) {
    const auto [first, last] = variable_sources_.equal_range(section);
    for (auto i = first; i != last; ++i)
        if (i->second->variable->same(*variable)) return i->second;
    SpikeSourcePtr source = new_source();
    source->variable = std::move(variable);
    source->section = SectionPtr(section);
    source->x = x;
    if (source->variable->valid()) source->value = source->variable->data();
    variable_sources_.emplace(section, source.get());
    return source;
}

SpikeSourcePtr Network::source_of_cell(PointProcess& cell) {
    if (const auto found = cell_sources_.find(&cell); found != cell_sources_.end()) return found->second;
    if (!cell.type().is(NRN_NET_EVENT) && !cell.type().is_artificial())
        throw Error(ErrorKind::Type, fmt::format("`{}` sends no events (it has no net_event) and cannot be the source of a NetCon", cell.type().name()));
    SpikeSourcePtr source = new_source();
    source->cell = &cell;
    cell_sources_[&cell] = source.get();
    return source;
}

void Network::forget_source(SpikeSource& source) {
    std::erase(sources_, &source);
    source_slots_.remove(source.slot);
    if (source.cell) cell_sources_.erase(source.cell);
    if (source.variable) {
        const auto [first, last] = variable_sources_.equal_range(source.section.get());
        for (auto i = first; i != last; ++i)
            if (i->second == &source) {
                variable_sources_.erase(i);
                break;
            }
    }
}

std::vector<NetCon*> Network::net_cons() const {
    std::vector<NetCon*> all;
    const_cast<SlotPool<NetCon*>&>(net_cons_).for_each([&](std::uint32_t, NetCon* c) { all.push_back(c); });
    std::sort(all.begin(), all.end(), [](const NetCon* a, const NetCon* b) { return a->index() < b->index(); });
    return all;
}

std::unordered_multimap<const PointProcess*, NetCon*>::iterator Network::find_target(const NetCon& connection) {
    const auto [first, last] = targets_.equal_range(connection.target_);
    return std::find_if(first, last, [&](const auto& entry) { return entry.second == &connection; });
}

std::vector<std::vector<double>*> Network::weights_to(PointProcess& target) {
    std::vector<NetCon*> connections;
    const auto [first, last] = targets_.equal_range(&target);
    for (auto i = first; i != last; ++i) connections.push_back(i->second);
    std::sort(connections.begin(), connections.end(), [](const NetCon* a, const NetCon* b) { return a->index() < b->index(); });
    std::vector<std::vector<double>*> weights;
    for (NetCon* c : connections) weights.push_back(&c->weight);
    return weights;
}

void Network::point_process_gone(PointProcess& p) {
    std::vector<NetCon*> connections;
    const auto [first, last] = targets_.equal_range(&p);
    for (auto i = first; i != last; ++i) connections.push_back(i->second);
    for (NetCon* c : connections) c->set_target(nullptr);
    if (const auto found = cell_sources_.find(&p); found != cell_sources_.end()) {
        found->second->cell = nullptr;
        cell_sources_.erase(found);
    }
    std::erase_if(watches_, [&](const Watch& w) { return w.type == &p.type() && w.row == p.row_id(); });
    movable_.erase({&p.type(), p.row_id()});
}

// ---- sending -----------------------------------------------------------------------------------

void Network::send(NetCon& connection, double time) {
    queue_.insert(runtime_.service<EventRounding>()(time), Event::Kind::NetCon, connection.slot, net_cons_.generation(connection.slot));
}

void Network::fire(SpikeSource& source, double t) {
    const SpikeSourcePtr keep(&source);
    if (source.record_times) {
        source.record_times->resize(source.record_times->values.size() + 1, t);
        if (source.record_ids) source.record_ids->resize(source.record_ids->values.size() + 1, source.record_id);
    }
    for (std::size_t i = 0; i < source.spike_times.size(); ++i) {
        source.spike_times[i]->resize(source.spike_times[i]->values.size() + 1, t);
        source.spike_gids[i]->resize(source.spike_gids[i]->values.size() + 1, static_cast<double>(source.gid));
    }
    if (source.output && on_output_spike) on_output_spike(source, t);
    for (NetCon* c : source.connections)
        if (c->active && c->target_) send(*c, t + c->delay);
    if (source.record_call) {
        CallArgs args(runtime_, "NetCon.record");
        const CallablePtr call = source.record_call;
        call->call(args);
    }
}

void Network::net_send(MechanismType& type, RowId row, double* weight, double time, double flag) {
    SelfEvent event{&type, row, flag, time, kNoRow, 0};
    if (delivering_ && weight && weight == delivering_->weight.data()) {
        event.netcon = delivering_->slot;
        event.netcon_generation = net_cons_.generation(delivering_->slot);
    }
    const std::uint32_t slot = self_events_.add(event);
    queue_.insert(time, Event::Kind::Self, slot, self_events_.generation(slot));
    if (flag == 1) movable_[{&type, row}] = slot;
}

bool Network::net_move(MechanismType& type, RowId row, double time) {
    const auto found = movable_.find({&type, row});
    if (found == movable_.end()) return false;
    SelfEvent event = self_events_[found->second];
    self_events_.remove(found->second);  // the queued entry is stale now
    event.time = time;
    found->second = self_events_.add(event);
    queue_.insert(time, Event::Kind::Self, found->second, self_events_.generation(found->second));
    return true;
}

void Network::net_event(PointProcess& cell, double t) {
    const auto found = cell_sources_.find(&cell);
    if (found != cell_sources_.end()) fire(*found->second, t);
}

void Network::call_at(double t, CallablePtr callback) {
    const std::uint32_t slot = callbacks_.add(std::move(callback));
    queue_.insert(t, Event::Kind::Callback, slot, callbacks_.generation(slot));
}

void Network::add_watch(MechanismType& type, RowId row, int number, double flag, bool first) {
    if (first) std::erase_if(watches_, [&](const Watch& w) { return w.type == &type && w.row == row; });
    for (Watch& w : watches_)
        if (w.type == &type && w.row == row && w.number == number) {
            w.flag = flag;
            w.above = hooks.watch_value(type, row, number) >= 0;
            return;
        }
    watches_.push_back({&type, row, number, flag, hooks.watch_value(type, row, number) >= 0});
}

void Network::add_condition(Condition& condition) {
    condition.slot = condition_slots_.add(&condition);
    conditions_.push_back(&condition);
}

void Network::remove_condition(Condition& condition) noexcept {
    condition_slots_.remove(condition.slot);
    std::erase(conditions_, &condition);
}

// ---- the engine's part -------------------------------------------------------------------------

void Network::initialize(double) {
    queue_.clear();
    self_events_.clear();
    callbacks_.clear();
    due_callbacks_.clear();
    watches_.clear();
    movable_.clear();
    for (SpikeSource* s : sources_) {
        s->above = false;
        for (auto* list : {&s->spike_times, &s->spike_gids})
            for (const VectorPtr& v : *list) v->resize(0);
        if (s->record_times) s->record_times->resize(0);
        if (s->record_ids) s->record_ids->resize(0);
    }
}

void Network::initialize_weights() {
    net_cons_.for_each([&](std::uint32_t, NetCon* c) {
        if (!c->target_) return;
        MechanismType& type = c->target_->type();
        if (type.is(NRN_NET_RECEIVE_INITIAL)) {
            NetCon* const before = std::exchange(delivering_, c);
            hooks.net_initial(type, c->target_->row_id(), c->weight.data());
            delivering_ = before;
        } else {
            std::fill(c->weight.begin() + 1, c->weight.end(), 0.0);
        }
    });
}

void Network::resolve() {
    for (SpikeSource* s : sources_) s->value = s->variable && s->variable->valid() ? s->variable->data() : nullptr;
}

void Network::check_thresholds(double t) {
    // A spike is dated just after the step's end, so that an event exactly half a step later still comes due.
    constexpr double kAfter = 1e-10;
    for (std::size_t i = 0; i < sources_.size(); ++i) {
        SpikeSource& s = *sources_[i];
        if (!s.value) continue;
        if (*s.value > s.threshold) {
            if (!s.above) {
                s.above = true;
                fire(s, t + kAfter);
            }
        } else {
            s.above = false;
        }
    }
    check_watches(t, kAfter, [](const Watch&) { return true; });
}

void Network::check_watches(double t, double after, const std::function<bool(const Watch&)>& chosen) {
    for (std::size_t i = 0; i < watches_.size(); ++i) {
        const Watch w = watches_[i];
        if (!chosen(w)) continue;
        const bool above = hooks.watch_value(*w.type, w.row, w.number) > 0;
        if (above == w.above) continue;
        watches_[i].above = above;
        if (!above) continue;
        const std::uint32_t slot = self_events_.add({w.type, w.row, w.flag, t + after, kNoRow, 0});
        queue_.insert(t + after, Event::Kind::Self, slot, self_events_.generation(slot));
    }
    check_conditions(t + after);
}

void Network::check_conditions(double t) {
    for (std::size_t i = 0; i < conditions_.size(); ++i) {
        Condition& c = *conditions_[i];
        if (!c.enabled) continue;
        const bool above = c.value() > 0;
        if (above && !c.above) queue_.insert(t, Event::Kind::Condition, c.slot, condition_slots_.generation(c.slot));
        c.above = above;
    }
}

PointProcess* Network::find_point_process(MechanismType& type, RowId row) const {
    return type.store().alive(row) ? static_cast<PointProcess*>(type.store().owner(row)) : nullptr;
}

void Network::to_target(NetCon& connection, double t) {
    PointProcess* target = connection.target_;
    if (!target || (!target->has_location() && !target->type().is_artificial())) return;
    const ObjectPtr keep(&connection);
    NetCon* const before = std::exchange(delivering_, &connection);
    try {
        hooks.net_receive(target->type(), target->row_id(), connection.weight.data(), 0, t);
    } catch (...) {
        delivering_ = before;
        throw;
    }
    delivering_ = before;
}

void Network::deliver_self(std::uint32_t slot) {
    const SelfEvent event = self_events_[slot];
    self_events_.remove(slot);
    if (const auto found = movable_.find({event.type, event.row}); found != movable_.end() && found->second == slot) movable_.erase(found);
    if (!event.type->store().alive(event.row)) return;
    NetCon* connection = event.netcon != kNoRow && net_cons_.live(event.netcon, event.netcon_generation) ? net_cons_[event.netcon] : nullptr;
    scratch_weights_.assign(static_cast<std::size_t>(std::max(event.type->description().n_weight, 1)), 0.0);
    NetCon* const before = std::exchange(delivering_, connection);
    try {
        hooks.net_receive(*event.type, event.row, connection && !connection->weight.empty() ? connection->weight.data() : scratch_weights_.data(),
                          event.flag, event.time);
    } catch (...) {
        delivering_ = before;
        throw;
    }
    delivering_ = before;
}

void Network::deliver(const Event& event) {
    switch (event.kind) {
    case Event::Kind::NetCon:
        if (net_cons_.live(event.index, event.generation)) to_target(*net_cons_[event.index], event.time);
        return;
    case Event::Kind::Self:
        if (self_events_.live(event.index, event.generation)) deliver_self(event.index);
        return;
    case Event::Kind::Callback: {
        if (!callbacks_.live(event.index, event.generation)) return;
        CallablePtr callback = callbacks_[event.index];
        callbacks_.remove(event.index);
        if (!callback) {
            if (on_bare_event) on_bare_event(event.time);
            return;
        }
        due_callbacks_.push_back(std::move(callback));
        if (!defer_callbacks) run_due_callbacks();
        return;
    }
    case Event::Kind::Play:
    case Event::Kind::RecordTick:
        hooks.play(event.index, event.time);
        return;
    case Event::Kind::Condition:
        if (condition_slots_.live(event.index, event.generation) && condition_slots_[event.index]->enabled) condition_slots_[event.index]->act(event.time);
        return;
    case Event::Kind::Source:
        if (source_slots_.live(event.index, event.generation)) fire(*source_slots_[event.index], event.time);
        return;
    }
}

void Network::deliver_until(double t_end) {
    Event event;
    while (queue_.pop_until(t_end, event)) deliver(event);
    // A callback asked for on the grid belongs to this step's end, though the sum of steps misses it by rounding.
    constexpr double kGridSlack = 1e-9;
    while (defer_callbacks && !queue_.empty() && queue_.front_is(Event::Kind::Callback) && queue_.pop_until(t_end + kGridSlack, event)) deliver(event);
}

void Network::run_due_callbacks() {
    while (!due_callbacks_.empty()) {
        std::vector<CallablePtr> due;
        due.swap(due_callbacks_);
        for (const CallablePtr& c : due) {
            CallArgs args(runtime_, "cvode.event");
            c->call(args);
        }
    }
}

}  // namespace nrn
