// SPDX-License-Identifier: BSD-3-Clause
// Lanes: which cell's events wait where, and windows in which lanes do not see each other's spikes.
#include <algorithm>

#include "events/network.hpp"
#include "model/mechanism_store.hpp"
#include "model/model.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {

EventLane& Network::lane_of(MechanismType& type, RowId row) {
    if (lanes_.size() == 1 || type.is_artificial()) return *lanes_[0];
    const RowId node = type.store().node(row);
    return *lanes_[node == kNoRow ? 0 : lane_of_node_(node)];
}

void Network::find_lane(SpikeSource& source) {
    source.lane = 0;
    if (lanes_.size() == 1) return;
    if (source.cell) source.lane = lane_of(source.cell->type(), source.cell->row_id()).number;
    else if (source.section && source.section->alive()) source.lane = lane_of_node_(source.section->node_at(source.x));
}

void Network::assign_lanes(std::uint32_t count, std::function<std::uint32_t(RowId node)> lane_of_node) {
    struct Waiting {
        Event event;
        SelfEvent self;
        bool movable = false;
    };
    std::vector<Waiting> waiting;
    std::vector<Watch> watches;
    const double now = lanes_[0]->queue.now();
    for (const auto& lane : lanes_) {
        for (const Event& e : lane->queue.pending()) {
            Waiting w{e, {}};
            if (e.kind == Event::Kind::Self) {
                if (!lane->self_events.live(e.index, e.generation)) continue;
                w.self = lane->self_events[e.index];
                w.movable = w.self.flag == 1 && movable(*w.self.type, w.self.row) == e.index;
            }
            waiting.push_back(w);
        }
        watches.insert(watches.end(), lane->watches.begin(), lane->watches.end());
    }
    for (const Event& e : common_.pending()) waiting.push_back({e, {}});
    std::stable_sort(waiting.begin(), waiting.end(), [](const Waiting& a, const Waiting& b) { return a.event.before(b.event); });

    const double width = lanes_[0]->queue.bin_width();
    lanes_.clear();
    common_.clear();
    common_.set_now(now);
    for (std::uint32_t i = 0; i < std::max(count, 1u); ++i) {
        lanes_.push_back(std::make_unique<EventLane>());
        lanes_[i]->number = i;
        lanes_[i]->queue.set_bin_width(width);
        lanes_[i]->queue.log = event_log_.get();
        lanes_[i]->queue.set_now(now);
    }
    lane_of_node_ = std::move(lane_of_node);
    for (std::size_t i = 0; i < targets_.size(); ++i)
        if (targets_[i].process) target_lanes_[i] = lane_of(*targets_[i].type, targets_[i].row).number;
    for (SpikeSource* s : sources()) find_lane(*s);
    watched_stale_ = true;
    // Workers write to their own instances' places; none may move the others.
    for (const auto& type : runtime_.model().mechanisms())
        if (type->is(NRN_SELF_EVENTS)) {
            RowId last = 0;
            for (std::uint32_t r = 0; r < type->store().size(); ++r) last = std::max(last, type->store().id(r));
            (void)movable(*type, last);
        }
    for (Waiting& w : waiting) {
        Event e = w.event;
        if (e.kind == Event::Kind::NetCon) {
            const std::uint32_t target = connections_.live(e.index) ? connections_[e.index].target : kNoRow;
            if (target != kNoRow) lanes_[target_lanes_[target]]->queue.take_over(e);
        } else if (e.kind == Event::Kind::Self) {
            EventLane& lane = lane_of(*w.self.type, w.self.row);
            e.index = lane.self_events.add(w.self);
            e.generation = lane.self_events.generation(e.index) & 0xffffff;
            if (w.movable) movable(*w.self.type, w.self.row) = e.index;
            lane.queue.take_over(e);
        } else {
            queue().take_over(e);
        }
    }
    for (const Watch& w : watches) lane_of(*w.type, w.row).watches.push_back(w);
}

void Network::begin_window() {
    if (watched_stale_) watch_sources();
    for (std::size_t i = 1; i < lanes_.size(); ++i) lanes_[i]->in_window = true;
}

double Network::window_limit() {
    if (std::exchange(limit_known_, true)) return limit_;
    double& limit = limit_ = EventQueue::kNever;
    for (const SpikeSource* s : sources_) {
        if (!s || (!s->value && !s->cell) || (s->cell && s->cell->type().is_artificial())) continue;
        for (const std::uint32_t row : s->connections)
            if (row != kNoRow && connections_[row].target != kNoRow) limit = std::min(limit, connections_[row].delay);
    }
    return limit;
}

bool Network::tells_in_steps() {
    if (!due_callbacks_.empty() || event_log_) return true;
    return std::any_of(conditions_.begin(), conditions_.end(), [](const Condition* c) { return c->enabled; }) ||
           (calls_at_spikes_ && std::any_of(sources().begin(), sources().end(), [](const SpikeSource* s) { return bool(s->record_call); }));
}

bool Network::may_window() {
    if (lanes_.size() == 1 || tells_in_steps()) return false;
    return std::none_of(sources().begin(), sources().end(), [](const SpikeSource* s) { return s->value && s->lane == 0; });
}

bool Network::quiet_until(double t) const noexcept {
    return common_.next_time() > t && std::all_of(lanes_.begin(), lanes_.end(), [t](const auto& lane) { return lane->queue.next_time() > t; });
}

std::uint64_t Network::inserted_count() const noexcept {
    std::uint64_t n = common_.inserted();
    for (const auto& lane : lanes_) n += lane->queue.inserted();
    return n;
}

void Network::log_events(VectorPtr log) {
    event_log_ = std::move(log);
    common_.log = event_log_.get();
    for (const auto& lane : lanes_) lane->queue.log = event_log_.get();
}

std::vector<Event> Network::pending() const {
    std::vector<Event> all = common_.pending();
    for (const auto& lane : lanes_) {
        const std::vector<Event> own = lane->queue.pending();
        all.insert(all.end(), own.begin(), own.end());
    }
    std::stable_sort(all.begin(), all.end(), [](const Event& a, const Event& b) { return a.before(b); });
    return all;
}

}  // namespace nrn
