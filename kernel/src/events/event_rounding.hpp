// SPDX-License-Identifier: BSD-3-Clause
// CVode.queue_mode(1): arrivals through NetCons are moved to the nearest multiple of the time step.
#pragma once
#include <cmath>

namespace nrn {

class Runtime;

struct EventRounding {
    explicit EventRounding(Runtime&) {}
    const double* step = nullptr;  // ms; null: exact times
    bool self_apart = false;        // what scripts said of a queue for self events; kept
    [[nodiscard]] double operator()(double t) const { return step && *step > 0 ? std::round(t / *step) * *step : t; }
};

}  // namespace nrn
