// SPDX-License-Identifier: BSD-3-Clause
// Connections and their sources. A NetCon is an object that users hold; its source is shared by all NetCons
// of the same variable, artificial cell or gid.
#pragma once
#include <vector>

#include "model/mechanism_store.hpp"
#include "model/point_process.hpp"
#include "nrn/api/callable.hpp"
#include "object/vector.hpp"

namespace nrn {

class Network;
class NetCon;

/// Where spikes come from: a variable that crosses a threshold, an artificial cell, or another rank (gid).
struct SpikeSource : Counted {
    Network* network = nullptr;
    RefPtr variable;                // of a threshold source
    double* value = nullptr;        // resolved while the layout is frozen
    SectionPtr section;             // of the variable, for names and re-use
    double x = 0;
    PointProcess* cell = nullptr;   // an artificial cell or net_event point process; weak
    double threshold = 10;          // mV
    bool above = false;
    long gid = -1;
    bool output = false;            // gid lives on this rank
    std::vector<NetCon*> connections;  // in order of creation
    VectorPtr record_times, record_ids;  // NetCon.record(tvec, idvec)
    double record_id = 0;
    CallablePtr record_call;        // NetCon.record(statement)
    std::vector<VectorPtr> spike_times;   // ParallelContext.spike_record
    std::vector<VectorPtr> spike_gids;
    std::uint32_t slot = 0;         // in Network's table of sources
    ~SpikeSource() override;
};
using SpikeSourcePtr = Ptr<SpikeSource>;

class NetCon final : public Object {
  public:
    NetCon(Class& cls, Network& network);
    ~NetCon() override;

    SpikeSourcePtr source;
    std::vector<double> weight;
    double delay = 1;      // ms
    bool active = true;
    [[nodiscard]] PointProcess* target() const noexcept { return target_; }
    void set_target(PointProcess* target);
    void set_source(SpikeSourcePtr source);
    std::uint32_t slot = 0;

  private:
    friend class Network;
    Network& network_;
    PointProcess* target_ = nullptr;
};

}  // namespace nrn
