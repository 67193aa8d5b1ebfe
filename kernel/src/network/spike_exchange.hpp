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
    /// How many spikes of a rank travel in the first of an exchange's rounds; 0: as many as cost nothing. Collective.
    void set_block(std::size_t spikes);
    /// What set_block was told.
    [[nodiscard]] std::size_t wanted_block() const noexcept { return wanted_block_; }
    /// finitialize: nothing has fired yet.
    void clear() noexcept { fired_.clear(); }

    struct Statistics { long exchanges = 0, sent = 0, received = 0, largest = 0; double wait_time = 0; };
    [[nodiscard]] const Statistics& statistics() const noexcept { return statistics_; }
    VectorPtr histogram;  // element n counts the exchanges in which the busiest rank sent n spikes

  private:
    struct Spike { long gid; double time; };
    static constexpr std::size_t kBlock = 16;  // a few hundred bytes: as fast as an empty message
    [[nodiscard]] std::vector<Spike> others_spikes(std::size_t& busiest);
    Runtime& runtime_;
    InitializeHandler at_finitialize_;  // type 3: before anything else can fire
    std::vector<Spike> fired_;
    double minimum_delay_ = 10;
    std::size_t block_ = kBlock, wanted_block_ = 0;
    std::vector<Spike> sent_, received_;  // blocks: a head whose gid counts the rank's spikes, then the first of them
    Statistics statistics_;
};

}  // namespace nrn
