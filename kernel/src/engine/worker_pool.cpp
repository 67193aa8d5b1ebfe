// SPDX-License-Identifier: BSD-3-Clause
// Waiting: a moment of spinning, then yields, then sleep.
#include "engine/worker_pool.hpp"

#include <algorithm>
#include <chrono>
#include <system_error>

#include <fmt/format.h>

#include "nrn/api/error.hpp"

namespace nrn {
namespace {

void pause() noexcept {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

}  // namespace

/// Until `value` is no longer `old`.
void WorkerPool::wait_for_change(const std::atomic<std::uint32_t>& value, std::uint32_t old) const {
    constexpr int kSpins = 2000, kYields = 200;
    while (busy_wait.load(std::memory_order_relaxed)) {
        if (value.load(std::memory_order_acquire) != old) return;
        pause();
    }
    for (int i = 0; i < kSpins; ++i) {
        if (value.load(std::memory_order_acquire) != old) return;
        pause();
    }
    for (int i = 0; i < kYields; ++i) {
        if (value.load(std::memory_order_acquire) != old) return;
        std::this_thread::yield();
    }
    value.wait(old, std::memory_order_acquire);
}

WorkerPool::WorkerPool(std::size_t threads) {
    for (std::size_t i = 0; i < std::max<std::size_t>(threads, 1); ++i) shares_.push_back(std::make_unique<Share>());
    try {
        for (std::size_t i = 1; i < shares_.size(); ++i) threads_.emplace_back([this, i] { serve(i); });
    } catch (const std::system_error& problem) {
        const std::size_t started = threads_.size() + 1;
        stop();
        throw Error(ErrorKind::Runtime, fmt::format("only {} of {} threads could be started: {}", started, threads, problem.what()));
    }
}

WorkerPool::~WorkerPool() { stop(); }

void WorkerPool::stop() {
    stop_ = true;
    round_.fetch_add(1, std::memory_order_release);
    round_.notify_all();
    for (std::thread& t : threads_) t.join();
}

void WorkerPool::serve(std::size_t worker) {
    std::uint32_t seen = 0;
    for (;;) {
        wait_for_change(round_, seen);
        seen = round_.load(std::memory_order_acquire);
        if (stop_) return;
        work_through(worker);
    }
}

void WorkerPool::work_through(std::size_t worker) {
    const auto before = std::chrono::steady_clock::now();
    for (std::size_t k = 0; k < shares_.size(); ++k) {
        Share& share = *shares_[(worker + k) % shares_.size()];
        for (;;) {
            const std::uint64_t place = share.place.fetch_add(1, std::memory_order_acq_rel);
            const auto item = static_cast<std::uint32_t>(place), end = static_cast<std::uint32_t>(place >> 32);
            if (item >= end) break;
            call_(work_, worker, item);
            // Before the last item is done, so that who waits for it reads the times without a race.
            shares_[worker]->seconds = shares_[worker]->before + std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count();
            if (left_.fetch_sub(1, std::memory_order_acq_rel) == 1) left_.notify_one();
        }
    }
    shares_[worker]->before = shares_[worker]->seconds;
}

void WorkerPool::run(std::size_t n, Call call, void* work) {
    if (n == 0) return;
    call_ = call;
    work_ = work;
    left_.store(static_cast<std::uint32_t>(n), std::memory_order_relaxed);
    const std::size_t threads = shares_.size();
    for (std::size_t i = 0; i < threads; ++i) {
        const std::uint64_t begin = n * i / threads, end = n * (i + 1) / threads;
        shares_[i]->place.store(end << 32 | begin, std::memory_order_release);
    }
    round_.fetch_add(1, std::memory_order_release);
    round_.notify_all();
    work_through(0);
    for (std::uint32_t left; (left = left_.load(std::memory_order_acquire)) != 0;) wait_for_change(left_, left);
}

}  // namespace nrn
