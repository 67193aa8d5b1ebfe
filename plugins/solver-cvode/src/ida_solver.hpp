// SPDX-License-Identifier: BSD-3-Clause
// Variable order, variable step integration of differential-algebraic systems by SUNDIALS IDA. As with CVODE,
// the kernel stops, interpolates and restarts it.
#pragma once
#include <sundials/sundials_linearsolver.h>

#include "sundials_integration.hpp"

namespace nrn::cvode {

class IdaIntegration final : public SundialsIntegration {
  public:
    IdaIntegration(OdeSystem& system, const SolverOptions& options, double t);
    ~IdaIntegration() override;
    void reinitialize(double t) override;

  private:
    void make_consistent();
    int take_step(double limit) override;
    [[nodiscard]] std::string failure_text(int code) const override;
    [[nodiscard]] int stuck_code() const override;
    [[noreturn]] void fail(int code) override;
    static int residual(double t, N_Vector y, N_Vector yp, N_Vector r, void* self);
    static int solve(SUNLinearSolver self, SUNMatrix, N_Vector x, N_Vector b, double);

    OdeVector yp_, kind_;
    SUNLinearSolver linear_ = nullptr;
    SUNMatrix matrix_ = nullptr;
};

}  // namespace nrn::cvode
