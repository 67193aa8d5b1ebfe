// SPDX-License-Identifier: BSD-3-Clause
// What is looked at once per step: thresholds of sources, WATCH conditions, conditions of StateTransitionEvents.
#include <algorithm>

#include "events/network.hpp"

namespace nrn {
namespace {

// A spike is dated just after the step's end, so that an event exactly half a step later still comes due.
constexpr double kAfter = 1e-10;

}  // namespace

void Network::watch_sources() {
    for (const auto& lane : lanes_) lane->watched.clear();
    for (SpikeSource* s : sources())
        if (s->value) lanes_[s->lane]->watched.push_back(s);
    watched_stale_ = false;
}

void Network::enter_window(EventLane& lane) {
    lane.gates.clear();
    for (SpikeSource* s : lane.watched) lane.gates.push_back({s->value, s->threshold, s, s->above});
}

void Network::check_gates(EventLane& lane, double t) {
    for (EventLane::Gate& gate : lane.gates) {
        const bool above = *gate.value > gate.threshold;
        if (above == gate.above) [[likely]] continue;
        gate.above = gate.source->above = above;
        if (above) lane.outbox.push_back({gate.source, t + kAfter});
    }
}

void Network::check_thresholds(double t) {
    if (watched_stale_) watch_sources();
    for (std::size_t i = 0; i < lanes_.size(); ++i) check_thresholds(*lanes_[i], t);
    check_conditions(t + kAfter);
}

void Network::check_thresholds(EventLane& lane, double t) {
    if (lane.in_window) {
        check_gates(lane, t);
        if (!lane.watches.empty()) check_watches(lane, t, kAfter);
        return;
    }
    auto& watched = lane.watched;
    for (std::size_t i = 0; i < watched.size(); ++i) {
        SpikeSource& s = *watched[i];
        const bool above = *s.value > s.threshold;
        if (above == s.above) [[likely]] continue;
        s.above = above;
        if (!above) continue;
        const SpikeSourcePtr keep(&s);
        distribute(s, t + kAfter);
        if (!watched_stale_) continue;
        watch_sources();  // a callback has made or dropped sources: go on behind this one
        for (i = 0; i < watched.size() && watched[i]->order <= s.order;) ++i;
        --i;
    }
    if (!lane.watches.empty()) check_watches(lane, t, kAfter);
}

bool Network::looks_at_conditions() const noexcept {
    return !conditions_.empty() || std::any_of(lanes_.begin(), lanes_.end(), [](const auto& lane) { return !lane->watches.empty(); });
}

void Network::check_watches(EventLane& lane, double t, double after) {
    for (std::size_t i = 0; i < lane.watches.size(); ++i) {
        const Watch w = lane.watches[i];
        const bool above = hooks.watch_value(*w.type, w.row, w.number) > 0;
        if (above == w.above) continue;
        lane.watches[i].above = above;
        if (above) send_watch(lane, w, t + after);
    }
}

void Network::check_watches(double t, double after, const std::function<bool(const Watch&)>& chosen) {
    for (const auto& lane : lanes_)
        for (std::size_t i = 0; i < lane->watches.size(); ++i) {
            const Watch w = lane->watches[i];
            if (!chosen(w)) continue;
            const bool above = hooks.watch_value(*w.type, w.row, w.number) > 0;
            if (above == w.above) continue;
            lane->watches[i].above = above;
            if (above) send_watch(*lane, w, t + after);
        }
    check_conditions(t + after);
}

/// Not send_self: net_move does not move it.
void Network::send_watch(EventLane& lane, const Watch& w, double time) {
    const std::uint32_t slot = lane.self_events.add({w.type, w.row, w.flag, time, kNoRow});
    lane.queue.insert(time, Event::Kind::Self, slot, lane.self_events.generation(slot));
}

void Network::check_conditions(double t) {
    for (std::size_t i = 0; i < conditions_.size(); ++i) {
        Condition& c = *conditions_[i];
        if (!c.enabled) continue;
        const bool above = c.value() > 0;
        if (above && !c.above) queue().insert(t, Event::Kind::Condition, c.slot, condition_slots_.generation(c.slot));
        c.above = above;
    }
}

}  // namespace nrn
