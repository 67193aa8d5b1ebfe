// SPDX-License-Identifier: BSD-3-Clause
// Time-ordered pending events. Not thread safe: one queue, one worker.
#pragma once
#include <cstdint>
#include <vector>

namespace nrn {

/// A small value; `what` says which pool `index` counts in.
struct Event {
    enum class Kind : std::uint8_t { NetCon, Self, Callback, Play, RecordTick, Source, Condition };
    double time;             // ms
    std::uint64_t sequence;  // order of insertion breaks ties
    Kind kind;
    std::uint32_t index;
    std::uint32_t generation;  // of the pool's slot: a stale event is skipped
};

class EventQueue {
  public:
    void insert(double time, Event::Kind kind, std::uint32_t index, std::uint32_t generation = 0);
    [[nodiscard]] bool empty() const noexcept { return heap_.empty(); }
    /// Time of the earliest event; 1e100 when there is none.
    [[nodiscard]] double next_time() const noexcept { return heap_.empty() ? 1e100 : heap_.front().time; }
    [[nodiscard]] bool front_is(Event::Kind kind) const noexcept { return !heap_.empty() && heap_.front().kind == kind; }
    /// Takes the earliest event if its time <= t_end.
    bool pop_until(double t_end, Event& event);
    void clear() noexcept { heap_.clear(); }
    [[nodiscard]] const std::vector<Event>& pending() const noexcept { return heap_; }

  private:
    std::vector<Event> heap_;
    std::uint64_t next_sequence_ = 0;
};

}  // namespace nrn
