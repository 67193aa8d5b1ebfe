// SPDX-License-Identifier: BSD-3-Clause
// Global identifiers of spike sources: which gids live on this rank, and which arrive from elsewhere.
#pragma once
#include <unordered_map>
#include <vector>

#include "events/net_con.hpp"

namespace nrn {

class Network;
class Runtime;

class GidMap {
  public:
    explicit GidMap(Runtime& runtime) : runtime_(runtime) {}

    /// set_gid2node: the gid will live here. @throws Error(Value) when it already does
    void own(long gid);
    /// cell(gid, nc): `source` fires as gid. `output`: other ranks may hear it.
    void assign(long gid, const SpikeSourcePtr& source, bool output);
    /// outputcell(gid). @throws Error(Value) when there is no such cell here
    void make_output(long gid);
    /// 0 not here; 1 owned, no cell yet; 2 with a cell that only this rank hears; 3 heard by all.
    [[nodiscard]] int exists(long gid) const;
    /// What a new connection from gid hangs on: the local source, or the stand-in for a remote one.
    [[nodiscard]] SpikeSourcePtr source_for(long gid);
    /// The cell's source. @throws Error(Value) when gid is not on this rank or has no cell
    [[nodiscard]] SpikeSource& local(long gid, const char* wanted_by) const;
    /// The stand-in of a remote gid that something here listens to, or null.
    [[nodiscard]] SpikeSource* remote(long gid) const;
    /// Sources that live here and are heard by all, in order of gid.
    [[nodiscard]] std::vector<SpikeSource*> outputs() const;
    /// Stand-ins of remote gids.
    [[nodiscard]] std::vector<SpikeSource*> remotes() const;
    /// gid_clear(type): 0 all, else that kind of list (only the spike gids, 1, exist here).
    void clear();
    [[nodiscard]] bool empty() const noexcept { return local_.empty() && remote_.empty(); }

  private:
    [[nodiscard]] Network& network() const;
    Runtime& runtime_;
    std::unordered_map<long, SpikeSourcePtr> local_;  // null until cell() was called
    std::unordered_map<long, SpikeSourcePtr> remote_;
};

}  // namespace nrn
