// SPDX-License-Identifier: BSD-3-Clause
// LAG x BY tau: what a variable was a while ago, between the moments when it was seen.
#pragma once
#include <deque>
#include <new>

namespace nrn_mod {

/// What one LAG statement of one instance has seen.
class Lag {
  public:
    /// @param slot where the instance keeps the pointer; filled at the first call
    static double of(void*& slot, double x, double delay, double t) {
        if (!slot) slot = new (std::nothrow) Lag;
        return slot ? static_cast<Lag*>(slot)->value(x, delay, t) : x;
    }
    static double begin(void*& slot) {
        if (slot) static_cast<Lag*>(slot)->seen_.clear();
        return 0;
    }
    static double end(void*& slot) {
        delete static_cast<Lag*>(slot);
        slot = nullptr;
        return 0;
    }

  private:
    struct Sample { double t, x; };

    double value(double x, double delay, double t) {
        while (!seen_.empty() && seen_.back().t >= t) seen_.pop_back();  // the step is done again
        seen_.push_back({t, x});
        const double then = t - delay;
        while (seen_.size() > 1 && seen_[1].t <= then) seen_.pop_front();
        const Sample& a = seen_.front();
        if (then <= a.t || seen_.size() == 1) return a.x;
        const Sample& b = seen_[1];
        return a.x + (b.x - a.x) * (then - a.t) / (b.t - a.t);
    }

    std::deque<Sample> seen_;
};

}  // namespace nrn_mod
