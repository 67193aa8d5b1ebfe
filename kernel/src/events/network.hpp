// SPDX-License-Identifier: BSD-3-Clause
// All NetCons, sources and pending events of a simulation, and their delivery.
#pragma once
#include <exception>
#include <functional>
#include <memory>
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

/// The events of the cells that one worker integrates at a time. Lane 0 also has the artificial cells.
struct EventLane {
    std::uint32_t number = 0;
    EventQueue queue;
    SlotPool<SelfEvent> self_events;
    std::vector<SpikeSource*> watched;     // sources with a threshold
    /// What a step needs of a watched source; nobody else changes it within a window.
    struct Gate { const double* value; double threshold; SpikeSource* source; bool above; };
    std::vector<Gate> gates;
    std::vector<Watch> watches;
    struct Spike { SpikeSource* source; double time; };
    std::vector<Spike> outbox;             // of the window that is being integrated
    bool in_window = false;
    std::vector<double> scratch_weights;   // for self events that no NetCon caused
    std::uint32_t delivering = kNoRow;     // the connection whose event is being received
    nrn_context* context = nullptr;        // null: that of the hooks
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
    explicit Network(Runtime& runtime) : runtime_(runtime) { lanes_.push_back(std::make_unique<EventLane>()); }
    ~Network();
    Hooks hooks;

    [[nodiscard]] Runtime& runtime() noexcept { return runtime_; }
    /// Where events of no cell wait: of players, recorders, callbacks.
    [[nodiscard]] EventQueue& queue() noexcept { return lanes_.size() == 1 ? lanes_[0]->queue : common_; }
    /// All events, in the order in which they will leave.
    [[nodiscard]] std::vector<Event> pending() const;
    /// Events that have been put into a queue since finitialize.
    [[nodiscard]] std::uint64_t inserted_count() const noexcept;
    /// From now on appends to the Vector when each event is sent and when it is due; null: no longer.
    void log_events(VectorPtr log);

    // sources
    [[nodiscard]] SpikeSourcePtr source_of_variable(RefPtr variable, Section* section, double x);
    [[nodiscard]] SpikeSourcePtr source_of_cell(PointProcess& cell);
    [[nodiscard]] SpikeSourcePtr new_source();
    void forget_source(SpikeSource& source);
    /// In order of creation.
    [[nodiscard]] const std::vector<SpikeSource*>& sources();
    [[nodiscard]] std::vector<NetCon*> net_cons() const;  // by number
    [[nodiscard]] std::vector<NetCon*> connections_of(const SpikeSource& source) const;
    /// Grows with every source that comes or goes.
    [[nodiscard]] std::uint64_t source_version() const noexcept { return source_version_; }
    [[nodiscard]] bool looks_at_conditions() const noexcept;

    // events
    void send(NetCon& connection, double time);
    /// A source has fired at t: records, and sends to its connections.
    void fire(SpikeSource& source, double t);
    void fire_at(SpikeSource& source, double t);
    /// `lane` is the one now at work (nrn_context.worker); null outside of lanes.
    void net_send(MechanismType& type, RowId row, double* weight, double time, double flag, EventLane* lane = nullptr);
    bool net_move(MechanismType& type, RowId row, double time, EventLane* lane = nullptr);
    void net_event(PointProcess& cell, double t, EventLane* lane = nullptr);
    void call_at(double t, CallablePtr callback);
    void add_watch(MechanismType& type, RowId row, int number, double flag, bool first, EventLane* lane = nullptr);
    void add_condition(Condition& condition);
    void remove_condition(Condition& condition) noexcept;
    [[nodiscard]] std::vector<double*> weights_to(const PointProcess& target) const;
    [[nodiscard]] PointProcess* find_point_process(MechanismType& type, RowId row) const;

    // ---- lanes: cells whose events are delivered apart, by several workers or window by window -----------
    /// `lane_of_node` says which lane (1 to count - 1) a node's cell is in; what has no node is in lane 0. Events that wait
    /// move along. With one lane everything is as if there were none. Not while a lane is at work.
    void assign_lanes(std::uint32_t count, std::function<std::uint32_t(RowId node)> lane_of_node);
    [[nodiscard]] std::uint32_t lane_count() const noexcept { return static_cast<std::uint32_t>(lanes_.size()); }
    [[nodiscard]] EventLane& lane(std::uint32_t i) noexcept { return *lanes_[i]; }
    /// In a window spikes of a lane wait in its outbox. Lanes other than 0 may then be at work at the same time, each with
    /// a context of its own whose `worker` is the lane.
    void begin_window();
    void enter_window(EventLane& lane);                // before its first step
    void check_thresholds(EventLane& lane, double t);  // WATCH conditions too
    void deliver_until(EventLane& lane, double t_end);
    /// Calls its argument for 0 to n - 1, perhaps at the same time.
    using Share = std::function<void(std::size_t n, const std::function<void(std::size_t)>& work)>;
    /// Ends the window: spikes are recorded and sent, in order of time and source. `share` may have `workers` work at once.
    void exchange(std::size_t workers, const Share& share);
    /// How long a window may be at most: the shortest delay of connections from other than artificial cells.
    [[nodiscard]] double window_limit();
    /// Somebody may change a delay.
    void delays_change() noexcept { limit_known_ = false; }
    /// Before this time nothing happens that concerns more than one lane (callbacks, players, recorders at given times).
    [[nodiscard]] double next_common_time() const noexcept { return common_.next_time(); }
    /// Is there no event until t, t included?
    [[nodiscard]] bool quiet_until(double t) const noexcept;
    /// A source is to call something at each spike.
    void calls_at_spikes() noexcept { calls_at_spikes_ = true; }
    /// Something is told to the user, or looked at, step by step.
    [[nodiscard]] bool tells_in_steps();
    /// False when something must be looked at, or told to the user, step by step.
    [[nodiscard]] bool may_window();

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

