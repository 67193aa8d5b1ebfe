// SPDX-License-Identifier: BSD-3-Clause
// All NetCons, sources and pending events of a simulation, and their delivery.
#pragma once
#include <functional>
#include <unordered_map>
#include <vector>

#include "events/event_queue.hpp"
#include "events/net_con.hpp"
#include "events/slot_pool.hpp"

namespace nrn {

class Runtime;

/// An event a mechanism instance sends to itself (net_send).
struct SelfEvent {
    MechanismType* type = nullptr;
    RowId row = kNoRow;
    double flag = 0, time = 0;
    std::uint32_t netcon = kNoRow, netcon_generation = 0;  // whose weights come along
};

/// A WATCH condition that an instance has switched on.
struct Watch {
    MechanismType* type = nullptr;
    RowId row = kNoRow;
    int number = 0;
    double flag = 0;
    bool above = false;
};

class Network {
  public:
    /// Calls into mechanisms; set by the engine.
    struct Hooks {
        std::function<void(MechanismType&, RowId, double* weight, double flag, double t)> net_receive;
        std::function<void(MechanismType&, RowId, double* weight)> net_initial;
        std::function<double(MechanismType&, RowId, int watch)> watch_value;
        std::function<void(std::uint32_t player, double t)> play;  // Play and RecordTick events
    };
    explicit Network(Runtime& runtime) : runtime_(runtime) {}
    ~Network();
    Hooks hooks;

    [[nodiscard]] Runtime& runtime() noexcept { return runtime_; }
    [[nodiscard]] EventQueue& queue() noexcept { return queue_; }

    // sources
    [[nodiscard]] SpikeSourcePtr source_of_variable(RefPtr variable, Section* section, double x);
    [[nodiscard]] SpikeSourcePtr source_of_cell(PointProcess& cell);
    [[nodiscard]] SpikeSourcePtr new_source();
    void forget_source(SpikeSource& source);
    [[nodiscard]] const std::vector<SpikeSource*>& sources() const noexcept { return sources_; }
    [[nodiscard]] std::vector<NetCon*> net_cons() const;

    // events
    void send(NetCon& connection, double time);
    /// A source has fired at t: records, and sends to its connections.
    void fire(SpikeSource& source, double t);
    void net_send(MechanismType& type, RowId row, double* weight, double time, double flag);
    bool net_move(MechanismType& type, RowId row, double time);
    void net_event(PointProcess& cell, double t);
    void call_at(double t, CallablePtr callback);
    void add_watch(MechanismType& type, RowId row, int number, double flag, bool first);
    [[nodiscard]] std::vector<std::vector<double>*> weights_to(PointProcess& target);
    [[nodiscard]] PointProcess* find_point_process(MechanismType& type, RowId row) const;

    // the engine's part
    void initialize(double t);              // finitialize: clears events and recordings, INITIAL of NET_RECEIVE
    void resolve();                         // raw pointers of threshold variables
    void check_thresholds(double t);        // also WATCH conditions
    void deliver_until(double t_end, double& t);
    void point_process_gone(PointProcess& p);
    /// Called by events that have no time of their own: stop of cvode.event(t) without action.
    std::function<void(double)> on_bare_event;
    /// Under a fixed step callbacks see grid times: deliver sets t only for mechanisms.
    bool spike_for_other_ranks(SpikeSource& source, double t);
    std::function<void(SpikeSource&, double)> on_output_spike;  // gid spikes, for spike exchange

  private:
    friend class NetCon;
    void deliver(const Event& event, double& t);
    void to_target(NetCon& connection, double t);
    Runtime& runtime_;
    EventQueue queue_;
    SlotPool<NetCon*> net_cons_;
    SlotPool<SelfEvent> self_events_;
    SlotPool<CallablePtr> callbacks_;
    SlotPool<SpikeSource*> source_slots_;
    std::vector<SpikeSource*> sources_;
    std::vector<Watch> watches_;
    std::unordered_map<const double*, std::uint32_t> weight_owner_;  // during a delivery
    NetCon* delivering_ = nullptr;
};

}  // namespace nrn
