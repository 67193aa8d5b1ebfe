// SPDX-License-Identifier: BSD-3-Clause
// Limits, steps, interpolation, counts and failures of both methods.
#include "sundials_integration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "nrn/api/error.hpp"

namespace nrn::cvode {

void silence(int, const char*, const char*, char*, void*) {}

SundialsIntegration::SundialsIntegration(OdeSystem& system, const SolverOptions& options, const SolverCalls& calls, double t)
    : system_(system), options_(options), calls_(calls), context_(new_context()), spread_(system.size(), options.communicator), t_(t) {
    for (OdeVector* v : {&y_, &tolerance_, &scratch_}) *v = new_vector(system.size(), context_.get(), spread_);
    system_.gather(view(y_));
}

// ---- settings --------------------------------------------------------------------------------------

void SundialsIntegration::apply_limits() {
    system_.tolerances(options_.atol, view(tolerance_));
    const auto tolerance = view(tolerance_);
    // The weights are computed in one pass, by error_weights(); what SUNDIALS would check is checked here.
    if (options_.rtol < 0 || std::ranges::any_of(tolerance, [](double x) { return !(x > 0); }) || calls_.set_weights(memory_, set_weights) != 0)
        throw Error(ErrorKind::Range, fmt::format("rtol must be >= 0 and atol > 0, not {:g} and {:g}", options_.rtol, options_.atol));
    calls_.set_max_step(memory_, options_.max_step >= 1e9 ? 0 : options_.max_step);
    if (options_.initial_step > 0) calls_.set_initial_step(memory_, options_.initial_step);
    apply_own_limits();
}

int SundialsIntegration::set_weights(N_Vector y, N_Vector weight, void* user) {
    auto& self = *static_cast<SundialsIntegration*>(user);
    return error_weights(self.options_.rtol, view(self.tolerance_), view(y), view(weight)) ? 0 : -1;
}

void SundialsIntegration::set_options(const SolverOptions& options) {
    options_.rtol = options.rtol;
    options_.atol = options.atol;
    options_.min_step = options.min_step;
    options_.max_step = options.max_step;
    options_.initial_step = options.initial_step;
    apply_limits();
}

// ---- steps -----------------------------------------------------------------------------------------

void SundialsIntegration::raise_thrown() {
    if (thrown_) std::rethrow_exception(std::exchange(thrown_, nullptr));
}

double SundialsIntegration::step(double t_limit, bool stop) {
    if (stop && t_limit - t_ <= 1e-14 * std::max(1.0, std::fabs(t_))) {
        t_ = t_limit;
        return t_;
    }
    calls_.set_stop_time(memory_, stop ? t_limit : kNoStop);
    thrown_ = nullptr;
    const double before = t_;
    // How far the solver is asked to go bounds its first step: the reference asks for 1e5 ms.
    const int code = take_step(stop ? t_limit : t_ + 1e5);
    raise_thrown();
    if (code < 0) fail(code);
    // A solution that runs to infinity makes SUNDIALS creep with steps below the resolution of t.
    stuck_ = t_ > before ? 0 : stuck_ + 1;
    if (stuck_ > 20) fail(stuck_code());
    return t_;
}

void SundialsIntegration::interpolate(double t, std::span<double> y) {
    int code = calls_.derivative(memory_, t, 0, scratch_.get());
    if (code == calls_.bad_time) {  // rounding at the ends of the last step
        double now = t_, last = 0;
        calls_.current_time(memory_, &now);
        calls_.last_step(memory_, &last);
        code = calls_.derivative(memory_, std::clamp(t, now - last, now), 0, scratch_.get());
    }
    if (code != 0) throw Error(ErrorKind::Runtime, fmt::format("the state at t = {:.9g} ms is outside of the last step", t));
    std::ranges::copy(view(scratch_), y.begin());
}

void SundialsIntegration::state(std::span<double> y) const { std::ranges::copy(view(y_), y.begin()); }

// ---- what was done ---------------------------------------------------------------------------------

double SundialsIntegration::last_step() const {
    double h = 0;
    calls_.last_step(memory_, &h);
    return h;
}

double SundialsIntegration::next_step() const {
    double h = 0;
    calls_.current_step(memory_, &h);
    return h;
}

SolverStatistics SundialsIntegration::statistics() const {
    SolverStatistics s;
    int order = 0;
    calls_.steps(memory_, &s.steps);
    calls_.evaluations(memory_, &s.rhs_calls);
    calls_.linear_setups(memory_, &s.linear_solves);
    calls_.error_test_failures(memory_, &s.error_test_failures);
    calls_.nonlinear_iterations(memory_, &s.nonlinear_iterations);
    calls_.last_order(memory_, &order);
    s.steps += before_.steps;
    s.rhs_calls += before_.rhs_calls;
    s.linear_solves += before_.linear_solves;
    s.error_test_failures += before_.error_test_failures;
    s.nonlinear_iterations += before_.nonlinear_iterations;
    s.order = order;
    return s;
}

void SundialsIntegration::errors(std::span<double> out) const {
    if (calls_.local_errors(memory_, scratch_.get()) != 0) N_VConst(0, scratch_.get());
    std::ranges::copy(view(scratch_), out.begin());
}

void SundialsIntegration::weights(std::span<double> out) const { (void)error_weights(options_.rtol, view(tolerance_), view(y_), out); }

// ---- failures --------------------------------------------------------------------------------------

void SundialsIntegration::note_not_finite(std::span<const double> out) {
    not_finite_ = static_cast<std::size_t>(std::ranges::find_if(out, [](double x) { return !std::isfinite(x); }) - out.begin());
}

void SundialsIntegration::spoil(std::span<double> out) { std::ranges::fill(out, std::numeric_limits<double>::quiet_NaN()); }

std::size_t SundialsIntegration::worst_state() const {
    std::vector<double> error(system_.size()), weight(system_.size());
    errors(error);
    weights(weight);
    std::size_t worst = 0;
    double largest = -1;
    for (std::size_t i = 0; i < error.size(); ++i) {
        const double e = std::fabs(error[i] * weight[i]);
        if (!std::isfinite(e)) return i;
        if (e > largest) {
            largest = e;
            worst = i;
        }
    }
    return worst;
}

void SundialsIntegration::fail(int code, const char* method, bool no_value, const char* what_has_no_value) {
    double now = t_, h = 0;
    calls_.current_time(memory_, &now);
    calls_.current_step(memory_, &h);
    std::string where;
    if (no_value && not_finite_ < system_.size()) where = fmt::format(" (the {} of `{}`)", what_has_no_value, system_.state_name(not_finite_));
    else if (system_.size() > 0)
        if (const std::string name = system_.state_name(worst_state()); !name.empty()) where = fmt::format("; the largest error is that of `{}`", name);
    throw Error(ErrorKind::Runtime, fmt::format("the {} failed at t = {:.9g} ms with a step of {:.3g} ms: {}{}", method, now, h, failure_text(code), where))
        .hint("look for a discontinuity without an event, a value that is not a number, or tolerances that are too small");
}

}  // namespace nrn::cvode
