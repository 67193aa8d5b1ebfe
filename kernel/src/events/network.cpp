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
    variable_sources_.emplace(section, source.get());
    return source;
}

SpikeSourcePtr Network::source_of_cell(PointProcess& cell) {
    if (cell.source_slot != kNoRow) return source_slots_[cell.source_slot];
    if (!cell.type().is(NRN_NET_EVENT) && !cell.type().is_artificial())
        throw Error(ErrorKind::Type, fmt::format("`{}` sends no events (it has no net_event) and cannot be the source of a NetCon", cell.type().name()));
    SpikeSourcePtr source = new_source();
    source->cell = &cell;
    cell.source_slot = source->slot;
    return source;
}

void Network::forget_source(SpikeSource& source) {
    sources_[source.order] = nullptr;
    ++sources_gone_;
    watched_stale_ = true;
    source_slots_.remove(source.slot);
    if (source.cell) source.cell->source_slot = kNoRow;
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
    if (connections_.anything_freed() && queue_.empty() && delivering_ == kNoRow) connections_.recycle();
    const std::uint32_t row = connections_.add();
    if (row >= owners_.size()) owners_.resize(row + 1);
    owners_[row] = &connection;
    return row;
}

void Network::remove_connection(std::uint32_t row) {
    connections_.remove(row);
    owners_[row] = nullptr;
}

