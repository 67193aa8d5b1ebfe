// SPDX-License-Identifier: BSD-3-Clause
// Time-ordered pending events. Not thread safe: one queue, one worker.
//
// Near events wait in a ring of bins, each a short stretch of time, and a bin is sorted when its time comes; far ones
// wait in a heap. Insertion is then an append, which is what a spike with hundreds of connections needs.
#pragma once
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace nrn {

class Vector;

/// A small value; `kind` says which pool `index` counts in. Events leave ordered by (time, sent, source, insertion), so
/// that the order does not depend on when, or on which rank or thread, a spike was told of.
struct Event {
    enum class Kind : std::uint8_t { NetCon, Self, Callback, Play, RecordTick, Source, Condition };
    double time;              // ms
    double sent;              // ms, when it was sent
    std::uint32_t source;     // of a NetCon event: who sent it; 0 for all others
    std::uint32_t sequence;   // of insertion
    std::uint32_t index;
    Kind kind;
    std::uint32_t generation : 24;  // of the pool's slot: a stale event is skipped
    [[nodiscard]] bool before(const Event& e) const noexcept {
        if (time != e.time) return time < e.time;
        if (sent != e.sent) return sent < e.sent;
        if (source != e.source) return source < e.source;
        return static_cast<std::int32_t>(sequence - e.sequence) < 0;
    }
};

class EventQueue {
  public:
    static constexpr double kNever = 1e100;
    /// `width` [ms] of a bin: a step, or whatever holds a moderate number of events. Ignored while events wait.
    void set_bin_width(double width);
    [[nodiscard]] double bin_width() const noexcept { return 1 / per_width_; }
    /// A spike's arrival through connection `index`.
    void insert_arrival(double time, double sent, std::uint32_t source, std::uint32_t index) {
        if (log) [[unlikely]] write_log(sent, time);
        const double position = time * per_width_;
        if (position >= open_end_ && position < ring_end_) [[likely]] {  // made where it stays: a copy would wait for its parts to be written
#ifdef __cpp_aggregate_paren_init
            bin_at(bin_of(position)).emplace_back(time, sent, source, next_sequence_++, index, Event::Kind::NetCon, 0u);
#else  // clang before version 16
            bin_at(bin_of(position)).push_back({time, sent, source, next_sequence_++, index, Event::Kind::NetCon, 0u});
#endif
            return;
        }
        place({time, sent, source, next_sequence_++, index, Event::Kind::NetCon, 0});
    }
    /// Fetches the place where an arrival at `time` will be put.
    void expect(double time) const noexcept {
        const double position = time * per_width_;
        if (!(position >= open_end_ && position < ring_end_)) return;
        const auto& bin = ring_[static_cast<std::size_t>(bin_of(position) & kMask)];
        __builtin_prefetch(bin.data() + bin.size(), 1);
    }
    /// Anything else; it counts as sent at now().
    void insert(double time, Event::Kind kind, std::uint32_t index, std::uint32_t generation = 0) {
        if (log) [[unlikely]] write_log(now_, time);
        place({time, now_, 0, next_sequence_++, index, kind, generation & 0xffffff});
    }
    /// An event that another queue held.
    void take_over(Event event) {
        event.sequence = next_sequence_++;
        place(event);
    }
    [[nodiscard]] bool empty() const noexcept { return at_ == order_.size() && late_.empty() && in_ring_ == 0 && far_.empty(); }
    /// Time of the earliest event; 1e100 when there is none.
    [[nodiscard]] double next_time() const noexcept { return front() ? front()->time : kNever; }
    [[nodiscard]] bool front_is(Event::Kind kind) const noexcept { return front() && front()->kind == kind; }
    /// Takes the earliest event if its time <= t_end.
    bool pop_until(double t_end, Event& event) {
        if (at_ == order_.size() || !late_.empty()) [[unlikely]] return pop_slowly(t_end, event);
        if (order_[at_].time > t_end) return false;
        event = open_[order_[at_++].position];
        now_ = event.time;
        return true;
    }
    /// The n-th event after the next one, when it is already known; for prefetching.
    [[nodiscard]] const Event* ahead(std::size_t n) const noexcept { return at_ + n < order_.size() ? &open_[order_[at_ + n].position] : nullptr; }
    void clear() noexcept;
    /// How many were inserted since clear().
    [[nodiscard]] std::uint32_t inserted() const noexcept { return next_sequence_ - first_sequence_; }
    /// Where set: when each event is sent and when it is due, one after the other (CVode.store_events).
    Vector* log = nullptr;
    /// All events, in the order in which they will leave.
    [[nodiscard]] std::vector<Event> pending() const;
    /// Time of the event taken last, or what set_now said since.
    [[nodiscard]] double now() const noexcept { return now_; }
    void set_now(double t) noexcept { now_ = t; }

  private:
    static constexpr std::int64_t kBins = 1024, kMask = kBins - 1;
    static constexpr double kNothing = -std::numeric_limits<double>::infinity();
    struct Key {
        double time;
        std::uint32_t position;
    };
    void place(const Event& event) {
        const double position = event.time * per_width_;
        if (position < open_end_) return place_late(event);
        if (!(position < ring_end_)) return place_far(event);
        place_in_ring(bin_of(position), event);
    }
    /// floor, without a call where the processor has no instruction for it.
    static std::int64_t bin_of(double position) noexcept {
        const auto whole = static_cast<std::int64_t>(position);
        return whole - (position < static_cast<double>(whole));
    }
    void place_in_ring(std::int64_t bin, const Event& event) { bin_at(bin).push_back(event); }
    /// The bin, for one event more.
    std::vector<Event>& bin_at(std::int64_t bin) noexcept {
        const auto slot = static_cast<std::size_t>(bin & kMask);
        occupied_[slot >> 6] |= std::uint64_t{1} << (slot & 63);
        ++in_ring_;
        return ring_[slot];
    }
    void write_log(double sent, double time);
    void place_late(const Event& event);
    void place_far(const Event& event);
    [[nodiscard]] const Event* front() const noexcept;
    [[nodiscard]] std::int64_t next_bin() const noexcept;
    bool pop_slowly(double t_end, Event& event);
    void watch_for_standstill(const Event& event);
    bool open_next_bin(double t_end);

    double per_width_ = 40;
    double open_end_ = kNothing;    // in bins: where the open bin ends; what is earlier comes late
    double ring_end_ = kNothing;    // in bins: where the ring ends; what is not earlier is far
    double now_ = kNothing;
    std::uint32_t next_sequence_ = 0, first_sequence_ = 0;
    std::vector<Event> open_;       // the bin whose time has come
    std::vector<Key> order_;        // and its order
    std::size_t at_ = 0;            // what of it was taken
    std::vector<Event> late_;       // heap
    double standstill_time_ = kNothing;
    std::uint32_t standstill_ = 0;  // how many late events left at that time
    std::array<std::vector<Event>, kBins> ring_;  // bins from open_end_ to ring_end_
    std::array<std::uint64_t, kBins / 64> occupied_{};
    std::size_t in_ring_ = 0;
    /// The earliest of the first `seen` events of a bin: who asks for it at every step need not look through all again.
    struct Earliest {
        std::int64_t bin = std::numeric_limits<std::int64_t>::min();
        std::size_t seen = 0, at = 0;
    };
    mutable Earliest earliest_;
    std::vector<Event> far_;        // heap
};

}  // namespace nrn
