// SPDX-License-Identifier: BSD-3-Clause
#include "events/event_queue.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>

#include "nrn/api/error.hpp"

namespace nrn {
namespace {

std::vector<std::uint32_t> drain(EventQueue& queue, double t_end) {
    std::vector<std::uint32_t> order;
    for (Event e; queue.pop_until(t_end, e);) order.push_back(e.index);
    return order;
}

TEST(EventQueue, LeavesInOrderOfTimeAcrossBinsAndFarTimes) {
    EventQueue queue;
    queue.set_bin_width(0.025);
    const double times[] = {5, 0.01, 1e9, 0.02, 400, 1e20, 0.025, 3};
    for (std::uint32_t i = 0; i < 8; ++i) queue.insert(times[i], Event::Kind::Self, i);
    EXPECT_EQ(queue.next_time(), 0.01);
    EXPECT_EQ(drain(queue, 10), (std::vector<std::uint32_t>{1, 3, 6, 7, 0}));
    EXPECT_EQ(queue.next_time(), 400);
    EXPECT_EQ(drain(queue, 1e30), (std::vector<std::uint32_t>{4, 2, 5}));
    EXPECT_TRUE(queue.empty());
}

TEST(EventQueue, EqualTimesLeaveByTimeOfSendingThenSourceThenInsertion) {
    EventQueue queue;
    queue.insert_arrival(2, 1.5, 7, 0);
    queue.insert_arrival(2, 1.0, 9, 1);
    queue.insert_arrival(2, 1.0, 3, 2);
    queue.insert_arrival(2, 1.0, 3, 3);
    EXPECT_EQ(drain(queue, 2), (std::vector<std::uint32_t>{2, 3, 1, 0}));
}

TEST(EventQueue, WhatIsInsertedForNowWhileABinIsEmptiedStillLeavesInOrder) {
    EventQueue queue;
    queue.set_bin_width(1);
    queue.insert(0.2, Event::Kind::Self, 0);
    queue.insert(0.6, Event::Kind::Self, 1);
    Event e;
    ASSERT_TRUE(queue.pop_until(0.3, e));
    queue.insert(0.4, Event::Kind::Self, 2);
    queue.insert(0.1, Event::Kind::Self, 3);
    EXPECT_FALSE(queue.pop_until(0.05, e));
    EXPECT_EQ(drain(queue, 1), (std::vector<std::uint32_t>{3, 2, 1}));
}

TEST(EventQueue, AnEventAtNoTimeNeverComes) {
    EventQueue queue;
    queue.insert(std::nan(""), Event::Kind::Self, 0);
    EXPECT_TRUE(queue.empty());
}

TEST(EventQueue, AgreesWithASortedListWhateverIsInserted) {
    std::mt19937 random(1);
    const double delays[] = {0, 0.025, 0.1, 1, 5, 30, 100, 1e3, 1e9, 1e20};
    for (int trial = 0; trial < 60; ++trial) {
        EventQueue queue;
        queue.set_bin_width(trial % 3 ? 0.025 : 1.0);
        std::vector<Event> expected;
        std::uint32_t n = 0;
        const auto insert = [&](double time, double sent, std::uint32_t source) {
            queue.insert_arrival(time, sent, source, n);
            expected.push_back({time, sent, source, n, n, Event::Kind::NetCon, 0});
            ++n;
        };
        double t = 0;
        for (int step = 0; step < 300; ++step) {
            for (auto k = random() % 6; k > 0; --k) insert(t + delays[random() % 10] * (random() % 3), t - (random() % 2), random() % 3);
            const double t_end = t + 0.0125;
            for (;;) {
                const auto first = std::min_element(expected.begin(), expected.end(), [](const Event& a, const Event& b) { return a.before(b); });
                ASSERT_EQ(queue.next_time(), first == expected.end() ? EventQueue::kNever : first->time);
                Event event;
                const bool due = first != expected.end() && first->time <= t_end;
                ASSERT_EQ(queue.pop_until(t_end, event), due);
                if (!due) break;
                ASSERT_EQ(event.index, first->index);
                expected.erase(first);
                if (random() % 4 == 0) insert(event.time + (random() % 3) * 0.01, event.time, 0);
            }
            t += random() % 50 == 0 ? 40 : 0.025;
            ASSERT_EQ(queue.pending().size(), expected.size());
        }
    }
}

TEST(EventQueue, EventsThatAnswerEachOtherWithoutDelayAreAnError) {
    EventQueue queue;
    queue.insert(1, Event::Kind::Self, 0);
    const auto answer_for_ever = [&] {
        for (Event e; queue.pop_until(2, e);) queue.insert(e.time, Event::Kind::Self, e.index);
    };
    EXPECT_THROW(answer_for_ever(), Error);
}

}  // namespace
}  // namespace nrn