void Network::link_target(NetCon& connection) {
    PointProcess& p = *connection.target_;
    if (p.target_slot == kNoRow) {
        if (free_targets_.empty()) {
            p.target_slot = static_cast<std::uint32_t>(targets_.size());
            targets_.emplace_back();
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
        made.net_receive = p.type().description().net_receive;
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
    std::erase_if(watches_, [&](const Watch& w) { return w.type == &p.type() && w.row == p.row_id(); });
}

// ---- sending -----------------------------------------------------------------------------------

void Network::send(NetCon& connection, double time) {
    queue_.insert(runtime_.service<EventRounding>()(time), Event::Kind::NetCon, connection.slot());
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
    const EventRounding& rounding = runtime_.service<EventRounding>();
    const std::uint32_t order = source.rank_in_order();
    for (const std::uint32_t row : source.connections) {
        if (row == kNoRow) continue;
        const Connection& c = connections_[row];
        if (c.active && c.target != kNoRow) queue_.insert_arrival(rounding(t + c.delay), t, order, row);
    }
    if (source.record_call) {
        CallArgs args(runtime_, "NetCon.record");
        const CallablePtr call = source.record_call;
        call->call(args);
    }
}

std::uint32_t& Network::movable(const MechanismType& type, RowId row) {
    const auto k = static_cast<std::size_t>(type.index());
    if (k >= movable_.size()) movable_.resize(k + 1);
    if (row >= movable_[k].size()) movable_[k].resize(std::max<std::size_t>(row + 1, 2 * movable_[k].size()), kNoRow);
    return movable_[k][row];
}

void Network::net_send(MechanismType& type, RowId row, double* weight, double time, double flag) {
    const bool of_connection = delivering_ != kNoRow && weight && weight == connections_[delivering_].weights();
    const std::uint32_t slot = self_events_.add({&type, row, flag, time, of_connection ? delivering_ : kNoRow});
    queue_.insert(time, Event::Kind::Self, slot, self_events_.generation(slot));
    if (flag == 1) movable(type, row) = slot;
}

bool Network::net_move(MechanismType& type, RowId row, double time) {
    std::uint32_t& place = movable(type, row);
    if (place == kNoRow) return false;
    SelfEvent event = self_events_[place];
    self_events_.remove(place);  // the queued entry is stale now
    event.time = time;
    place = self_events_.add(event);
    queue_.insert(time, Event::Kind::Self, place, self_events_.generation(place));
    return true;
}

void Network::net_event(PointProcess& cell, double t) {
    if (cell.source_slot != kNoRow) fire(*source_slots_[cell.source_slot], t);
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
    queue_.set_bin_width(hooks.context && !hooks.context->variable_step ? std::clamp(hooks.context->dt, 1e-3, 1.0) : 0.025);
    connections_.recycle();
    self_events_.clear();
    callbacks_.clear();
    due_callbacks_.clear();
    watches_.clear();
    movable_.clear();
    for (SpikeSource* s : sources()) {
        s->above = false;
        for (auto* list : {&s->spike_times, &s->spike_gids})
            for (const VectorPtr& v : *list) v->resize(0);
        if (s->record_times) s->record_times->resize(0);
        if (s->record_ids) s->record_ids->resize(0);
    }
}

void Network::initialize_weights() {
    for (std::uint32_t row = 0; row < connections_.size(); ++row) {
        Connection& c = connections_[row];
        if (!c.live || c.target == kNoRow) continue;
        EventTarget& target = targets_[c.target];
        if (target.type->is(NRN_NET_RECEIVE_INITIAL)) {
            const std::uint32_t before = std::exchange(delivering_, row);
            hooks.net_initial(*target.type, target.row, c.weights());
            delivering_ = before;
        } else {
            std::fill(c.weight_span().begin() + 1, c.weight_span().end(), 0.0);
        }
    }
}

void Network::resolve() {
    for (SpikeSource* s : sources()) s->value = s->variable && s->variable->valid() ? s->variable->data() : nullptr;
    watched_stale_ = true;
}

void Network::watch_sources() {
    watched_.clear();
    for (SpikeSource* s : sources())
        if (s->value) watched_.push_back(s);
    watched_stale_ = false;
}

void Network::check_thresholds(double t) {
    // A spike is dated just after the step's end, so that an event exactly half a step later still comes due.
    constexpr double kAfter = 1e-10;
    if (watched_stale_) watch_sources();
    for (std::size_t i = 0; i < watched_.size(); ++i) {
        SpikeSource& s = *watched_[i];
        const bool above = *s.value > s.threshold;
        if (above == s.above) [[likely]] continue;
        s.above = above;
        if (!above) continue;
        const SpikeSourcePtr keep(&s);
        fire(s, t + kAfter);
        if (!watched_stale_) continue;
        watch_sources();  // a callback has made or dropped sources: go on behind this one
        for (i = 0; i < watched_.size() && watched_[i]->order <= s.order;) ++i;
        --i;
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
        const std::uint32_t slot = self_events_.add({w.type, w.row, w.flag, t + after, kNoRow});
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

/// Calls NET_RECEIVE. Whatever it does to connections, the row of this one is not given away meanwhile.
void Network::receive(MechanismType& type, RowId row, std::uint32_t connection, double* weight, double flag, double t) {
    struct Delivering {
        std::uint32_t& now;
        std::uint32_t before;
        ~Delivering() { now = before; }
    } delivering{delivering_, std::exchange(delivering_, connection)};
    if (!type.description().net_receive) return;
    nrn_context& context = *hooks.context;
    if (context.variable_step) return hooks.net_receive(type, row, weight, flag, t);
    MechanismStore& store = type.store();
    const double before = std::exchange(context.t, t);
    const nrn_status status = type.description().net_receive(&context, &store.view(), static_cast<int>(store.row(row)), weight, flag);
    context.t = before;
    if (status != NRN_OK || !hooks.fault->empty() || *hooks.exception) [[unlikely]] hooks.raise(type, status);
}

void Network::arrive(const Event& event) {
    Connection& c = connections_[event.index];
    if (!c.live || c.target == kNoRow) return;
    const EventTarget& target = targets_[c.target];
    if (!target.artificial && target.store->node(target.row) == kNoRow) return;  // without location
    receive(*target.type, target.row, event.index, c.weights(), 0, event.time);
}

void Network::deliver_self(std::uint32_t slot) {
    const SelfEvent event = self_events_[slot];
    self_events_.remove(slot);
    if (event.flag == 1)
        if (std::uint32_t& place = movable(*event.type, event.row); place == slot) place = kNoRow;
    if (!event.type->store().alive(event.row)) return;
    if (event.connection != kNoRow && connections_.live(event.connection) && connections_[event.connection].weight_count > 0)
        return receive(*event.type, event.row, event.connection, connections_[event.connection].weights(), event.flag, event.time);
    scratch_weights_.assign(static_cast<std::size_t>(std::max(event.type->description().n_weight, 1)), 0.0);
    receive(*event.type, event.row, kNoRow, scratch_weights_.data(), event.flag, event.time);
}

void Network::deliver(const Event& event) {
    switch (event.kind) {
    case Event::Kind::NetCon: return arrive(event);
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
    while (queue_.pop_until(t_end, event)) {
        if (const Event* next = queue_.ahead(6); next && next->kind == Event::Kind::NetCon) __builtin_prefetch(&connections_[next->index]);
        if (event.kind == Event::Kind::NetCon) [[likely]] arrive(event);
        else deliver(event);
    }
    if (queue_.now() < t_end) queue_.set_now(t_end);
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
