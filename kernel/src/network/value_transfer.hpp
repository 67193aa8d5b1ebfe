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
    [[nodiscard]] bool empty() const noexcept { return sources_.empty() && targets_.empty(); }
    /// How long transfers between ranks have taken, s.
    [[nodiscard]] double seconds() const noexcept { return seconds_; }

  private:
    struct Source { RefPtr variable; long sid; };
    struct Target { Ptr<PointProcess> owner; RefPtr variable; long sid; };
    struct Resolved { double* to; std::size_t position; };  // in what arrives
    void resolve();
    [[nodiscard]] std::vector<std::vector<long>> exchange_ids(const std::vector<long>& mine) const;
    Runtime& runtime_;
    std::vector<Source> sources_;
    std::unordered_map<long, std::size_t> source_of_;  // by sid
    std::vector<Target> targets_;
    std::vector<std::size_t> send_;                  // indices of sources, rank by rank that needs them
    std::vector<int> counts_, in_counts_;            // [rank] how many go there, and come from there
    std::unordered_map<long, std::size_t> where_;    // sid -> position in what arrives
    std::vector<const double*> from_;                // in the order of send_
    std::vector<double> out_, in_;
    std::vector<Resolved> to_;
    std::uint64_t resolved_version_ = 0;
    bool active_ = false;
    double seconds_ = 0;
};

}  // namespace nrn
