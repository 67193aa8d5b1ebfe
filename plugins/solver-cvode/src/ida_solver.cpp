// SPDX-License-Identifier: BSD-3-Clause
// Integrations by IDA: BDF of variable order with Newton's iteration and the system's own linear solver.
// Source: Hindmarsh et al., ACM Trans. Math. Softw. 31 (2005) 363-396.
#include "ida_solver.hpp"

#include <fmt/format.h>
#include <ida/ida.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "nrn/api/error.hpp"
#include "tree_linear_solver.hpp"

namespace nrn::cvode {
namespace {

constexpr double kNoStop = 1e30;  // ms: IDA of SUNDIALS 6.4 cannot unset a stop time
void silence(int, const char*, const char*, char*, void*) {}  // fail() says it better

std::string failure_text(int code) {
    switch (code) {
    case IDA_TOO_MUCH_ACC: return "the tolerances ask for more accuracy than double precision has";
    case IDA_ERR_FAIL: return "the error test failed repeatedly, or at the smallest step";
    case IDA_CONV_FAIL: return "the implicit equations did not converge, even with the smallest step";
    case IDA_LSETUP_FAIL:
    case IDA_LSOLVE_FAIL: return "the linear equations could not be solved";
    case IDA_RES_FAIL: return "the model's equations could not be evaluated";
    case IDA_FIRST_RES_FAIL: return "the model's equations give no finite value at the start";
    case IDA_REP_RES_ERR: return "the model's equations give values that are not finite, however small the step";
    case IDA_ILL_INPUT: return "a setting is out of its range (are all tolerances positive?)";
    default: return "IDA returned code " + std::to_string(code);
    }
}

SolverStatistics read_statistics(void* memory, const SolverStatistics& before) {
    SolverStatistics s;
    int order = 0;
    IDAGetNumSteps(memory, &s.steps);
    IDAGetNumResEvals(memory, &s.rhs_calls);
    IDAGetNumLinSolvSetups(memory, &s.linear_solves);
    IDAGetNumErrTestFails(memory, &s.error_test_failures);
    IDAGetNumNonlinSolvIters(memory, &s.nonlinear_iterations);
    IDAGetLastOrder(memory, &order);
    s.steps += before.steps;
    s.rhs_calls += before.rhs_calls;
    s.linear_solves += before.linear_solves;
    s.error_test_failures += before.error_test_failures;
    s.nonlinear_iterations += before.nonlinear_iterations;
    s.order = order;
    return s;
}

SUNLinearSolver_Type solver_type(SUNLinearSolver) { return SUNLINEARSOLVER_DIRECT; }
int setup_nothing(SUNLinearSolver, SUNMatrix) { return 0; }
int free_solver(SUNLinearSolver self) {
    self->content = nullptr;  // not ours
    SUNLinSolFreeEmpty(self);
    return 0;
}
int build_nothing_for_ida(double, double, N_Vector, N_Vector, N_Vector, SUNMatrix, void*, N_Vector, N_Vector, N_Vector) { return 0; }

}  // namespace

IdaIntegration::IdaIntegration(OdeSystem& system, const SolverOptions& options, double t)
    : system_(system), options_(options), context_(new_context()), t_(t) {
    const std::size_t n = system.size();
    y_ = new_vector(n, context_.get());
    for (OdeVector* v : {&yp_, &tolerance_, &scratch_, &kind_}) *v = new_vector(n, context_.get());
    system_.gather(view(y_));
    system_.differential(view(kind_));
    memory_ = IDACreate(context_.get());
    IDASetErrHandlerFn(memory_, silence, nullptr);
    if (const int code = IDAInit(memory_, residual, t, y_.get(), yp_.get()); code != IDA_SUCCESS) fail(code);
    IDASetUserData(memory_, this);
    IDASetMaxOrd(memory_, std::clamp(options_.max_order, 1, 5));
    IDASetMaxNumSteps(memory_, -1);
    IDASetId(memory_, kind_.get());
    matrix_ = new_empty_matrix(context_.get());
    linear_ = SUNLinSolNewEmpty(context_.get());
    linear_->content = this;
    linear_->ops->gettype = solver_type;
    linear_->ops->setup = setup_nothing;
    linear_->ops->solve = solve;
    linear_->ops->free = free_solver;
    apply_limits();
    IDASetLinearSolver(memory_, linear_, matrix_);
    IDASetJacFn(memory_, build_nothing_for_ida);
    IDASetLinearSolutionScaling(memory_, SUNFALSE);  // the present coefficient is always used
    make_consistent();
}

IdaIntegration::~IdaIntegration() {
    IDAFree(&memory_);
    if (linear_) SUNLinSolFree(linear_);
    if (matrix_) SUNMatDestroy(matrix_);
}

void IdaIntegration::apply_limits() {
    system_.tolerances(options_.atol, view(tolerance_));
    if (options_.rtol < 0 || std::ranges::any_of(view(tolerance_), [](double x) { return !(x > 0); }) || IDAWFtolerances(memory_, set_weights) != IDA_SUCCESS)
        throw Error(ErrorKind::Range, fmt::format("rtol must be >= 0 and atol > 0, not {:g} and {:g}", options_.rtol, options_.atol));
    IDASetMaxStep(memory_, options_.max_step >= 1e9 ? 0 : options_.max_step);
    if (options_.initial_step > 0) IDASetInitStep(memory_, options_.initial_step);
}

void IdaIntegration::set_options(const SolverOptions& options) {
    options_.rtol = options.rtol;
    options_.atol = options.atol;
    options_.min_step = options.min_step;
    options_.max_step = options.max_step;
    options_.initial_step = options.initial_step;
    apply_limits();
}

/// Algebraic unknowns and derivatives that fit the differential unknowns, which stay.
void IdaIntegration::make_consistent() {
    if (system_.size() == 0) return;
    N_VConst(0, yp_.get());
    if (const int code = IDAReInit(memory_, t_, y_.get(), yp_.get()); code != IDA_SUCCESS) fail(code);
    IDASetStopTime(memory_, kNoStop);
    thrown_ = nullptr;
    const OdeVector start(N_VClone(y_.get()));
    N_VScale(1, y_.get(), start.get());
    starting_ = true;
    IDASetNonlinConvCoefIC(memory_, 1e-4);
    const int code = IDACalcIC(memory_, IDA_YA_YDP_INIT, t_ + std::max(1e-3, std::fabs(t_) * 1e-6));
    starting_ = false;
    if (thrown_) std::rethrow_exception(std::exchange(thrown_, nullptr));
    if (code == IDA_FIRST_RES_FAIL || code == IDA_RES_FAIL) fail(code);
    if (code == IDA_SUCCESS) {
        IDAGetConsistentIC(memory_, y_.get(), yp_.get());
    } else {
        // Circuits of higher index: the first steps find the rest, at order 1 and with a very small step.
        N_VScale(1, start.get(), y_.get());
        N_VConst(0, yp_.get());
    }
    if (const int again = IDAReInit(memory_, t_, y_.get(), yp_.get()); again != IDA_SUCCESS) fail(again);
    IDASetStopTime(memory_, kNoStop);
    if (code != IDA_SUCCESS && options_.initial_step <= 0) IDASetInitStep(memory_, 1e-9);
}

int IdaIntegration::residual(double t, N_Vector y, N_Vector yp, N_Vector r, void* user) {
    auto& self = *static_cast<IdaIntegration*>(user);
    try {
        const auto out = view(r);
        if (!self.system_.residual(t, view(y), view(yp), out)) return 1;
        if (all_finite(out)) return 0;
        self.not_finite_ = static_cast<std::size_t>(std::ranges::find_if(out, [](double x) { return !std::isfinite(x); }) - out.begin());
        return 1;
    } catch (...) {
        self.thrown_ = std::current_exception();  // C code lies between here and step()
        return -1;
    }
}

int IdaIntegration::set_weights(N_Vector y, N_Vector weight, void* user) {
    auto& self = *static_cast<IdaIntegration*>(user);
    return error_weights(self.options_.rtol, view(self.tolerance_), view(y), view(weight)) ? 0 : -1;
}

int IdaIntegration::solve(SUNLinearSolver solver, SUNMatrix, N_Vector x, N_Vector b, double) {
    auto& self = *static_cast<IdaIntegration*>(solver->content);
    double cj = 0;
    if (IDAGetCurrentCj(self.memory_, &cj) != IDA_SUCCESS) return -1;
    double t = self.t_;
    IDAGetCurrentTime(self.memory_, &t);
    try {
        if (x != b) N_VScale(1, b, x);
        return self.system_.solve_residual(t, cj, view(x)) ? 0 : 1;
    } catch (...) {
        self.thrown_ = std::current_exception();
        return -1;
    }
}

void IdaIntegration::reinitialize(double t) {
    before_ = read_statistics(memory_, before_);
    t_ = t;
    system_.gather(view(y_));
    system_.differential(view(kind_));
    IDASetId(memory_, kind_.get());
    make_consistent();
}

double IdaIntegration::step(double t_limit, bool stop) {
    if (stop && t_limit - t_ <= 1e-14 * std::max(1.0, std::fabs(t_))) {
        t_ = t_limit;
        return t_;
    }
    IDASetStopTime(memory_, stop ? t_limit : kNoStop);
    thrown_ = nullptr;
    const double before = t_;
    const int code = IDASolve(memory_, stop ? t_limit : t_ + 1e9, &t_, y_.get(), yp_.get(), IDA_ONE_STEP);
    if (thrown_) std::rethrow_exception(std::exchange(thrown_, nullptr));
    if (code < 0) fail(code);
    stuck_ = t_ > before ? 0 : stuck_ + 1;
    if (stuck_ > 20) fail(IDA_CONV_FAIL);
    return t_;
}

void IdaIntegration::interpolate(double t, std::span<double> y) {
    int code = IDAGetDky(memory_, t, 0, scratch_.get());
    if (code == IDA_BAD_T) {  // rounding at the ends of the last step
        double now = t_, last = 0;
        IDAGetCurrentTime(memory_, &now);
        IDAGetLastStep(memory_, &last);
        code = IDAGetDky(memory_, std::clamp(t, now - last, now), 0, scratch_.get());
    }
    if (code != IDA_SUCCESS) throw Error(ErrorKind::Runtime, fmt::format("the state at t = {:.9g} ms is outside of the last step", t));
    std::ranges::copy(view(scratch_), y.begin());
}

void IdaIntegration::state(std::span<double> y) const { std::ranges::copy(view(y_), y.begin()); }

double IdaIntegration::last_step() const {
    double h = 0;
    IDAGetLastStep(memory_, &h);
    return h;
}

double IdaIntegration::next_step() const {
    double h = 0;
    IDAGetCurrentStep(memory_, &h);
    return h;
}

SolverStatistics IdaIntegration::statistics() const { return read_statistics(memory_, before_); }

void IdaIntegration::errors(std::span<double> out) const {
    if (IDAGetEstLocalErrors(memory_, scratch_.get()) != IDA_SUCCESS) N_VConst(0, scratch_.get());
    std::ranges::copy(view(scratch_), out.begin());
}

void IdaIntegration::weights(std::span<double> out) const { (void)error_weights(options_.rtol, view(tolerance_), view(y_), out); }

void IdaIntegration::fail(int code) {
    double now = t_, h = 0;
    IDAGetCurrentTime(memory_, &now);
    IDAGetCurrentStep(memory_, &h);
    std::string where;
    const bool no_value = code == IDA_RES_FAIL || code == IDA_FIRST_RES_FAIL || code == IDA_REP_RES_ERR;
    if (no_value && not_finite_ < system_.size()) where = fmt::format(" (the equation of `{}`)", system_.state_name(not_finite_));
    throw Error(ErrorKind::Runtime, fmt::format("the differential-algebraic method failed at t = {:.9g} ms with a step of {:.3g} ms: {}{}", now, h, failure_text(code), where))
        .hint("look for a discontinuity without an event, a value that is not a number, or tolerances that are too small");
}

}  // namespace nrn::cvode
