// SPDX-License-Identifier: BSD-3-Clause
// All NetCons, sources and pending events of a simulation, and their delivery.
#pragma once
#include <exception>
#include <functional>
#include <string>
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
    std::uint32_t connection = kNoRow;  // whose weights come along
};

/// A point process that connections lead to: all that a delivery needs.
struct EventTarget {
    PointProcess* process = nullptr;
    MechanismType* type = nullptr;
    MechanismStore* store = nullptr;
    RowId row = kNoRow;
    bool artificial = false;
    decltype(nrn_mechanism::net_receive) net_receive = nullptr;
    std::vector<std::uint32_t> connections;  // in no order
};

/// A WATCH condition that an instance has switched on.
struct Watch {
    MechanismType* type = nullptr;
    RowId row = kNoRow;
    int number = 0;
    double flag = 0;
    bool above = false;
};

/// Something that is looked at with the thresholds, once per step, and acts when its value becomes > 0.
struct Condition {
    virtual ~Condition() = default;
    [[nodiscard]] virtual double value() = 0;
    virtual void act(double t) = 0;
    bool enabled = false, above = false;
    std::uint32_t slot = 0;
};

class Network {
  public:
    /// Calls into mechanisms; set by the engine.
    struct Hooks {
        std::function<void(MechanismType&, RowId, double* weight, double flag, double t)> net_receive;
        std::function<void(MechanismType&, RowId, double* weight)> net_initial;
        std::function<double(MechanismType&, RowId, int watch)> watch_value;
        std::function<void(std::uint32_t player, double t)> play;  // Play and RecordTick events
        /// Under a fixed step spikes are delivered straight to the mechanism's function, with this context.
        nrn_context* context = nullptr;
        std::function<void(MechanismType&, nrn_status)> raise;  // what a kernel has reported
        const std::string* fault = nullptr;                     // what host functions have left for raise
        const std::exception_ptr* exception = nullptr;
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
    /// In order of creation.
    [[nodiscard]] const std::vector<SpikeSource*>& sources();
    [[nodiscard]] std::vector<NetCon*> net_cons() const;  // by number
    [[nodiscard]] std::vector<NetCon*> connections_of(const SpikeSource& source) const;

    // events
    void send(NetCon& connection, double time);
    /// A source has fired at t: records, and sends to its connections.
    void fire(SpikeSource& source, double t);
    void net_send(MechanismType& type, RowId row, double* weight, double time, double flag);
    bool net_move(MechanismType& type, RowId row, double time);
    void net_event(PointProcess& cell, double t);
    void call_at(double t, CallablePtr callback);
    void add_watch(MechanismType& type, RowId row, int number, double flag, bool first);
    void add_condition(Condition& condition);
    void remove_condition(Condition& condition) noexcept;
    [[nodiscard]] std::vector<double*> weights_to(const PointProcess& target) const;
    [[nodiscard]] PointProcess* find_point_process(MechanismType& type, RowId row) const;

    // saving and restoring
    /// Events in flight and what sources and watches remember. NetCons and sources are counted in order of
    /// creation and instances by id, so that a snapshot fits the same model built again. Callbacks are not kept.
    struct Snapshot {
        struct Pending { double time = 0; int kind = 0; double index = -1, row = 0, flag = 0, netcon = -1, type = -1, movable = 0; };
        std::vector<Pending> events;
        std::vector<double> weights, above, watches;  // watches: type, row, number, flag, above of each
    };
    [[nodiscard]] Snapshot snapshot() const;
    /// @throws Error(Value) when the network has other connections
    void restore(const Snapshot& snapshot);

    // the engine's part
    void initialize(double t);              // finitialize: clears events and recordings
    void initialize_weights();              // INITIAL blocks of NET_RECEIVE
    void resolve();                         // raw pointers of threshold variables
    void check_thresholds(double t);        // also WATCH conditions
    /// The WATCH conditions that `chosen` accepts; their events come `after` ms later.
    void check_watches(double t, double after, const std::function<bool(const Watch&)>& chosen);
    void deliver_until(double t_end);
    void point_process_gone(PointProcess& p);
    /// Called by events that have no time of their own: stop of cvode.event(t) without action.
    std::function<void(double)> on_bare_event;
    /// Under a fixed step callbacks run at the end of the step that they fall into; else at their time.
    bool defer_callbacks = true;
    void run_due_callbacks();
    std::function<void(SpikeSource&, double)> on_output_spike;  // gid spikes, for spike exchange

  private:
    friend class NetCon;
    // wiring
    std::uint32_t add_connection(NetCon& connection);
    void remove_connection(std::uint32_t row);
    void link_target(NetCon& connection);
    void unlink_target(NetCon& connection);
    void close_gaps(SpikeSource& source);
    // delivery
    void arrive(const Event& event);
    void deliver(const Event& event);
    void deliver_self(std::uint32_t slot);
    void receive(MechanismType& type, RowId row, std::uint32_t connection, double* weight, double flag, double t);
    void watch_sources();
    void check_conditions(double t);
    [[nodiscard]] std::uint32_t& movable(const MechanismType& type, RowId row);

    Runtime& runtime_;
    EventQueue queue_;
    ConnectionTable connections_;
    std::vector<NetCon*> owners_;        // of connections
    std::vector<EventTarget> targets_;
    std::vector<std::uint32_t> free_targets_;
    SlotPool<SelfEvent> self_events_;
    SlotPool<CallablePtr> callbacks_;
    SlotPool<SpikeSource*> source_slots_;
    std::vector<SpikeSource*> sources_;  // null where one has gone
    std::size_t sources_gone_ = 0;
    std::vector<SpikeSource*> watched_;  // those with a value, for the look at thresholds
    bool watched_stale_ = true;
    std::vector<Watch> watches_;
    SlotPool<Condition*> condition_slots_;
    std::vector<Condition*> conditions_;
    std::unordered_multimap<const Section*, SpikeSource*> variable_sources_;
    /// The self event with flag 1 that net_move may move, by type and instance.
    std::vector<std::vector<std::uint32_t>> movable_;
    std::vector<double> scratch_weights_;  // for self events that no NetCon caused
    std::vector<CallablePtr> due_callbacks_;
    std::uint32_t delivering_ = kNoRow;    // the connection whose event is being received
};

}  // namespace nrn
