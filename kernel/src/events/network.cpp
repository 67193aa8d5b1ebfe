// SPDX-License-Identifier: BSD-3-Clause
// Sources, sending and delivering.
#include "events/network.hpp"

#include "events/event_rounding.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "model/model.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {

Network::~Network() {
    for (SpikeSource* s : sources_)
        if (s) s->network = nullptr;
}

// ---- sources -----------------------------------------------------------------------------------

SpikeSourcePtr Network::new_source() {
    auto source = make_counted<SpikeSource>();
    source->network = this;
    source->slot = source_slots_.add(source.get());
    source->order = static_cast<std::uint32_t>(sources_.size());
    sources_.push_back(source.get());
    ++source_version_;
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
    watched_stale_ = true;
    find_lane(*source);
    variable_sources_.emplace(section, source.get());
    return source;
}

SpikeSourcePtr Network::source_of_cell(PointProcess& cell) {
    if (cell.source_slot != kNoRow) return source_slots_[cell.source_slot];
    // One without net_event never fires: models connect such synapses to themselves for the sake of the receiving end.
    SpikeSourcePtr source = new_source();
    source->cell = &cell;
    cell.source_slot = source->slot;
    find_lane(*source);
    return source;
}

void Network::forget_source(SpikeSource& source) {
    sources_[source.order] = nullptr;
    ++sources_gone_;
    watched_stale_ = true;
    ++source_version_;
    source_slots_.remove(source.slot);
    // When everything goes, a cell may have gone before its connections without a word.
    if (source.cell && !runtime_.model().is_shut_down()) source.cell->source_slot = kNoRow;
    if (source.variable) {
        const auto [first, last] = variable_sources_.equal_range(source.section.get());
        for (auto i = first; i != last; ++i)
            if (i->second == &source) {
                variable_sources_.erase(i);
                break;
            }
    }
}

const std::vector<SpikeSource*>& Network::sources() {
    if (sources_gone_ == 0) return sources_;
    std::erase(sources_, nullptr);
    for (std::size_t i = 0; i < sources_.size(); ++i) sources_[i]->order = static_cast<std::uint32_t>(i);
    sources_gone_ = 0;
    return sources_;
}

// ---- connections -------------------------------------------------------------------------------

namespace {
void sort_by_number(std::vector<NetCon*>& all) {
    std::sort(all.begin(), all.end(), [](const NetCon* a, const NetCon* b) { return a->index() < b->index(); });
}
}  // namespace

std::vector<NetCon*> Network::net_cons() const {
    std::vector<NetCon*> all;
    for (NetCon* c : owners_)
        if (c) all.push_back(c);
    sort_by_number(all);
    return all;
}

std::vector<NetCon*> Network::connections_of(const SpikeSource& source) const {
    std::vector<NetCon*> all;
    for (const std::uint32_t row : source.connections)
        if (row != kNoRow) all.push_back(owners_[row]);
    return all;
}

std::vector<double*> Network::weights_to(const PointProcess& target) const {
    std::vector<NetCon*> all;
    if (target.target_slot != kNoRow)
        for (const std::uint32_t row : targets_[target.target_slot].connections) all.push_back(owners_[row]);
    sort_by_number(all);
    std::vector<double*> weights;
    for (NetCon* c : all) weights.push_back(c->row().weights());
    return weights;
}

std::uint32_t Network::add_connection(NetCon& connection) {
    // Rows of NetCons that are gone may be mentioned by events in flight.
    if (connections_.anything_freed() && lanes_.size() == 1 && lanes_[0]->queue.empty() && lanes_[0]->delivering == kNoRow) connections_.recycle();
    const std::uint32_t row = connections_.add();
    if (row >= owners_.size()) owners_.resize(row + 1);
    owners_[row] = &connection;
    arranged_ = false;
    delays_change();
    return row;
}

void Network::remove_connection(std::uint32_t row) {
    connections_.remove(row);
    owners_[row] = nullptr;
}

