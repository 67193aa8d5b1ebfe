// SPDX-License-Identifier: BSD-3-Clause
// Events in flight as plain numbers, and back.
#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "events/network.hpp"
#include "model/model.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {
namespace {
enum PendingKind { kNetCon = 0, kSelf = 1, kSource = 2 };
}

Network::Snapshot Network::snapshot() const {
    Snapshot s;
    auto& self = const_cast<Network&>(*this);
    const std::vector<NetCon*> connections = net_cons();
    std::unordered_map<std::uint32_t, std::size_t> order;  // by slot
    for (std::size_t i = 0; i < connections.size(); ++i) {
        order[connections[i]->slot()] = i;
        const auto weights = connections[i]->row().weight_span();
        s.weights.push_back(static_cast<double>(weights.size()));
        s.weights.insert(s.weights.end(), weights.begin(), weights.end());
    }
    std::unordered_map<const SpikeSource*, std::size_t> source_order;
    for (const SpikeSource* source : self.sources()) {
        source_order[source] = s.above.size();
        s.above.push_back(source->above ? 1.0 : 0.0);
    }
    std::vector<std::pair<Event, const EventLane*>> pending;
    for (const auto& lane : lanes_)
        for (const Event& e : lane->queue.pending()) pending.emplace_back(e, lane.get());
    for (const Event& e : common_.pending()) pending.emplace_back(e, nullptr);
    std::stable_sort(pending.begin(), pending.end(), [](const auto& a, const auto& b) { return a.first.before(b.first); });
    for (const auto& [e, lane] : pending) {
        Snapshot::Pending p;
        p.time = e.time;
        if (e.kind == Event::Kind::NetCon && connections_.live(e.index)) {
            p.kind = kNetCon;
            p.index = static_cast<double>(order[e.index]);
        } else if (e.kind == Event::Kind::Self && lane->self_events.live(e.index, e.generation)) {
            const SelfEvent& event = const_cast<EventLane*>(lane)->self_events[e.index];
            p.kind = kSelf;
            p.type = event.type->index();
            p.row = event.row;
            p.flag = event.flag;
            if (event.connection != kNoRow && connections_.live(event.connection)) p.netcon = static_cast<double>(order[event.connection]);
            p.movable = self.movable(*event.type, event.row) == e.index;
        } else if (e.kind == Event::Kind::Source && source_slots_.live(e.index, e.generation)) {
            p.kind = kSource;
            p.index = static_cast<double>(source_order[self.source_slots_[e.index]]);
        } else {
            continue;  // players and recorders start again from the time; callbacks belong to a language
        }
        s.events.push_back(p);
    }
    for (const auto& lane : lanes_)
        for (const Watch& w : lane->watches)
            s.watches.insert(s.watches.end(), {static_cast<double>(w.type->index()), static_cast<double>(w.row), static_cast<double>(w.number), w.flag, w.above ? 1.0 : 0.0});
    return s;
}

void Network::restore(const Snapshot& s) {
    const std::vector<NetCon*> connections = net_cons();
    std::size_t at = 0;
    for (const NetCon* c : connections) {  // look before anything is changed
        if (at >= s.weights.size() || static_cast<std::size_t>(s.weights[at]) != c->row().weight_count) at = s.weights.size();
        at += 1u + c->row().weight_count;
    }
    if (at != s.weights.size() || s.above.size() != sources().size())
        throw Error(ErrorKind::Value, fmt::format("the saved state is of another network: it does not fit the {} NetCons of this one", connections.size()));
    at = 0;
    for (NetCon* c : connections) {
        std::copy_n(s.weights.begin() + static_cast<std::ptrdiff_t>(at + 1), c->row().weight_count, c->row().weights());
        at += 1u + c->row().weight_count;
    }
    for (std::size_t i = 0; i < sources().size(); ++i) sources()[i]->above = s.above[i] != 0;
    common_.clear();
    for (const auto& lane : lanes_) {
        lane->queue.clear();
        lane->self_events.clear();
        lane->watches.clear();
    }
    callbacks_.clear();
    due_callbacks_.clear();
    movable_.clear();
    const auto& types = runtime_.model().mechanisms();
    const auto type_at = [&](double index) -> MechanismType* {
        return index >= 0 && static_cast<std::size_t>(index) < types.size() ? types[static_cast<std::size_t>(index)].get() : nullptr;
    };
    for (const auto& p : s.events) {
        if (p.kind == kNetCon && p.index >= 0 && static_cast<std::size_t>(p.index) < connections.size()) {
            send(*connections[static_cast<std::size_t>(p.index)], p.time);
        } else if (p.kind == kSource && p.index >= 0 && static_cast<std::size_t>(p.index) < sources().size()) {
            const std::uint32_t slot = sources()[static_cast<std::size_t>(p.index)]->slot;
            queue().insert(p.time, Event::Kind::Source, slot, source_slots_.generation(slot));
        } else if (MechanismType* type = type_at(p.type); p.kind == kSelf && type && type->store().alive(static_cast<RowId>(p.row))) {
            SelfEvent event{type, static_cast<RowId>(p.row), p.flag, p.time, kNoRow};
            if (p.netcon >= 0 && static_cast<std::size_t>(p.netcon) < connections.size()) event.connection = connections[static_cast<std::size_t>(p.netcon)]->slot();
            EventLane& lane = lane_of(*type, event.row);
            const std::uint32_t slot = lane.self_events.add(event);
            lane.queue.insert(p.time, Event::Kind::Self, slot, lane.self_events.generation(slot));
            if (p.movable != 0) movable(*type, event.row) = slot;
        }
    }
    for (std::size_t i = 0; i + 4 < s.watches.size(); i += 5)
        if (MechanismType* type = type_at(s.watches[i]); type && type->store().alive(static_cast<RowId>(s.watches[i + 1])))
            lane_of(*type, static_cast<RowId>(s.watches[i + 1])).watches.push_back({type, static_cast<RowId>(s.watches[i + 1]), static_cast<int>(s.watches[i + 2]), s.watches[i + 3], s.watches[i + 4] != 0});
}

}  // namespace nrn
