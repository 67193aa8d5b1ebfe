// SPDX-License-Identifier: BSD-3-Clause
// A bin's number is floor(time / width), a monotonic function of time, so that events of different bins are in order
// whatever rounding does.
#include "events/event_queue.hpp"

#include <algorithm>
#include <bit>

#include <fmt/format.h>

#include "nrn/api/error.hpp"
#include "object/vector.hpp"

namespace nrn {
namespace {

struct Later {
    bool operator()(const Event& a, const Event& b) const noexcept { return b.before(a); }
};

// Beyond this a bin's number is no longer exact.
constexpr double kMostBins = 1e15;

}  // namespace

void EventQueue::set_bin_width(double width) {
    if (!empty() || !(width > 0) || !std::isfinite(1 / width)) return;
    clear();
    per_width_ = 1 / width;
}

void EventQueue::place_late(const Event& event) {
    late_.push_back(event);
    std::push_heap(late_.begin(), late_.end(), Later{});
}

void EventQueue::place_far(const Event& event) {
    if (std::isnan(event.time)) return;  // no time: it never comes
    far_.push_back(event);
    std::push_heap(far_.begin(), far_.end(), Later{});
}

/// The first bin of the ring that holds something; only when there is one.
std::int64_t EventQueue::next_bin() const noexcept {
    const auto first = static_cast<std::int64_t>(open_end_);
    const auto start = static_cast<std::size_t>(first & kMask);
    std::size_t word = start >> 6;
    std::uint64_t bits = occupied_[word] & (~std::uint64_t{0} << (start & 63));
    while (bits == 0) bits = occupied_[word = (word + 1) % occupied_.size()];
    const auto slot = static_cast<std::int64_t>(word * 64 + static_cast<std::size_t>(std::countr_zero(bits)));
    return first + ((slot - first) & kMask);
}

const Event* EventQueue::front() const noexcept {
    const Event* open = at_ < order_.size() ? &open_[order_[at_].position] : nullptr;
    if (!late_.empty()) return open && open->before(late_.front()) ? open : &late_.front();
    if (open) return open;
    if (in_ring_ > 0) {
        const std::int64_t number = next_bin();
        const auto& bin = ring_[static_cast<std::size_t>(number & kMask)];
        if (earliest_.bin != number) earliest_ = {number, 0, 0};
        for (; earliest_.seen < bin.size(); ++earliest_.seen)
            if (bin[earliest_.seen].before(bin[earliest_.at])) earliest_.at = earliest_.seen;
        return &bin[earliest_.at];
    }
    return far_.empty() ? nullptr : &far_.front();
}

bool EventQueue::open_next_bin(double t_end) {
    const auto take_far = [this] {
        const Event event = far_.front();
        std::pop_heap(far_.begin(), far_.end(), Later{});
        far_.pop_back();
        return event;
    };
    std::int64_t bin = 0;
    if (in_ring_ > 0) {
        bin = next_bin();
    } else {
        if (far_.empty()) return false;
        const double position = far_.front().time * per_width_;
        if (!(std::fabs(position) < kMostBins)) {
            if (far_.front().time > t_end) return false;
            place_late(take_far());
            return true;
        }
        bin = bin_of(position);
    }
    if (static_cast<double>(bin) > t_end * per_width_) return false;
    const auto slot = static_cast<std::size_t>(bin & kMask);
    open_.clear();
    open_.swap(ring_[slot]);
    occupied_[slot >> 6] &= ~(std::uint64_t{1} << (slot & 63));
    in_ring_ -= open_.size();
    open_end_ = static_cast<double>(bin + 1);
    ring_end_ = static_cast<double>(bin + 1 + kBins);
    while (!far_.empty() && far_.front().time * per_width_ < ring_end_) {
        const Event event = take_far();
        const double position = event.time * per_width_;
        if (position < open_end_) open_.push_back(event);
        else place_in_ring(bin_of(position), event);
    }
    at_ = 0;
    order_.resize(open_.size());
    for (std::size_t i = 0; i < open_.size(); ++i) order_[i] = {open_[i].time, static_cast<std::uint32_t>(i)};
    std::sort(order_.begin(), order_.end(), [this](const Key& a, const Key& b) {
        return a.time != b.time ? a.time < b.time : open_[a.position].before(open_[b.position]);
    });
    return true;
}

/// Events that are answered without delay, again and again, would keep the time where it is for ever.
void EventQueue::watch_for_standstill(const Event& event) {
    if (event.time != standstill_time_) {
        standstill_time_ = event.time;
        standstill_ = 0;
    }
    constexpr std::uint32_t kMost = 10'000'000, kCallback = 10;  // callbacks take longer
    standstill_ += event.kind == Event::Kind::Callback ? kCallback : 1;
    if (standstill_ < kMost) return;
    standstill_ = 0;
    throw Error(ErrorKind::Runtime, fmt::format("the events at t = {:g} ms do not end: each is answered by another without delay", event.time))
        .hint("net_send(0, ...) in answer to itself, connections of delay 0 in a circle, cvode.event(t, ...) in its own handler");
}

bool EventQueue::pop_slowly(double t_end, Event& event) {
    for (;;) {
        const Event* open = at_ < order_.size() ? &open_[order_[at_].position] : nullptr;
        if (!open && late_.empty()) {
            if (!open_next_bin(t_end)) return false;
            continue;
        }
        const bool take_open = open && (late_.empty() || open->before(late_.front()));
        event = take_open ? *open : late_.front();
        if (event.time > t_end) return false;
        if (take_open) {
            ++at_;
        } else {
            std::pop_heap(late_.begin(), late_.end(), Later{});
            late_.pop_back();
            watch_for_standstill(event);
        }
        now_ = event.time;
        return true;
    }
}

void EventQueue::clear() noexcept {
    if (in_ring_ > 0)
        for (auto& bin : ring_) bin.clear();
    occupied_ = {};
    in_ring_ = at_ = 0;
    open_.clear();
    order_.clear();
    late_.clear();
    far_.clear();
    open_end_ = ring_end_ = now_ = kNothing;
    earliest_ = {};
    first_sequence_ = next_sequence_;
}

void EventQueue::write_log(double sent, double time) {
    const std::size_t n = log->values.size();
    log->resize(n + 2, time);
    log->values[n] = sent;
}

std::vector<Event> EventQueue::pending() const {
    std::vector<Event> all(late_);
    for (std::size_t i = at_; i < order_.size(); ++i) all.push_back(open_[order_[i].position]);
    for (const auto& bin : ring_) all.insert(all.end(), bin.begin(), bin.end());
    all.insert(all.end(), far_.begin(), far_.end());
    std::sort(all.begin(), all.end(), [](const Event& a, const Event& b) { return a.before(b); });
    return all;
}

}  // namespace nrn