void Network::link_target(NetCon& connection) {
    PointProcess& p = *connection.target_;
    delays_change();
    if (p.target_slot == kNoRow) {
        if (free_targets_.empty()) {
            p.target_slot = static_cast<std::uint32_t>(targets_.size());
            targets_.emplace_back();
            target_lanes_.emplace_back();
        } else {
            p.target_slot = free_targets_.back();
            free_targets_.pop_back();
        }
        EventTarget& made = targets_[p.target_slot];
        made.process = &p;
        made.type = &p.type();
        made.store = &p.type().store();
        made.row = p.row_id();
        made.artificial = p.type().is_artificial();
        target_lanes_[p.target_slot] = lane_of(p.type(), p.row_id()).number;
    }
    auto& list = targets_[p.target_slot].connections;
    connection.place_in_target_ = static_cast<std::uint32_t>(list.size());
    list.push_back(connection.slot_);
    connection.row_->target = p.target_slot;
}

void Network::unlink_target(NetCon& connection) {
    auto& list = targets_[connection.row_->target].connections;
    const std::uint32_t last = list.back();
    list[connection.place_in_target_] = last;
    owners_[last]->place_in_target_ = connection.place_in_target_;
    list.pop_back();
    connection.row_->target = kNoRow;
}

void Network::close_gaps(SpikeSource& source) {
    std::erase(source.connections, kNoRow);
    source.gone = 0;
    for (std::size_t i = 0; i < source.connections.size(); ++i) owners_[source.connections[i]]->place_in_source_ = static_cast<std::uint32_t>(i);
}

/// Puts rows into the order of sources, so that a spike reads memory in one go. Only while no event mentions them.
void Network::arrange() {
    for (const auto& lane : lanes_)
        if (lane->delivering != kNoRow) return;
    if (std::exchange(arranged_, true)) return;
    ++moves_;
    ConnectionTable rows;
    std::vector<NetCon*> owners;
    owners.reserve(connections_.size());
    const auto move = [&](NetCon& c) {
        Connection& old = connections_[c.slot_];
        c.slot_ = rows.add();
        c.row_ = &rows[c.slot_];
        *c.row_ = old;
        old.weight_count = 0;  // weights elsewhere go along
        owners.push_back(&c);
        if (c.row_->target != kNoRow) targets_[c.row_->target].connections[c.place_in_target_] = c.slot_;
    };
    for (SpikeSource* s : sources()) {
        close_gaps(*s);
        for (std::uint32_t& row : s->connections) {
            NetCon& c = *owners_[row];
            move(c);
            row = c.slot_;
        }
    }
    for (NetCon* c : owners_)
        if (c && !c->source) move(*c);
    connections_ = std::move(rows);
    owners_ = std::move(owners);
}

void Network::point_process_gone(PointProcess& p) {
    if (p.target_slot != kNoRow) {
        const std::vector<std::uint32_t> rows = targets_[p.target_slot].connections;
        for (const std::uint32_t row : rows) owners_[row]->set_target(nullptr);
        targets_[p.target_slot] = EventTarget{};
        free_targets_.push_back(p.target_slot);
        p.target_slot = kNoRow;
    }
    if (p.source_slot != kNoRow) {
        source_slots_[p.source_slot]->cell = nullptr;
        p.source_slot = kNoRow;
    }
    for (const auto& lane : lanes_) std::erase_if(lane->watches, [&](const Watch& w) { return w.type == &p.type() && w.row == p.row_id(); });
}

// ---- sending -----------------------------------------------------------------------------------

void Network::send(NetCon& connection, double time) {
    const std::uint32_t target = connection.row().target;
    EventLane& lane = *lanes_[target == kNoRow ? 0 : target_lanes_[target]];
    lane.queue.insert(runtime_.service<EventRounding>()(time), Event::Kind::NetCon, connection.slot());
}

void Network::fire(SpikeSource& source, double t) {
    EventLane& lane = *lanes_[source.lane];
    if (lane.in_window) lane.outbox.push_back({&source, t});
    else distribute(source, t);
}

void Network::fire_at(SpikeSource& source, double t) {
    queue().insert(t, Event::Kind::Source, source.slot, source_slots_.generation(source.slot));
}

std::uint32_t& Network::movable(const MechanismType& type, RowId row) {
    const auto k = static_cast<std::size_t>(type.index());
    if (k >= movable_.size()) movable_.resize(k + 1);
    if (row >= movable_[k].size()) movable_[k].resize(std::max<std::size_t>(row + 1, 2 * movable_[k].size()), kNoRow);
    return movable_[k][row];
}

void Network::send_self(EventLane& lane, const SelfEvent& event) {
    const std::uint32_t slot = lane.self_events.add(event);
    lane.queue.insert(event.time, Event::Kind::Self, slot, lane.self_events.generation(slot));
    if (event.flag == 1) movable(*event.type, event.row) = slot;
}

