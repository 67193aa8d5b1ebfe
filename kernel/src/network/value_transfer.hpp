// SPDX-License-Identifier: BSD-3-Clause
// Gap junctions and the like: every step, values of source variables are copied to target variables,
// across ranks where needed. Sources and targets meet by a source id.
#pragma once
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "model/point_process.hpp"
#include "nrn/api/ref.hpp"

namespace nrn {

class Runtime;

class ValueTransfer {
  public:
    explicit ValueTransfer(Runtime& runtime) : runtime_(runtime) {}
    ~ValueTransfer();

    /// @throws Error(Value) when sid is taken on this rank
    void add_source(RefPtr variable, long sid);
    /// `owner`, when given, drops the target with the point process.
    void add_target(Ptr<PointProcess> owner, RefPtr variable, long sid);
    /// Finds who needs what from whom, and starts transfers. Collective.
    /// @throws Error(Value) for a target whose sid has no source on any rank, or two sources of one sid
    void setup();
    /// Copies all values now. Collective over ranks once setup() has run.
    void transfer();
    void clear();

  private:
    struct Source { RefPtr variable; long sid; };
    struct Target { Ptr<PointProcess> owner; RefPtr variable; long sid; };
    struct Resolved { double* to; int rank; std::size_t position; };  // position in what `rank` sends here
    void resolve();
    [[nodiscard]] std::vector<std::vector<long>> exchange_ids(const std::vector<long>& mine) const;
    Runtime& runtime_;
    std::vector<Source> sources_;
    std::unordered_map<long, std::size_t> source_of_;  // by sid
    std::vector<Target> targets_;
    std::vector<std::vector<std::size_t>> send_;     // [rank] indices of sources that it needs
    std::unordered_map<long, std::pair<int, std::size_t>> where_;  // sid -> rank, position in its message
    std::vector<double*> from_;
    std::vector<Resolved> to_;
    std::uint64_t resolved_version_ = 0;
    bool active_ = false;
};

}  // namespace nrn
