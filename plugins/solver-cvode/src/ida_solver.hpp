// SPDX-License-Identifier: BSD-3-Clause
// Variable order, variable step integration of differential-algebraic systems by SUNDIALS IDA. As with CVODE,
// the kernel stops, interpolates and restarts it.
#pragma once
#include <sundials/sundials_linearsolver.h>

#include <exception>
#include <vector>

#include "nrn/api/solver.hpp"
#include "ode_vector.hpp"

namespace nrn::cvode {

class IdaIntegration final : public Integration {
  public:
    IdaIntegration(OdeSystem& system, const SolverOptions& options, double t);
    ~IdaIntegration() override;
    IdaIntegration(const IdaIntegration&) = delete;
    IdaIntegration& operator=(const IdaIntegration&) = delete;
    void reinitialize(double t) override;
    double step(double t_limit, bool stop) override;
    void interpolate(double t, std::span<double> y) override;
    void state(std::span<double> y) const override;
    [[nodiscard]] double time() const override { return t_; }
    [[nodiscard]] double last_step() const override;
    [[nodiscard]] double next_step() const override;
    void set_options(const SolverOptions& options) override;
    [[nodiscard]] SolverStatistics statistics() const override;
    void errors(std::span<double> out) const override;
    void weights(std::span<double> out) const override;

  private:
    void apply_limits();
    void make_consistent();
    [[noreturn]] void fail(int code);
    static int residual(double t, N_Vector y, N_Vector yp, N_Vector r, void* self);
    static int set_weights(N_Vector y, N_Vector weight, void* self);
    static int solve(SUNLinearSolver self, SUNMatrix, N_Vector x, N_Vector b, double);

    OdeSystem& system_;
    SolverOptions options_;
    Context context_;
    OdeVector y_, yp_, tolerance_, scratch_, kind_;
    void* memory_ = nullptr;
    SUNLinearSolver linear_ = nullptr;
    SUNMatrix matrix_ = nullptr;
    double t_ = 0;
    int stuck_ = 0;            // steps in a row that left t as it was
    bool starting_ = false;    // consistent values are being looked for
    SolverStatistics before_;  // of runs before the last reinitialize
    std::size_t not_finite_ = 0;  // an equation that had no finite value
    std::exception_ptr thrown_;
};

}  // namespace nrn::cvode