    /// One event in flight: at `connection`'s target, or, with `self`, of the instance itself.
    struct InFlight {
        double time = 0, sent = 0;
        NetCon* connection = nullptr;  // for a self event the one whose weights come along, or null
        PointProcess* target = nullptr;
        double flag = 0;
        bool self = false, movable = false, spike = false;  // spike: the connection's source sent it
    };
    /// Spikes and self events, in order of delivery.
    [[nodiscard]] std::vector<InFlight> in_flight() const;
    /// Forgets events and the conditions being watched; the time is t now.
    void clear_events(double t);
    void put_in_flight(const InFlight& event);
    [[nodiscard]] std::vector<Watch> watches(const MechanismType& type, RowId row) const;
    void set_watches(MechanismType& type, RowId row, const std::vector<Watch>& watches);

    // the engine's part
    /// finitialize: clears events and recordings.
    void initialize(double t);
    /// Counts how often addresses of weights and delays have changed.
    [[nodiscard]] std::uint64_t moves() const noexcept { return moves_; }
    void initialize_weights();              // INITIAL blocks of NET_RECEIVE
    void resolve();                         // raw pointers of threshold variables
    void check_thresholds(double t);        // also WATCH conditions
    /// The WATCH conditions that `chosen` accepts; their events come `after` ms later.
    void check_watches(double t, double after, const std::function<bool(const Watch&)>& chosen);
    void deliver_until(double t_end);
    void point_process_gone(PointProcess& p);
    /// Sees each event just before it is delivered.
    std::function<void(const Event&)> before_delivery;
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
    void arrange();
    // delivery
    EventLane& lane_of(MechanismType& type, RowId row);
    void find_lane(SpikeSource& source);
    void distribute(SpikeSource& source, double t);
    void tell(SpikeSource& source, double t);
    void send_on(const SpikeSource& source, double t, std::uint32_t first, std::uint32_t last);
    void check_gates(EventLane& lane, double t);
    [[nodiscard]] std::uint32_t lane_of_target(const PointProcess& p) { return lane_of(p.type(), p.row_id()).number; }
    void arrive(EventLane& lane, const Event& event);
    void deliver(EventLane& lane, const Event& event);
    void deliver_self(EventLane& lane, std::uint32_t slot);
    void receive(EventLane& lane, MechanismType& type, RowId row, std::uint32_t connection, double* weight, double flag, double t);
    void watch_sources();
    void check_watches(EventLane& lane, double t, double after);
    void check_conditions(double t);
    void send_self(EventLane& lane, const SelfEvent& event);
    void send_watch(EventLane& lane, const Watch& watch, double time);
    [[nodiscard]] std::uint32_t& movable(const MechanismType& type, RowId row);

    Runtime& runtime_;
    std::vector<std::unique_ptr<EventLane>> lanes_;
    EventQueue common_;                  // of no lane, when there are several
    VectorPtr event_log_;
    std::function<std::uint32_t(RowId)> lane_of_node_;
    ConnectionTable connections_;
    std::vector<NetCon*> owners_;        // of connections
    std::uint64_t moves_ = 0;
    bool arranged_ = true;               // connections of a source follow each other
    bool calls_at_spikes_ = false;  // perhaps: by a source that may have gone
    bool limit_known_ = false;
    double limit_ = 0;                   // see window_limit
    std::vector<EventTarget> targets_;
    std::vector<std::uint32_t> target_lanes_;  // of each target
    std::vector<std::uint32_t> free_targets_;
    SlotPool<CallablePtr> callbacks_;
    SlotPool<SpikeSource*> source_slots_;
    std::vector<SpikeSource*> sources_;  // null where one has gone
    std::size_t sources_gone_ = 0;
    bool watched_stale_ = true;
    std::uint64_t source_version_ = 1;
    SlotPool<Condition*> condition_slots_;
    std::vector<Condition*> conditions_;
    std::unordered_multimap<const Section*, SpikeSource*> variable_sources_;
    /// The self event with flag 1 that net_move may move, by type and instance.
    std::vector<std::vector<std::uint32_t>> movable_;
    std::vector<CallablePtr> due_callbacks_;
};

}  // namespace nrn
