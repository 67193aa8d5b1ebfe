// SPDX-License-Identifier: BSD-3-Clause
// What integrations by CVODE and IDA have in common: vectors, tolerances, limits, interpolation, counts, and the way
// that exceptions and values that are not finite take through C code. Not responsible for a method's equations.
#pragma once
#include <exception>
#include <string>

#include "nrn/api/solver.hpp"
#include "ode_vector.hpp"

namespace nrn::cvode {

constexpr double kNoStop = 1e30;  // ms: SUNDIALS 6.4 cannot unset a stop time

/// SUNDIALS' functions that both methods have under names of their own.
struct SolverCalls {
    int (*derivative)(void*, double, int, N_Vector);
    int (*current_time)(void*, double*);
    int (*last_step)(void*, double*);
    int (*current_step)(void*, double*);
    int (*local_errors)(void*, N_Vector);
    int (*set_stop_time)(void*, double);
    int (*set_max_step)(void*, double);
    int (*set_initial_step)(void*, double);
    int (*set_weights)(void*, int (*)(N_Vector, N_Vector, void*));
    int (*steps)(void*, long*);
    int (*evaluations)(void*, long*);
    int (*linear_setups)(void*, long*);
    int (*error_test_failures)(void*, long*);
    int (*nonlinear_iterations)(void*, long*);
    int (*last_order)(void*, int*);
    int bad_time;  // the return code of derivative() for a time outside of the last step
};

class SundialsIntegration : public Integration {
  public:
    SundialsIntegration(const SundialsIntegration&) = delete;
    SundialsIntegration& operator=(const SundialsIntegration&) = delete;
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

  protected:
    SundialsIntegration(OdeSystem& system, const SolverOptions& options, const SolverCalls& calls, double t);
    /// One step of the method to at most `limit`, from t_ to t_. @returns SUNDIALS' code
    virtual int take_step(double limit) = 0;
    virtual void apply_own_limits() {}
    [[nodiscard]] virtual std::string failure_text(int code) const = 0;
    /// The code by which step() says that t does not advance any more.
    [[nodiscard]] virtual int stuck_code() const = 0;

    void apply_limits();
    /// What has been counted so far goes on after the method's own counts begin anew.
    void keep_counts() { before_ = statistics(); }
    void raise_thrown();
    [[noreturn]] void fail(int code, const char* method, bool no_value, const char* what_has_no_value);
    [[noreturn]] virtual void fail(int code) = 0;

    /// Evaluates into `out` for C code: 0, 1 where a smaller step may help, -1 when it has thrown.
    template <class Evaluate>
    int evaluated(std::span<double> out, Evaluate&& evaluate) {
        bool good = false;
        try {
            good = evaluate(out);
        } catch (...) {
            thrown_ = std::current_exception();  // C code lies between here and step()
            return -1;
        }
        if (good && !all_finite(out)) {
            note_not_finite(out);
            good = false;
        }
        if (good || !options_.communicator) return good ? 0 : 1;
        spoil(out);  // the next norm, which is over all ranks, lets the step fail on all of them
        return 0;
    }

    OdeSystem& system_;
    SolverOptions options_;
    const SolverCalls& calls_;
    Context context_;
    const Spread spread_;
    OdeVector y_, tolerance_, scratch_;
    void* memory_ = nullptr;
    double t_ = 0;
    std::exception_ptr thrown_;

  private:
    static void spoil(std::span<double> out);
    void note_not_finite(std::span<const double> out);
    [[nodiscard]] std::size_t worst_state() const;
    static int set_weights(N_Vector y, N_Vector weight, void* self);

    int stuck_ = 0;               // steps in a row that left t as it was
    SolverStatistics before_;     // of runs before the last reinitialize
    std::size_t not_finite_ = 0;  // an equation that had no finite value
};

/// SUNDIALS' own messages: fail() says it better.
void silence(int, const char*, const char*, char*, void*);

}  // namespace nrn::cvode
