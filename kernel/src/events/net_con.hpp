// SPDX-License-Identifier: BSD-3-Clause
// Connections and their sources. A NetCon is an object that users hold; its source is shared by all NetCons
// of the same variable, artificial cell or gid.
#pragma once
#include <vector>

#include "events/connection_table.hpp"
#include "model/mechanism_store.hpp"
#include "model/point_process.hpp"
#include "nrn/api/callable.hpp"
#include "nrn/api/holder.hpp"
#include "object/vector.hpp"

namespace nrn {

class Network;

/// Where spikes come from: a variable that crosses a threshold, an artificial cell, or another rank (gid).
struct SpikeSource : Counted {
    double* value = nullptr;        // of a threshold source, resolved while the layout is frozen
    double threshold = 10;          // mV
    bool above = false;
    bool output = false;            // gid lives on this rank
    std::vector<std::uint32_t> connections;  // rows in order of creation; kNoRow where one has gone
    std::uint32_t gone = 0;         // how many of them
    Network* network = nullptr;
    RefPtr variable;                // of a threshold source
    SectionPtr section;             // of the variable, for names and re-use
    double x = 0;
    PointProcess* cell = nullptr;   // an artificial cell or net_event point process; weak
    long gid = -1;
    VectorPtr record_times, record_ids;  // NetCon.record(tvec, idvec)
    double record_id = 0;
    CallablePtr record_call;        // NetCon.record(statement)
    std::vector<VectorPtr> spike_times;   // ParallelContext.spike_record
    std::vector<VectorPtr> spike_gids;
    static constexpr double kNotDue = -1e300;
    double due = kNotDue;           // of a threshold: when the spike that it has announced happens (fire_at), ms
    std::uint32_t slot = 0;         // in Network's table of sources
    std::uint32_t order = 0;        // in the list of sources
    std::uint32_t lane = 0;
    /// Orders spikes of the same instant: sources of one rank as they were made, then those known to all by gid.
    [[nodiscard]] std::uint32_t rank_in_order() const noexcept {
        return gid < 0 ? slot + 1 : 0x40000000u + static_cast<std::uint32_t>(static_cast<unsigned long>(gid) % 0xbfffffffu);
    }
    [[nodiscard]] bool has_connections() const noexcept { return connections.size() > gone; }
    ~SpikeSource() override;
};
using SpikeSourcePtr = Ptr<SpikeSource>;

class NetCon final : public Object, public Holder {
  public:
    NetCon(Class& cls, Network& network);
    ~NetCon() override;

    SpikeSourcePtr source;
    /// Delay [ms], weights, whether it is active.
    [[nodiscard]] Connection& row() const noexcept { return *row_; }
    [[nodiscard]] PointProcess* target() const noexcept { return target_; }
    /// The number of weights becomes what the target's NET_RECEIVE takes.
    void set_target(PointProcess* target);
    void set_source(SpikeSourcePtr source);
    void visit_held(HeldVisitor& visitor) const override {
        if (source && source->use_count() == 1) visitor.visit(source->record_call);
    }
    [[nodiscard]] std::uint32_t slot() const noexcept { return slot_; }
    [[nodiscard]] Network& network() const noexcept { return network_; }

  private:
    friend class Network;
    Network& network_;
    Connection* row_;
    std::uint32_t slot_;
    std::uint32_t place_in_source_ = 0, place_in_target_ = 0;
    PointProcess* target_ = nullptr;
};

}  // namespace nrn
