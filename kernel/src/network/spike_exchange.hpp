// SPDX-License-Identifier: BSD-3-Clause
// Tells other ranks which gids fired. Ranks integrate for a window no longer than the shortest delay between
// ranks, then exchange: no spike of a window can be due before its end.
#pragma once
#include <vector>

#include "engine/simulation.hpp"

namespace nrn {

class Runtime;

class SpikeExchange {
  public:
    explicit SpikeExchange(Runtime& runtime);
    ~SpikeExchange();

    /// Shortest delay [ms] of connections from other ranks, over all ranks; `limit` when there are none.
    /// Collective. @throws Error(Range) on every rank when a delay is not positive
    double find_minimum_delay(double limit);
    [[nodiscard]] double minimum_delay() const noexcept { return minimum_delay_; }
    /// Sends what fired since the last exchange, and queues what others sent. Collective.
    void exchange();
    /// finitialize: nothing has fired yet.
    void clear() noexcept { fired_.clear(); }

    struct Statistics { long exchanges = 0, sent = 0, received = 0, largest = 0; double wait_time = 0; };
    [[nodiscard]] const Statistics& statistics() const noexcept { return statistics_; }
    VectorPtr histogram;  // element n counts the exchanges in which the busiest rank sent n spikes

  private:
    struct Spike { long gid; double time; };
    Runtime& runtime_;
    InitializeHandler at_finitialize_;  // type 3: before anything else can fire
    std::vector<Spike> fired_;
    double minimum_delay_ = 10;
    Statistics statistics_;
};

}  // namespace nrn
