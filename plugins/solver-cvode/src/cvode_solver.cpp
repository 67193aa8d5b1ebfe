// SPDX-License-Identifier: BSD-3-Clause
// Integrations by CVODE: BDF with Newton's iteration and the system's own linear solver unless asked otherwise.
// Source: Hindmarsh et al., ACM Trans. Math. Softw. 31 (2005) 363-396.
#include "cvode_solver.hpp"

#include <cvode/cvode.h>
#include <cvode/cvode_diag.h>
#include <cvode/cvode_ls.h>
#include <fmt/format.h>
#include <sunlinsol/sunlinsol_dense.h>
#include <sunmatrix/sunmatrix_dense.h>
#include <sunnonlinsol/sunnonlinsol_fixedpoint.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "cvode_error.hpp"
#include "ida_solver.hpp"
#include "nrn/api/error.hpp"

namespace nrn::cvode {
namespace {

constexpr double kNoStop = 1e30;  // ms: CVODE of SUNDIALS 6.4 cannot unset a stop time
void silence(int, const char*, const char*, char*, void*) {}  // fail() says it better

SolverStatistics operator+(SolverStatistics a, const SolverStatistics& b) {
    a.steps += b.steps;
    a.rhs_calls += b.rhs_calls;
    a.linear_solves += b.linear_solves;
    a.error_test_failures += b.error_test_failures;
    a.nonlinear_iterations += b.nonlinear_iterations;
    a.order = b.order;
    return a;
}

SolverStatistics read_statistics(void* memory) {
    SolverStatistics s;
    int order = 0;
    CVodeGetNumSteps(memory, &s.steps);
    CVodeGetNumRhsEvals(memory, &s.rhs_calls);
    CVodeGetNumLinSolvSetups(memory, &s.linear_solves);
    CVodeGetNumErrTestFails(memory, &s.error_test_failures);
    CVodeGetNumNonlinSolvIters(memory, &s.nonlinear_iterations);
    CVodeGetLastOrder(memory, &order);
    s.order = order;
    return s;
}

}  // namespace

std::unique_ptr<Integration> CvodeSolver::start(OdeSystem& system, const SolverOptions& options, double t) {
    if (options.differential_algebraic) return std::make_unique<IdaIntegration>(system, options, t);
    return std::make_unique<CvodeIntegration>(system, options, t);
}

CvodeIntegration::CvodeIntegration(OdeSystem& system, const SolverOptions& options, double t)
    : system_(system), options_(options), context_(new_context()) {
    const std::size_t n = system.size();
    y_ = new_vector(n, context_.get());
    tolerance_ = new_vector(n, context_.get());
    scratch_ = new_vector(n, context_.get());
    create(t);
}

CvodeIntegration::~CvodeIntegration() {
    CVodeFree(&memory_);
    if (linear_) SUNLinSolFree(linear_);
    if (matrix_) SUNMatDestroy(matrix_);
    if (nonlinear_) SUNNonlinSolFree(nonlinear_);
}

void CvodeIntegration::create(double t) {
    t_ = t;
    system_.gather(view(y_));
    memory_ = CVodeCreate(options_.stiff == 0 ? CV_ADAMS : CV_BDF, context_.get());
    target_ = {&system_, memory_};
    CVodeSetErrHandlerFn(memory_, silence, nullptr);
    if (const int code = CVodeInit(memory_, rhs, t, y_.get()); code != CV_SUCCESS) fail(code);
    CVodeSetUserData(memory_, this);
    CVodeSetMaxOrd(memory_, std::clamp(options_.max_order, 1, options_.stiff == 0 ? 12 : 5));
    CVodeSetMaxNumSteps(memory_, -1);
    attach_solver();
    apply_limits();
}

void CvodeIntegration::attach_solver() {
    if (options_.stiff < 2) {
        nonlinear_ = SUNNonlinSol_FixedPoint(y_.get(), 0, context_.get());
        CVodeSetNonlinearSolver(memory_, nonlinear_);
        return;
    }
    if (options_.jacobian == 2) {
        CVDiag(memory_);
        return;
    }
    if (options_.jacobian == 1) {
        const auto n = static_cast<sunindextype>(system_.size());
        matrix_ = SUNDenseMatrix(n, n, context_.get());
        linear_ = SUNLinSol_Dense(y_.get(), matrix_, context_.get());
        CVodeSetLinearSolver(memory_, linear_, matrix_);
        return;
    }
    matrix_ = new_empty_matrix(context_.get());
    linear_ = new_tree_linear_solver(target_, context_.get());
    CVodeSetLinearSolver(memory_, linear_, matrix_);
    CVodeSetLinSysFn(memory_, build_nothing);
    CVodeSetLinearSolutionScaling(memory_, SUNFALSE);  // gamma is never out of date
}

void CvodeIntegration::apply_limits() {
    system_.tolerances(options_.atol, view(tolerance_));
    const auto tolerance = view(tolerance_);
    // The weights are computed in one pass, by error_weights(); what CVODE would check is checked here.
    if (options_.rtol < 0 || std::ranges::any_of(tolerance, [](double x) { return !(x > 0); }) || CVodeWFtolerances(memory_, set_weights) != CV_SUCCESS)
        throw Error(ErrorKind::Range, fmt::format("rtol must be >= 0 and atol > 0, not {:g} and {:g}", options_.rtol, options_.atol));
    CVodeSetMaxStep(memory_, options_.max_step >= 1e9 ? 0 : options_.max_step);
    CVodeSetMinStep(memory_, options_.min_step);
    if (options_.initial_step > 0) CVodeSetInitStep(memory_, options_.initial_step);
}

int CvodeIntegration::set_weights(N_Vector y, N_Vector weight, void* user) {
    auto& self = *static_cast<CvodeIntegration*>(user);
    return error_weights(self.options_.rtol, view(self.tolerance_), view(y), view(weight)) ? 0 : -1;
}

void CvodeIntegration::set_options(const SolverOptions& options) {
    options_.rtol = options.rtol;
    options_.atol = options.atol;
    options_.min_step = options.min_step;
    options_.max_step = options.max_step;
    options_.initial_step = options.initial_step;
    apply_limits();
}

int CvodeIntegration::rhs(double t, N_Vector y, N_Vector dy, void* user) {
    auto& self = *static_cast<CvodeIntegration*>(user);
    try {
        const auto out = view(dy);
        if (!self.system_.rhs(t, view(y), out)) return 1;
        if (all_finite(out)) return 0;
        self.not_finite_ = static_cast<std::size_t>(std::ranges::find_if(out, [](double x) { return !std::isfinite(x); }) - out.begin());
        return 1;
    } catch (...) {
        self.thrown_ = std::current_exception();  // C code lies between here and step()
        return -1;
    }
}

void CvodeIntegration::reinitialize(double t) {
    before_ = before_ + read_statistics(memory_);
    t_ = t;
    system_.gather(view(y_));
    if (const int code = CVodeReInit(memory_, t, y_.get()); code != CV_SUCCESS) fail(code);
    CVodeSetStopTime(memory_, kNoStop);
}

double CvodeIntegration::step(double t_limit, bool stop) {
    if (stop && t_limit - t_ <= 1e-14 * std::max(1.0, std::fabs(t_))) {
        t_ = t_limit;
        return t_;
    }
    CVodeSetStopTime(memory_, stop ? t_limit : kNoStop);
    thrown_ = nullptr;
    const double before = t_;
    const int code = CVode(memory_, stop ? t_limit : t_ + 1e9, y_.get(), &t_, CV_ONE_STEP);
    if (thrown_) std::rethrow_exception(std::exchange(thrown_, nullptr));
    if (code < 0) fail(code);
    // A solution that runs to infinity makes CVODE creep with steps below the resolution of t.
    stuck_ = t_ > before ? 0 : stuck_ + 1;
    if (stuck_ > 20) fail(CV_TOO_CLOSE);
    return t_;
}

void CvodeIntegration::interpolate(double t, std::span<double> y) {
    int code = CVodeGetDky(memory_, t, 0, scratch_.get());
    if (code == CV_BAD_T) {  // rounding at the ends of the last step
        double now = t_, last = 0;
        CVodeGetCurrentTime(memory_, &now);
        CVodeGetLastStep(memory_, &last);
        code = CVodeGetDky(memory_, std::clamp(t, now - last, now), 0, scratch_.get());
    }
    if (code != CV_SUCCESS) throw Error(ErrorKind::Runtime, fmt::format("the state at t = {:.9g} ms is outside of the last step", t));
    std::ranges::copy(view(scratch_), y.begin());
}

void CvodeIntegration::state(std::span<double> y) const { std::ranges::copy(view(y_), y.begin()); }

double CvodeIntegration::last_step() const {
    double h = 0;
    CVodeGetLastStep(memory_, &h);
    return h;
}

double CvodeIntegration::next_step() const {
    double h = 0;
    CVodeGetCurrentStep(memory_, &h);
    return h;
}

SolverStatistics CvodeIntegration::statistics() const { return before_ + read_statistics(memory_); }

void CvodeIntegration::errors(std::span<double> out) const {
    if (CVodeGetEstLocalErrors(memory_, scratch_.get()) != CV_SUCCESS) N_VConst(0, scratch_.get());
    std::ranges::copy(view(scratch_), out.begin());
}

void CvodeIntegration::weights(std::span<double> out) const {
    (void)error_weights(options_.rtol, view(tolerance_), view(y_), out);
}

std::size_t CvodeIntegration::worst_state() const {
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

void CvodeIntegration::fail(int code) {
    double now = t_, h = 0;
    CVodeGetCurrentTime(memory_, &now);
    CVodeGetCurrentStep(memory_, &h);
    std::string where;
    const bool no_value = code == CV_RHSFUNC_FAIL || code == CV_FIRST_RHSFUNC_ERR || code == CV_REPTD_RHSFUNC_ERR || code == CV_UNREC_RHSFUNC_ERR;
    if (no_value && not_finite_ < system_.size()) where = fmt::format(" (the derivative of `{}`)", system_.state_name(not_finite_));
    else if (system_.size() > 0)
        if (const std::string name = system_.state_name(worst_state()); !name.empty()) where = fmt::format("; the largest error is that of `{}`", name);
    throw Error(ErrorKind::Runtime, fmt::format("the variable step method failed at t = {:.9g} ms with a step of {:.3g} ms: {}{}", now, h, failure_text(code), where))
        .hint("look for a discontinuity without an event, a value that is not a number, or tolerances that are too small");
}

}  // namespace nrn::cvode