void Network::net_send(MechanismType& type, RowId row, double* weight, double time, double flag, EventLane* at_work) {
    EventLane& lane = at_work ? *at_work : lane_of(type, row);
    const bool of_connection = lane.delivering != kNoRow && weight && weight == connections_[lane.delivering].weights();
    send_self(lane, {&type, row, flag, time, of_connection ? lane.delivering : kNoRow});
}

bool Network::net_move(MechanismType& type, RowId row, double time, EventLane* at_work) {
    const std::uint32_t place = movable(type, row);
    if (place == kNoRow) return false;
    EventLane& lane = at_work ? *at_work : lane_of(type, row);
    SelfEvent event = lane.self_events[place];
    lane.self_events.remove(place);  // the queued entry is stale now
    event.time = time;
    send_self(lane, event);
    return true;
}

void Network::net_event(PointProcess& cell, double t, EventLane*) {
    if (cell.source_slot != kNoRow) fire(*source_slots_[cell.source_slot], t);
}

void Network::call_at(double t, CallablePtr callback) {
    const std::uint32_t slot = callbacks_.add(std::move(callback));
    queue().insert(t, Event::Kind::Callback, slot, callbacks_.generation(slot));
}

void Network::add_watch(MechanismType& type, RowId row, int number, double flag, bool first, EventLane* at_work) {
    auto& watches = (at_work ? *at_work : lane_of(type, row)).watches;
    if (first) std::erase_if(watches, [&](const Watch& w) { return w.type == &type && w.row == row; });
    for (Watch& w : watches)
        if (w.type == &type && w.row == row && w.number == number) {
            w.flag = flag;
            w.above = hooks.watch_value(type, row, number) >= 0;
            return;
        }
    watches.push_back({&type, row, number, flag, hooks.watch_value(type, row, number) >= 0});
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
    const double width = hooks.context && !hooks.context->variable_step ? std::clamp(hooks.context->dt, 1e-3, 1.0) : 0.025;
    common_.clear();
    for (const auto& lane : lanes_) {
        lane->queue.clear();
        lane->queue.set_bin_width(width);
        lane->self_events.clear();
        lane->watches.clear();
        lane->outbox.clear();
        lane->in_window = false;
    }
    for (Condition* c : conditions_) c->enabled = false;
    connections_.recycle();
    callbacks_.clear();
    due_callbacks_.clear();
    movable_.clear();
    for (SpikeSource* s : sources()) {
        s->above = false;
        for (auto* list : {&s->spike_times, &s->spike_gids})
            for (const VectorPtr& v : *list) v->resize(0);
        if (s->record_times) s->record_times->resize(0);
        if (s->record_ids) s->record_ids->resize(0);
    }
    arrange();
}

void Network::initialize_weights() {
    for (std::uint32_t row = 0; row < connections_.size(); ++row) {
        Connection& c = connections_[row];
        if (!c.live || c.target == kNoRow) continue;
        EventTarget& target = targets_[c.target];
        if (target.type->is(NRN_NET_RECEIVE_INITIAL)) {
            EventLane& lane = *lanes_[target_lanes_[c.target]];
            const std::uint32_t before = std::exchange(lane.delivering, row);
            hooks.net_initial(*target.type, target.row, c.weights());
            lane.delivering = before;
        } else {
            std::fill(c.weight_span().begin() + 1, c.weight_span().end(), 0.0);
        }
    }
}

void Network::resolve() {
    delays_change();
    for (SpikeSource* s : sources()) s->value = s->variable && s->variable->valid() ? s->variable->data() : nullptr;
    watched_stale_ = true;
}

PointProcess* Network::find_point_process(MechanismType& type, RowId row) const {
    return type.store().alive(row) ? static_cast<PointProcess*>(type.store().owner_of_row(type.store().row(row))) : nullptr;
}

/// Calls NET_RECEIVE. Whatever it does to connections, the row of this one is not given away meanwhile.
void Network::receive(EventLane& lane, MechanismType& type, RowId row, std::uint32_t connection, double* weight, double flag, double t) {
    if (!type.description().net_receive) return;
    struct Delivering {
        std::uint32_t& now;
        std::uint32_t before;
        ~Delivering() { now = before; }
    } delivering{lane.delivering, std::exchange(lane.delivering, connection)};
    nrn_context& context = lane.context ? *lane.context : *hooks.context;
    if (context.variable_step) return hooks.net_receive(type, row, weight, flag, t);
    MechanismStore& store = type.store();
    const double before = std::exchange(context.t, t);
    const nrn_status status = type.description().net_receive(&context, &store.view(), static_cast<int>(store.row(row)), weight, flag);
    context.t = before;
    if (status != NRN_OK || !hooks.fault->empty() || *hooks.exception) [[unlikely]] hooks.raise(type, status);
}

