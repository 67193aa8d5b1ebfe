// SPDX-License-Identifier: BSD-3-Clause
// A variable-step integrator and the system that the kernel gives it. solver-cvode implements it.
#pragma once
#include <functional>
#include <memory>
#include <span>
#include <string>

namespace nrn {

class Communicator;

/// dy/dt = f(t, y), with the linear algebra that suits it. All arrays are [size()].
class OdeSystem {
  public:
    virtual ~OdeSystem() = default;
    [[nodiscard]] virtual std::size_t size() const = 0;
    /// Writes the model's present state to y.
    virtual void gather(std::span<double> y) = 0;
    /// f(t, y) to dy. Leaves the model at (t, y). @returns false for a recoverable failure (try a smaller step)
    virtual bool rhs(double t, std::span<const double> y, std::span<double> dy) = 0;
    /// Overwrites b by the solution x of (1 - gamma J(t, y)) x = b.
    /// @pre the last call was rhs(t, y)
    virtual bool solve_linearised(double t, double gamma, std::span<const double> y, std::span<const double> fy, std::span<double> b) = 0;
    /// Absolute tolerance of each state.
    virtual void tolerances(double atol, std::span<double> abstol) = 0;
    /// Number of root functions (thresholds watched at exact times), and their values.
    [[nodiscard]] virtual std::size_t root_count() const { return 0; }
    virtual void roots(double, std::span<const double>, std::span<double>) {}
    /// Only the form F(t, y, y') = 0 fits; below is what a differential-algebraic solver asks.
    virtual bool has_algebraic() const { return false; }
    /// F(t, y, y') to out, one equation per unknown. Leaves the model at (t, y).
    virtual bool residual(double, std::span<const double>, std::span<const double>, std::span<double>) { return false; }
    /// Overwrites b by the solution x of (dF/dy + per_ms dF/dy') x = b. @pre the last call was residual()
    virtual bool solve_residual(double, double, std::span<double>) { return false; }
    /// 1 for each unknown whose derivative occurs in F, else 0.
    virtual void differential(std::span<double>) {}
    /// What state i is called in messages, e.g. "soma.m_hh(0.5)"; empty when it has no name.
    [[nodiscard]] virtual std::string state_name(std::size_t) const { return {}; }
};

struct SolverOptions {
    double rtol = 0, atol = 1e-3;
    double min_step = 0, max_step = 1e9;
    double initial_step = 0;  // 0: the solver chooses
    int max_order = 5;
    int stiff = 2;            // as CVode.stiff: 0 Adams, 1 BDF with functional iteration, 2 BDF with Newton's
    int jacobian = 0;         // as CVode.jacobian: 0 the system's own solve, 1 dense, 2 diagonal
    bool differential_algebraic = false;
    Communicator* communicator = nullptr;  // its ranks hold parts of one system: norms are over all, and all take the same steps
};

struct SolverStatistics { long steps = 0, rhs_calls = 0, linear_solves = 0, error_test_failures = 0, nonlinear_iterations = 0, order = 0; };

/// One running integration of one OdeSystem.
class Integration {
  public:
    virtual ~Integration() = default;
    /// Starts anew at t from the system's present state.
    virtual void reinitialize(double t) = 0;
    /// Takes one internal step, not past t_limit if `stop`. @returns the time reached
    virtual double step(double t_limit, bool stop) = 0;
    /// The state at t within the last step, put into the system (OdeSystem::rhs is not called).
    virtual void interpolate(double t, std::span<double> y) = 0;
    /// The state at time(), [size].
    virtual void state(std::span<double> y) const = 0;
    [[nodiscard]] virtual double time() const = 0;
    [[nodiscard]] virtual double last_step() const = 0;
    [[nodiscard]] virtual double next_step() const = 0;
    virtual void set_options(const SolverOptions&) = 0;
    [[nodiscard]] virtual SolverStatistics statistics() const = 0;
    /// Local error estimates of the last step, [size].
    virtual void errors(std::span<double> out) const = 0;
    /// Weights of the error norm: 1 / (rtol |y| + atol), [size].
    virtual void weights(std::span<double> out) const = 0;
};

class Solver {
  public:
    virtual ~Solver() = default;
    [[nodiscard]] virtual std::string name() const = 0;
    [[nodiscard]] virtual std::unique_ptr<Integration> start(OdeSystem&, const SolverOptions&, double t) = 0;
};

class Runtime;
struct SolverFactory {
    const char* name;
    std::unique_ptr<Solver> (*create)(Runtime&);
};

}  // namespace nrn
