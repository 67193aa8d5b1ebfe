// SPDX-License-Identifier: BSD-3-Clause
// From a spike to the events of its connections: what costs most in a network.
#include <algorithm>

#include "events/event_rounding.hpp"
#include "events/network.hpp"
#include "nrn/api/callable.hpp"
#include "nrn/api/runtime.hpp"
#include "object/vector.hpp"

namespace nrn {
namespace {

/// So many connections on, the place of an arrival is fetched: bins are many, and each is written at its end only.
constexpr std::size_t kAhead = 6;

/// Fewer events than this are not worth waking others for.
constexpr std::size_t kWorthSharing = 500;

}  // namespace

void Network::distribute(SpikeSource& source, double t) {
    const SpikeSourcePtr keep(&source);
    tell(source, t);
    send_on(source, t, 0, lane_count());
    if (source.record_call) {
        CallArgs args(runtime_, "NetCon.record");
        const CallablePtr call = source.record_call;
        call->call(args);
    }
}

/// Whoever wants to know of the spike itself.
void Network::tell(SpikeSource& source, double t) {
    if (source.record_times) {
        source.record_times->resize(source.record_times->values.size() + 1, t);
        if (source.record_ids) source.record_ids->resize(source.record_ids->values.size() + 1, source.record_id);
    }
    for (std::size_t i = 0; i < source.spike_times.size(); ++i) {
        source.spike_times[i]->resize(source.spike_times[i]->values.size() + 1, t);
        source.spike_gids[i]->resize(source.spike_gids[i]->values.size() + 1, static_cast<double>(source.gid));
    }
    if (source.output && on_output_spike) on_output_spike(source, t);
}

/// To the connections whose targets are in lanes [first, last).
void Network::send_on(const SpikeSource& source, double t, std::uint32_t first, std::uint32_t last) {
    const EventRounding& rounding = runtime_.service<EventRounding>();
    const std::uint32_t order = source.rank_in_order();
    const std::vector<std::uint32_t>& rows = source.connections;
    const bool one_lane = lanes_.size() == 1;
    EventQueue& only = lanes_[0]->queue;
    const auto queue_of = [&](const Connection& c) -> EventQueue* {
        if (one_lane) return &only;
        const std::uint32_t lane = target_lanes_[c.target];
        return lane >= first && lane < last ? &lanes_[lane]->queue : nullptr;
    };
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (i + kAhead < rows.size() && rows[i + kAhead] != kNoRow) {
            const Connection& later = connections_[rows[i + kAhead]];
            if (later.target != kNoRow)
                if (const EventQueue* queue = queue_of(later)) queue->expect(t + later.delay);
        }
        const std::uint32_t row = rows[i];
        if (row == kNoRow) continue;
        const Connection& c = connections_[row];
        if (!c.active || c.target == kNoRow) continue;
        if (EventQueue* queue = queue_of(c)) queue->insert_arrival(rounding(t + c.delay), t, order, row);
    }
}

/// Each worker goes through all spikes, for the lanes that are its own: their queues need no lock, and get their events in
/// the order that one worker alone would give them.
void Network::exchange(std::size_t workers, const Share& share) {
    std::vector<EventLane::Spike> spikes;
    for (const auto& lane : lanes_) {
        lane->in_window = false;
        spikes.insert(spikes.end(), lane->outbox.begin(), lane->outbox.end());
        lane->outbox.clear();
    }
    std::sort(spikes.begin(), spikes.end(), [](const EventLane::Spike& a, const EventLane::Spike& b) { return a.time != b.time ? a.time < b.time : a.source->order < b.source->order; });
    std::size_t events = 0;
    for (const EventLane::Spike& s : spikes) {
        tell(*s.source, s.time);
        events += s.source->connections.size();
    }
    if (events < kWorthSharing) workers = 1;
    const auto send_to = [&](std::size_t worker) {
        const auto lanes = static_cast<std::size_t>(lane_count());
        const auto first = static_cast<std::uint32_t>(worker * lanes / workers), last = static_cast<std::uint32_t>((worker + 1) * lanes / workers);
        for (const EventLane::Spike& s : spikes) send_on(*s.source, s.time, first, last);
    };
    (void)runtime_.service<EventRounding>();  // made now: workers may look it up, not make it
    if (workers > 1) share(workers, send_to);
    else send_to(0);
}

}  // namespace nrn
