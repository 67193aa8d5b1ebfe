// SPDX-License-Identifier: BSD-3-Clause
// A binary heap over (time, sequence).
#include "events/event_queue.hpp"

#include <algorithm>

namespace nrn {
namespace {
struct Later {
    bool operator()(const Event& a, const Event& b) const noexcept {
        return a.time != b.time ? a.time > b.time : a.sequence > b.sequence;
    }
};
}  // namespace

void EventQueue::insert(double time, Event::Kind kind, std::uint32_t index, std::uint32_t generation) {
    heap_.push_back({time, next_sequence_++, kind, index, generation});
    std::push_heap(heap_.begin(), heap_.end(), Later{});
}

bool EventQueue::pop_until(double t_end, Event& event) {
    if (heap_.empty() || heap_.front().time > t_end) return false;
    std::pop_heap(heap_.begin(), heap_.end(), Later{});
    event = heap_.back();
    heap_.pop_back();
    return true;
}

}  // namespace nrn
