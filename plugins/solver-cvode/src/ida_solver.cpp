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

constexpr SolverCalls calls{IDAGetDky, IDAGetCurrentTime, IDAGetLastStep, IDAGetCurrentStep, IDAGetEstLocalErrors, IDASetStopTime, IDASetMaxStep,
                            IDASetInitStep, IDAWFtolerances, IDAGetNumSteps, IDAGetNumResEvals, IDAGetNumLinSolvSetups, IDAGetNumErrTestFails,
                            IDAGetNumNonlinSolvIters, IDAGetLastOrder, IDA_BAD_T};

SUNLinearSolver_Type solver_type(SUNLinearSolver) { return SUNLINEARSOLVER_DIRECT; }
int setup_nothing(SUNLinearSolver, SUNMatrix) { return 0; }
int free_solver(SUNLinearSolver self) {
    self->content = nullptr;  // not ours
    SUNLinSolFreeEmpty(self);
    return 0;
}
int build_nothing_for_ida(double, double, N_Vector, N_Vector, N_Vector, SUNMatrix, void*, N_Vector, N_Vector, N_Vector) { return 0; }

}  // namespace

IdaIntegration::IdaIntegration(OdeSystem& system, const SolverOptions& options, double t) : SundialsIntegration(system, options, calls, t) {
    for (OdeVector* v : {&yp_, &kind_}) *v = new_vector(system.size(), context_.get(), spread_);
    system_.differential(view(kind_));
    memory_ = IDACreate(context_.get());
    IDASetErrHandlerFn(memory_, silence, nullptr);
    if (const int code = IDAInit(memory_, residual, t, y_.get(), yp_.get()); code != IDA_SUCCESS) fail(code);
    IDASetUserData(memory_, static_cast<SundialsIntegration*>(this));
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

/// Algebraic unknowns and derivatives that fit the differential unknowns, which stay.
void IdaIntegration::make_consistent() {
    if (spread_.size == 0) return;
    N_VConst(0, yp_.get());
    if (const int code = IDAReInit(memory_, t_, y_.get(), yp_.get()); code != IDA_SUCCESS) fail(code);
    IDASetStopTime(memory_, kNoStop);
    thrown_ = nullptr;
    const OdeVector start(N_VClone(y_.get()));
    N_VScale(1, y_.get(), start.get());
    IDASetNonlinConvCoefIC(memory_, 1e-4);
    const int code = IDACalcIC(memory_, IDA_YA_YDP_INIT, t_ + std::max(1e-3, std::fabs(t_) * 1e-6));
    raise_thrown();
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
    auto& self = static_cast<IdaIntegration&>(*static_cast<SundialsIntegration*>(user));
    return self.evaluated(view(r), [&](std::span<double> out) { return self.system_.residual(t, view(y), view(yp), out); });
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
    keep_counts();
    t_ = t;
    system_.gather(view(y_));
    system_.differential(view(kind_));
    IDASetId(memory_, kind_.get());
    make_consistent();
}

int IdaIntegration::take_step(double limit) { return IDASolve(memory_, limit, &t_, y_.get(), yp_.get(), IDA_ONE_STEP); }

int IdaIntegration::stuck_code() const { return IDA_CONV_FAIL; }

void IdaIntegration::fail(int code) {
    const bool no_value = code == IDA_RES_FAIL || code == IDA_FIRST_RES_FAIL || code == IDA_REP_RES_ERR;
    SundialsIntegration::fail(code, "differential-algebraic method", no_value, "equation");
}

std::string IdaIntegration::failure_text(int code) const {
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

}  // namespace nrn::cvode