void Network::arrive(EventLane& lane, const Event& event) {
    Connection& c = connections_[event.index];
    if (!c.live || c.target == kNoRow) return;
    const EventTarget& target = targets_[c.target];
    if (!target.artificial && target.store->node(target.row) == kNoRow) return;  // without location
    receive(lane, *target.type, target.row, event.index, c.weights(), 0, event.time);
}

void Network::deliver_self(EventLane& lane, std::uint32_t slot) {
    const SelfEvent event = lane.self_events[slot];
    lane.self_events.remove(slot);
    if (event.flag == 1)
        if (std::uint32_t& place = movable(*event.type, event.row); place == slot) place = kNoRow;
    if (!event.type->store().alive(event.row)) return;
    if (event.connection != kNoRow && connections_.live(event.connection) && connections_[event.connection].weight_count > 0)
        return receive(lane, *event.type, event.row, event.connection, connections_[event.connection].weights(), event.flag, event.time);
    lane.scratch_weights.assign(static_cast<std::size_t>(std::max(event.type->description().n_weight, 1)), 0.0);
    receive(lane, *event.type, event.row, kNoRow, lane.scratch_weights.data(), event.flag, event.time);
}

void Network::deliver(EventLane& lane, const Event& event) {
    if (before_delivery) before_delivery(event);
    switch (event.kind) {
    case Event::Kind::NetCon: return arrive(lane, event);
    case Event::Kind::Self:
        if (lane.self_events.live(event.index, event.generation)) deliver_self(lane, event.index);
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
        delays_change();  // a delay may be played
        return;
    case Event::Kind::Condition:
        if (condition_slots_.live(event.index, event.generation) && condition_slots_[event.index]->enabled) condition_slots_[event.index]->act(event.time);
        return;
    case Event::Kind::Source:
        if (source_slots_.live(event.index, event.generation)) {
            SpikeSource& source = *source_slots_[event.index];
            if (source.value && source.due != event.time) return;  // taken back
            source.due = SpikeSource::kNotDue;
            fire(source, event.time);
        }
        return;
    }
}

void Network::deliver_until(EventLane& lane, double t_end) {
    EventQueue& queue = lane.queue;
    Event event;
    while (queue.pop_until(t_end, event)) {
        if (const Event* next = queue.ahead(6); next && next->kind == Event::Kind::NetCon) __builtin_prefetch(&connections_[next->index]);
        if (event.kind == Event::Kind::NetCon) [[likely]] arrive(lane, event);
        else deliver(lane, event);
    }
    if (queue.now() < t_end) queue.set_now(t_end);
}

void Network::deliver_until(double t_end) {
    // A callback due so little after the step's end belongs to it: the sum of steps misses it by rounding.
    const double slack = 1e-6 * hooks.context->dt;
    const auto deliver_common = [&](EventQueue& queue) {
        Event event;
        while (defer_callbacks && !queue.empty() && queue.front_is(Event::Kind::Callback) && queue.pop_until(t_end + slack, event)) deliver(*lanes_[0], event);
    };
    if (lanes_.size() == 1) {
        deliver_until(*lanes_[0], t_end);
        return deliver_common(lanes_[0]->queue);
    }
    // One event after the other, over all lanes.
    for (;;) {
        EventQueue* first = common_.next_time() <= t_end ? &common_ : nullptr;
        EventLane* lane = lanes_[0].get();
        double time = first ? common_.next_time() : t_end;
        for (const auto& l : lanes_)
            if (l->queue.next_time() < time || (!first && l->queue.next_time() <= time)) {
                time = l->queue.next_time();
                first = &l->queue;
                lane = l.get();
            }
        Event event;
        if (!first || !first->pop_until(t_end, event)) break;
        deliver(*lane, event);
    }
    for (const auto& l : lanes_)
        if (l->queue.now() < t_end) l->queue.set_now(t_end);
    if (common_.now() < t_end) common_.set_now(t_end);
    deliver_common(common_);
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
