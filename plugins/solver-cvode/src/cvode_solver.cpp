// SPDX-License-Identifier: BSD-3-Clause
// Integrations by CVODE: BDF with Newton's iteration and the system's own linear solver unless asked otherwise.
// Source: Hindmarsh et al., ACM Trans. Math. Softw. 31 (2005) 363-396.
#include "cvode_solver.hpp"

#include <cvode/cvode.h>
#include <cvode/cvode_diag.h>
#include <cvode/cvode_ls.h>
#include <sunlinsol/sunlinsol_dense.h>
#include <sunmatrix/sunmatrix_dense.h>
#include <sunnonlinsol/sunnonlinsol_fixedpoint.h>

#include <algorithm>

#include "ida_solver.hpp"
#include "nrn/api/error.hpp"

namespace nrn::cvode {
namespace {

constexpr SolverCalls calls{CVodeGetDky, CVodeGetCurrentTime, CVodeGetLastStep, CVodeGetCurrentStep, CVodeGetEstLocalErrors, CVodeSetStopTime, CVodeSetMaxStep,
                            CVodeSetInitStep, CVodeWFtolerances, CVodeGetNumSteps, CVodeGetNumRhsEvals, CVodeGetNumLinSolvSetups, CVodeGetNumErrTestFails,
                            CVodeGetNumNonlinSolvIters, CVodeGetLastOrder, CV_BAD_T};

}  // namespace

std::unique_ptr<Integration> CvodeSolver::start(OdeSystem& system, const SolverOptions& options, double t) {
    if (options.differential_algebraic) return std::make_unique<IdaIntegration>(system, options, t);
    return std::make_unique<CvodeIntegration>(system, options, t);
}

CvodeIntegration::CvodeIntegration(OdeSystem& system, const SolverOptions& options, double t) : SundialsIntegration(system, options, calls, t) {
    memory_ = CVodeCreate(options_.stiff < 2 ? CV_ADAMS : CV_BDF, context_.get());
    target_ = {&system_, memory_};
    CVodeSetErrHandlerFn(memory_, silence, nullptr);
    if (const int code = CVodeInit(memory_, rhs, t, y_.get()); code != CV_SUCCESS) fail(code);
    CVodeSetUserData(memory_, static_cast<SundialsIntegration*>(this));
    CVodeSetMaxOrd(memory_, std::clamp(options_.max_order, 1, options_.stiff < 2 ? 12 : 5));
    CVodeSetMaxNumSteps(memory_, -1);
    attach_solver();
    apply_limits();
}

CvodeIntegration::~CvodeIntegration() {
    CVodeFree(&memory_);
    if (linear_) SUNLinSolFree(linear_);
    if (matrix_) SUNMatDestroy(matrix_);
    if (nonlinear_) SUNNonlinSolFree(nonlinear_);
}

void CvodeIntegration::attach_solver() {
    if (options_.stiff == 0) {
        nonlinear_ = SUNNonlinSol_FixedPoint(y_.get(), 0, context_.get());
        CVodeSetNonlinearSolver(memory_, nonlinear_);
        return;
    }
    if (options_.jacobian == 2) {
        CVDiag(memory_);
        return;
    }
    if (options_.jacobian == 1) {
        if (options_.communicator)
            throw Error(ErrorKind::Unsupported, "the dense Jacobian is not available for a system whose parts are on several ranks").hint("cvode.jacobian(0)");
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

void CvodeIntegration::apply_own_limits() { CVodeSetMinStep(memory_, options_.min_step); }

int CvodeIntegration::rhs(double t, N_Vector y, N_Vector dy, void* user) {
    auto& self = static_cast<CvodeIntegration&>(*static_cast<SundialsIntegration*>(user));
    return self.evaluated(view(dy), [&](std::span<double> out) { return self.system_.rhs(t, view(y), out); });
}

void CvodeIntegration::reinitialize(double t) {
    keep_counts();
    t_ = t;
    system_.gather(view(y_));
    if (const int code = CVodeReInit(memory_, t, y_.get()); code != CV_SUCCESS) fail(code);
    CVodeSetStopTime(memory_, kNoStop);
}

int CvodeIntegration::take_step(double limit) { return CVode(memory_, limit, y_.get(), &t_, CV_ONE_STEP); }

int CvodeIntegration::stuck_code() const { return CV_TOO_CLOSE; }

void CvodeIntegration::fail(int code) {
    const bool no_value = code == CV_RHSFUNC_FAIL || code == CV_FIRST_RHSFUNC_ERR || code == CV_REPTD_RHSFUNC_ERR || code == CV_UNREC_RHSFUNC_ERR;
    SundialsIntegration::fail(code, "variable step method", no_value, "derivative");
}

std::string CvodeIntegration::failure_text(int code) const {
    switch (code) {
    case CV_TOO_MUCH_ACC: return "the tolerances ask for more accuracy than double precision has";
    case CV_ERR_FAILURE: return "the error test failed repeatedly, or at the smallest step";
    case CV_CONV_FAILURE: return "the implicit equations did not converge, even with the smallest step";
    case CV_LSETUP_FAIL:
    case CV_LSOLVE_FAIL: return "the linear equations could not be solved";
    case CV_RHSFUNC_FAIL: return "the model's equations could not be evaluated";
    case CV_FIRST_RHSFUNC_ERR: return "the model's equations give no finite value at the start";
    case CV_REPTD_RHSFUNC_ERR:
    case CV_UNREC_RHSFUNC_ERR: return "the model's equations give values that are not finite, however small the step";
    case CV_TOO_CLOSE: return "the step has become too small to advance t";
    case CV_ILL_INPUT: return "a setting is out of its range (are all tolerances positive?)";
    default: return "CVODE returned code " + std::to_string(code);
    }
}

}  // namespace nrn::cvode
