// SPDX-License-Identifier: BSD-3-Clause
// How long work is stopped from outside. A loop of steps or statements passes its InterruptionPoint at every turn; every
// few milliseconds that asks whether someone wants it to stop, and lets languages attend to their signals and threads.
#pragma once
#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <functional>
#include <utility>

#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {

/// One per runtime.
class Interruption {
  public:
    explicit Interruption(Runtime&) {}
    /// Asks the work in progress to stop. May be called from a signal handler or another thread. @returns whether it had
    /// been asked before, and nobody has looked since
    bool request() noexcept { return requested_.exchange(true, std::memory_order_relaxed); }
    /// What a language does now and then while work goes on. It may throw, which ends the work.
    std::function<void()> attend;
    /// Called now and then while work goes on, and when a run has ended: for who shows how far it is.
    std::function<void()> watch, run_ended;

    /// Keeps what ended work that nothing may be thrown out of (the end of an object): the work around it is left with it.
    void defer(std::exception_ptr reason) noexcept { deferred_ = std::move(reason); }
    [[nodiscard]] bool deferred() const noexcept { return deferred_ != nullptr; }
    [[nodiscard]] std::exception_ptr take_deferred() noexcept { return std::exchange(deferred_, nullptr); }
    /// @throws what was deferred
    void leave_if_deferred() {
        if (deferred_) [[unlikely]] std::rethrow_exception(take_deferred());
    }

    /// @throws Error(Interrupt) when asked to stop, and what `attend` throws or was deferred
    void take_notice() {
        leave_if_deferred();
        if (requested_.exchange(false, std::memory_order_relaxed)) throw Error(ErrorKind::Interrupt, "interrupted");
        if (attend) attend();
        if (watch) watch();
    }

  private:
    std::atomic<bool> requested_{false};
    std::exception_ptr deferred_;
};

[[nodiscard]] Interruption& interruption_of(Runtime& runtime);

/// A loop's place to notice interruptions. Costs a decrement: how many turns fit into a few milliseconds is measured.
class InterruptionPoint {
  public:
    explicit InterruptionPoint(Runtime& runtime) : interruption_(interruption_of(runtime)) {}
    /// @returns whether languages attended to their affairs: anything may have changed then
    bool pass() { return due() && look_at_clock(); }
    /// The two halves of pass(), for a loop that has something to put in order before an exception.
    [[nodiscard]] bool due() noexcept { return --credit_ <= 0; }
    /// Will the next pass() look?
    [[nodiscard]] bool due_next() const noexcept { return credit_ <= 1; }
    /// The next pass() is to look.
    void hurry() noexcept { credit_ = 0; }
    bool look_at_clock() {
        const double elapsed = std::chrono::duration<double>(Clock::now() - since_).count();
        if (elapsed < kInterval) {
            // Not yet: as many turns again, or what is left of the interval at this pace.
            const double most = std::min(turns_, kMostTurns);
            credit_ = elapsed > 0 ? static_cast<long>(std::clamp(turns_ * (kInterval - elapsed) / elapsed, 1.0, most)) : static_cast<long>(most);
            turns_ += static_cast<double>(credit_);
            return false;
        }
        // After a pause (another call of the loop) the pace is unknown: begin with one turn.
        turns_ = std::clamp(elapsed < 4 * kInterval ? turns_ * kInterval / elapsed : 1.0, 1.0, kMostTurns);
        credit_ = static_cast<long>(turns_);
        since_ = Clock::now();
        interruption_.take_notice();
        since_ = Clock::now();
        return true;
    }

  private:
    using Clock = std::chrono::steady_clock;
    static constexpr double kMostTurns = 2000;  // without a look: later turns may take a thousand times longer
    static constexpr double kInterval = 5e-3;  // s; long enough to cost nothing, short to a person and to other threads
    Interruption& interruption_;
    Clock::time_point since_{};
    long credit_ = 0;
    double turns_ = 1;
};

}  // namespace nrn
