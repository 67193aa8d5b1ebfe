// SPDX-License-Identifier: BSD-3-Clause
// `nrn run --progress`: how far a run is, on the terminal's last line.
#pragma once
#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "nrn/api/runtime.hpp"

namespace nrn::app {

/// The line of a run: "t = 120 of 1000 ms (12 %), 34.5 ms/s, 26 s left". @param t, t_end [ms] @param elapsed [s] since
/// t_start; without a t_end beyond t neither share nor time left are told
[[nodiscard]] std::string progress_line(double t_start, double t, double t_end, double elapsed);

/// While one lives the line is drawn five times a second, and gone when something else is printed or the run has ended.
class ProgressMeter {
  public:
    explicit ProgressMeter(Runtime& runtime);
    ~ProgressMeter();
    ProgressMeter(const ProgressMeter&) = delete;
    ProgressMeter& operator=(const ProgressMeter&) = delete;

  private:
    using Clock = std::chrono::steady_clock;
    void draw();
    Runtime& runtime_;
    Clock::time_point drawn_at_ = Clock::now(), since_ = drawn_at_, called_at_ = drawn_at_;
    double t_start_ = 0, t_seen_ = 0;
    std::shared_ptr<bool> drawn_ = std::make_shared<bool>(false);
};

}  // namespace nrn::app
