// SPDX-License-Identifier: BSD-3-Clause
// Events in flight by what they are of, for those who keep the state of single cells.
#include <algorithm>

#include "events/network.hpp"

namespace nrn {

std::vector<Network::InFlight> Network::in_flight() const {
    auto& self = const_cast<Network&>(*this);
    std::vector<std::pair<Event, EventLane*>> pending;
    for (const auto& lane : lanes_)
        for (const Event& e : lane->queue.pending()) pending.emplace_back(e, lane.get());
    std::stable_sort(pending.begin(), pending.end(), [](const auto& a, const auto& b) { return a.first.before(b.first); });
    std::vector<InFlight> events;
    for (const auto& [e, lane] : pending) {
        InFlight f;
        f.time = e.time;
        f.sent = e.sent;
        if (e.kind == Event::Kind::NetCon && connections_.live(e.index)) {
            f.connection = owners_[e.index];
            f.target = f.connection->target();
            f.spike = e.source != 0;
        } else if (e.kind == Event::Kind::Self && lane->self_events.live(e.index, e.generation)) {
            const SelfEvent& event = lane->self_events[e.index];
            f.self = true;
            f.target = find_point_process(*event.type, event.row);
            f.flag = event.flag;
            if (event.connection != kNoRow && connections_.live(event.connection)) f.connection = owners_[event.connection];
            f.movable = self.movable(*event.type, event.row) == e.index;
        }
        if (f.target) events.push_back(f);
    }
    return events;
}

void Network::clear_events(double t) {
    common_.clear();
    common_.set_now(t);
    for (const auto& lane : lanes_) {
        lane->queue.clear();
        lane->queue.set_now(t);
        lane->self_events.clear();
        lane->watches.clear();
    }
    callbacks_.clear();
    due_callbacks_.clear();
    movable_.clear();
}

void Network::put_in_flight(const InFlight& f) {
    EventLane& lane = lane_of(f.target->type(), f.target->row_id());
    if (!f.self) {
        const SpikeSource* source = f.connection->source.get();
        lane.queue.insert_arrival(f.time, f.sent, f.spike && source ? source->rank_in_order() : 0, f.connection->slot());
        return;
    }
    SelfEvent event{&f.target->type(), f.target->row_id(), f.flag, f.time, f.connection ? f.connection->slot() : kNoRow};
    const std::uint32_t slot = lane.self_events.add(event);
    Event e{f.time, f.sent, 0, 0, slot, Event::Kind::Self, lane.self_events.generation(slot) & 0xffffff};
    lane.queue.take_over(e);
    if (f.movable) movable(*event.type, event.row) = slot;
}

std::vector<Watch> Network::watches(const MechanismType& type, RowId row) const {
    std::vector<Watch> found;
    for (const auto& lane : lanes_)
        for (const Watch& w : lane->watches)
            if (w.type == &type && w.row == row) found.push_back(w);
    return found;
}

void Network::set_watches(MechanismType& type, RowId row, const std::vector<Watch>& watches) {
    for (const auto& lane : lanes_) std::erase_if(lane->watches, [&](const Watch& w) { return w.type == &type && w.row == row; });
    auto& into = lane_of(type, row).watches;
    into.insert(into.end(), watches.begin(), watches.end());
}

}  // namespace nrn
