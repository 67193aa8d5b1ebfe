// SPDX-License-Identifier: BSD-3-Clause
#include "app/progress_meter.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <fmt/format.h>

#include "engine/simulation.hpp"
#include "nrn/api/interruption.hpp"
#include "nrn/api/scope.hpp"

namespace nrn::app {
namespace {

std::string time_left(double seconds) {
    const auto s = static_cast<long>(std::clamp(std::ceil(seconds), 0.0, 1e9));
    if (s < 60) return fmt::format("{} s", s);
    if (s < 3600) return fmt::format("{} min {:02} s", s / 60, s % 60);
    return fmt::format("{} h {:02} min", s / 3600, s % 3600 / 60);
}

/// The end of the run, or what users call tstop when their own loop advances the time. [ms]
double end_of_run(Runtime& runtime) {
    const Symbol* t_stop = runtime.scope().find("tstop");
    const double wanted = t_stop && t_stop->kind == Symbol::Kind::Number && t_stop->data ? *t_stop->data : 0;
    return std::max(runtime.simulation().heading_for, wanted);
}

void erase(bool& drawn) {
    if (!drawn) return;
    drawn = false;
    std::fputs("\r\033[K", stderr);
    std::fflush(stderr);
}

}  // namespace

std::string progress_line(double t_start, double t, double t_end, double elapsed) {
    const double speed = elapsed > 0 ? (t - t_start) / elapsed : 0;
    std::string line = fmt::format("t = {:.6g}", t);
    if (t_end > t) line += fmt::format(" of {:.6g} ms ({:.0f} %)", t_end, 100 * t / t_end);
    else line += " ms";
    if (speed > 0) line += fmt::format(", {:.3g} ms/s", speed);
    if (speed > 0 && t_end > t) line += fmt::format(", {} left", time_left((t_end - t) / speed));
    return line;
}

ProgressMeter::ProgressMeter(Runtime& runtime) : runtime_(runtime) {
    Interruption& work = interruption_of(runtime);
    work.watch = [this] { draw(); };
    work.run_ended = [drawn = drawn_] { erase(*drawn); };
    for (auto* stream : {&runtime.console().out, &runtime.console().err})
        *stream = [drawn = drawn_, before = *stream](std::string_view text) {  // outlives this
            erase(*drawn);
            before(text);
        };
}

ProgressMeter::~ProgressMeter() {
    erase(*drawn_);
    interruption_of(runtime_).watch = interruption_of(runtime_).run_ended = nullptr;
}

void ProgressMeter::draw() {
    const double t = runtime_.simulation().t;
    const Clock::time_point now = Clock::now();
    if (t < t_seen_ || t == t_start_ || now - called_at_ > std::chrono::seconds(1)) {  // a run begins, or goes on after a pause
        t_start_ = t;
        since_ = now;
    }
    t_seen_ = t;
    called_at_ = now;
    if (now - drawn_at_ < std::chrono::milliseconds(200) || t == t_start_) return;
    drawn_at_ = now;
    runtime_.console().flush();
    fmt::print(stderr, "\r{}\033[K", progress_line(t_start_, t, end_of_run(runtime_), std::chrono::duration<double>(now - since_).count()));
    std::fflush(stderr);
    *drawn_ = true;
}

}  // namespace nrn::app
