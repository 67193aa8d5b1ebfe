// SPDX-License-Identifier: BSD-3-Clause
// Variable order, variable step integration by SUNDIALS CVODE. Not responsible for events: the kernel stops,
// interpolates and restarts it.
#pragma once
#include <sundials/sundials_nonlinearsolver.h>

#include <exception>

#include "nrn/api/solver.hpp"
#include "ode_vector.hpp"
#include "tree_linear_solver.hpp"

namespace nrn::cvode {

class CvodeSolver final : public Solver {
  public:
    [[nodiscard]] std::string name() const override { return "cvode"; }
    [[nodiscard]] std::unique_ptr<Integration> start(OdeSystem& system, const SolverOptions& options, double t) override;
};

class CvodeIntegration final : public Integration {
  public:
    CvodeIntegration(OdeSystem& system, const SolverOptions& options, double t);
    ~CvodeIntegration() override;
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
    void create(double t);
    void attach_solver();
    void apply_limits();
    [[noreturn]] void fail(int code);
    [[nodiscard]] std::size_t worst_state() const;
    static int rhs(double t, N_Vector y, N_Vector dy, void* self);
    static int set_weights(N_Vector y, N_Vector weight, void* self);

    OdeSystem& system_;
    SolverOptions options_;
    Context context_;
    OdeVector y_, tolerance_, scratch_;
    void* memory_ = nullptr;
    TreeSolverTarget target_{};
    SUNLinearSolver linear_ = nullptr;
    SUNMatrix matrix_ = nullptr;
    SUNNonlinearSolver nonlinear_ = nullptr;
    double t_ = 0;
    int stuck_ = 0;            // steps in a row that left t as it was
    SolverStatistics before_;  // of runs before the last reinitialize
    std::size_t not_finite_ = 0;  // a state whose derivative had no finite value
    std::exception_ptr thrown_;
};

}  // namespace nrn::cvode
