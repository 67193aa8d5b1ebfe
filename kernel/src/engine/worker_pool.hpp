// SPDX-License-Identifier: BSD-3-Clause
// Threads that work through numbered items together with the thread that asks. Who waits yields the processor
// soon and sleeps a little later. An item is worked on by one thread; results must not depend on which.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

namespace nrn {

class WorkerPool {
  public:
    /// `threads` in all, the caller's own counted.
    explicit WorkerPool(std::size_t threads);
    ~WorkerPool();
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    [[nodiscard]] std::size_t size() const noexcept { return shares_.size(); }
    /// Calls work(worker, item) for every item in [0, n); returns when all are done. `work` must not throw.
    /// Each worker starts with the same share of the items every time, and helps others when it is done. Who comes
    /// late (its processor was busy) is not waited for, only items that were begun.
    template <class Work>
    void run(std::size_t n, Work&& work) {
        run(n, [](void* w, std::size_t worker, std::size_t item) { (*static_cast<std::remove_reference_t<Work>*>(w))(worker, item); }, &work);
    }

    /// Who waits spins until there is work, and keeps its processor.
    std::atomic<bool> busy_wait{false};
    /// How long a worker has worked, s. @pre nothing runs
    [[nodiscard]] double seconds(std::size_t worker) const noexcept { return shares_[worker]->seconds; }

  private:
    using Call = void (*)(void* work, std::size_t worker, std::size_t item);
    struct alignas(64) Share {
        std::atomic<std::uint64_t> place{0};  // end << 32 | next: taken together, so that a late worker cannot mix rounds
        double seconds = 0, before = 0;       // worked, until the last item and until the last round
    };
    void run(std::size_t n, Call call, void* work);
    void work_through(std::size_t worker);
    void serve(std::size_t worker);
    void stop();
    void wait_for_change(const std::atomic<std::uint32_t>& value, std::uint32_t old) const;
    std::vector<std::unique_ptr<Share>> shares_;
    std::vector<std::thread> threads_;
    Call call_ = nullptr;
    void* work_ = nullptr;
    alignas(64) std::atomic<std::uint32_t> round_{0};
    alignas(64) std::atomic<std::uint32_t> left_{0};  // items not done yet
    std::atomic<bool> stop_{false};
};

}  // namespace nrn
