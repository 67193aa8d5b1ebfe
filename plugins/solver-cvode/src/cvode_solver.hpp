// SPDX-License-Identifier: BSD-3-Clause
// Variable order, variable step integration by SUNDIALS CVODE. Not responsible for events: the kernel stops,
// interpolates and restarts it.
#pragma once
#include <sundials/sundials_nonlinearsolver.h>

#include "sundials_integration.hpp"
#include "tree_linear_solver.hpp"

namespace nrn::cvode {

class CvodeSolver final : public Solver {
  public:
    [[nodiscard]] std::string name() const override { return "cvode"; }
    [[nodiscard]] std::unique_ptr<Integration> start(OdeSystem& system, const SolverOptions& options, double t) override;
};

class CvodeIntegration final : public SundialsIntegration {
  public:
    CvodeIntegration(OdeSystem& system, const SolverOptions& options, double t);
    ~CvodeIntegration() override;
    void reinitialize(double t) override;

  private:
    void attach_solver();
    int take_step(double limit) override;
    void apply_own_limits() override;
    [[nodiscard]] std::string failure_text(int code) const override;
    [[nodiscard]] int stuck_code() const override;
    [[noreturn]] void fail(int code) override;
    static int rhs(double t, N_Vector y, N_Vector dy, void* self);

    TreeSolverTarget target_{};
    SUNLinearSolver linear_ = nullptr;
    SUNMatrix matrix_ = nullptr;
    SUNNonlinearSolver nonlinear_ = nullptr;
};

}  // namespace nrn::cvode
