// SPDX-License-Identifier: BSD-3-Clause
// What every Solver must do, on systems with known solutions. An implementation instantiates the suite with a
// type whose operator() makes a std::unique_ptr<nrn::Solver>.
#pragma once
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "nrn/api/error.hpp"
#include "nrn/api/solver.hpp"

namespace nrn::contract {

/// dy/dt = A y for a small dense A.
class LinearSystem : public OdeSystem {
  public:
    LinearSystem(std::vector<std::vector<double>> a, std::vector<double> y0) : a_(std::move(a)), y_(std::move(y0)) {}
    [[nodiscard]] std::size_t size() const override { return y_.size(); }
    void gather(std::span<double> y) override { std::copy(y_.begin(), y_.end(), y.begin()); }
    bool rhs(double, std::span<const double> y, std::span<double> dy) override {
        for (std::size_t i = 0; i < size(); ++i) {
            dy[i] = 0;
            for (std::size_t j = 0; j < size(); ++j) dy[i] += a_[i][j] * y[j];
        }
        y_.assign(y.begin(), y.end());
        return true;
    }
    bool solve_linearised(double, double gamma, std::span<const double>, std::span<const double>, std::span<double> b) override {
        ++solves;
        auto m = a_;
        const std::size_t n = size();
        for (std::size_t i = 0; i < n; ++i)
            for (std::size_t j = 0; j < n; ++j) m[i][j] = (i == j) - gamma * a_[i][j];
        for (std::size_t k = 0; k < n; ++k)
            for (std::size_t i = k + 1; i < n; ++i) {
                const double f = m[i][k] / m[k][k];
                for (std::size_t j = k; j < n; ++j) m[i][j] -= f * m[k][j];
                b[i] -= f * b[k];
            }
        for (std::size_t i = n; i-- > 0;) {
            for (std::size_t j = i + 1; j < n; ++j) b[i] -= m[i][j] * b[j];
            b[i] /= m[i][i];
        }
        return true;
    }
    void tolerances(double atol, std::span<double> abstol) override { std::fill(abstol.begin(), abstol.end(), atol); }
    [[nodiscard]] std::string state_name(std::size_t i) const override { return "state " + std::to_string(i); }
    void set(std::vector<double> y) { y_ = std::move(y); }
    int solves = 0;

  protected:
    std::vector<std::vector<double>> a_;
    std::vector<double> y_;
};

inline SolverOptions options(double tolerance) {
    SolverOptions o;
    o.atol = o.rtol = tolerance;
    return o;
}

/// Steps until t is passed, then interpolates at t.
inline std::vector<double> value_at(Integration& integration, double t, std::size_t n) {
    while (integration.time() < t) (void)integration.step(t, false);
    std::vector<double> y(n);
    integration.interpolate(t, y);
    return y;
}

template <class Maker>
class SolverContract : public ::testing::Test {
  protected:
    std::unique_ptr<Solver> solver = Maker{}();
};
TYPED_TEST_SUITE_P(SolverContract);

TYPED_TEST_P(SolverContract, DecayIsAsAccurateAsTheTolerance) {
    for (const double tolerance : {1e-3, 1e-5, 1e-7}) {
        LinearSystem system({{-1}}, {1});
        const auto integration = this->solver->start(system, options(tolerance), 0);
        // local errors add up over some ten time constants' steps: 50 is roomy and still separates the tolerances
        EXPECT_NEAR(value_at(*integration, 2, 1)[0], std::exp(-2.0), 50 * tolerance);
    }
}

TYPED_TEST_P(SolverContract, StiffSystemTakesFewSteps) {
    LinearSystem system({{-1e5, 1e5}, {0, -1}}, {0, 1});
    const auto integration = this->solver->start(system, options(1e-6), 0);
    const auto y = value_at(*integration, 5, 2);
    EXPECT_NEAR(y[1], std::exp(-5.0), 1e-4);
    EXPECT_NEAR(y[0], y[1] * 1e5 / (1e5 - 1), 1e-4);
    EXPECT_LT(integration->statistics().steps, 500);
    EXPECT_GT(system.solves, 0);
}

TYPED_TEST_P(SolverContract, OscillatorKeepsItsPhase) {
    LinearSystem system({{0, 1}, {-1, 0}}, {1, 0});
    const auto integration = this->solver->start(system, options(1e-8), 0);
    EXPECT_NEAR(value_at(*integration, 10, 2)[0], std::cos(10.0), 1e-5);
}

TYPED_TEST_P(SolverContract, StopTimeIsHitExactly) {
    LinearSystem system({{-1}}, {1});
    const auto integration = this->solver->start(system, options(1e-6), 0);
    while (integration->time() < 0.7) (void)integration->step(0.7, true);
    EXPECT_DOUBLE_EQ(integration->time(), 0.7);
    while (integration->time() < 1.1) (void)integration->step(1.1, true);
    EXPECT_DOUBLE_EQ(integration->time(), 1.1);
}

TYPED_TEST_P(SolverContract, ReinitializeTakesTheSystemsNewState) {
    LinearSystem system({{-1}}, {1});
    const auto integration = this->solver->start(system, options(1e-7), 0);
    (void)value_at(*integration, 1, 1);
    system.set({10});
    integration->reinitialize(1);
    EXPECT_DOUBLE_EQ(integration->time(), 1);
    EXPECT_NEAR(value_at(*integration, 2, 1)[0], 10 * std::exp(-1.0), 1e-4);
}

TYPED_TEST_P(SolverContract, EveryIterationMethodAgrees) {
    for (const int stiff : {0, 1, 2})
        for (const int jacobian : {0, 1, 2}) {
            LinearSystem system({{-2, 1}, {1, -2}}, {1, 0});
            auto o = options(1e-7);
            o.stiff = stiff;
            o.jacobian = jacobian;
            const auto integration = this->solver->start(system, o, 0);
            EXPECT_NEAR(value_at(*integration, 1, 2)[0], (std::exp(-1.0) + std::exp(-3.0)) / 2, 1e-5) << stiff << " " << jacobian;
        }
}

TYPED_TEST_P(SolverContract, StepsStayBelowTheLargestAllowed) {
    LinearSystem system({{-1e-3}}, {1});
    auto o = options(1e-3);
    o.max_step = 0.1;
    const auto integration = this->solver->start(system, o, 0);
    double before = 0;
    for (int i = 0; i < 50; ++i) {
        const double now = integration->step(100, false);
        EXPECT_LE(now - before, 0.1 + 1e-12);
        before = now;
    }
}

TYPED_TEST_P(SolverContract, FailureNamesTimeStepAndState) {
    struct Explosive : LinearSystem {
        Explosive() : LinearSystem({{1}}, {1}) {}
        bool rhs(double, std::span<const double> y, std::span<double> dy) override {
            dy[0] = y[0] * y[0];  // 1 / (1 - t): ends at t = 1
            return true;
        }
        bool solve_linearised(double, double gamma, std::span<const double> y, std::span<const double>, std::span<double> b) override {
            b[0] /= 1 - 2 * gamma * y[0];
            return true;
        }
    } system;
    const auto integration = this->solver->start(system, options(1e-6), 0);
    try {
        for (int i = 0; i < 100000; ++i) (void)integration->step(2, true);
        FAIL() << "no error";
    } catch (const Error& e) {
        EXPECT_NE(e.message().find("t = "), std::string::npos) << e.message();
        EXPECT_NE(e.message().find("step"), std::string::npos) << e.message();
        EXPECT_NE(e.message().find("state 0"), std::string::npos) << e.message();
    }
}

TYPED_TEST_P(SolverContract, DerivativeWithoutValueIsNamed) {
    struct Undefined : LinearSystem {
        Undefined() : LinearSystem({{-1, 0}, {0, -1}}, {1, 1}) {}
        bool rhs(double, std::span<const double>, std::span<double> dy) override {
            dy[0] = 0;
            dy[1] = std::nan("");
            return true;
        }
    } system;
    try {
        const auto integration = this->solver->start(system, options(1e-6), 0);
        (void)integration->step(1, false);
        FAIL() << "no error";
    } catch (const Error& e) {
        EXPECT_NE(e.message().find("state 1"), std::string::npos) << e.message();
    }
}

TYPED_TEST_P(SolverContract, ExceptionsOfTheSystemArriveUnchanged) {
    struct Faulty : LinearSystem {
        Faulty() : LinearSystem({{-1}}, {1}) {}
        bool rhs(double, std::span<const double>, std::span<double>) override { throw Error(ErrorKind::Value, "from the model"); }
    } system;
    try {
        const auto integration = this->solver->start(system, options(1e-6), 0);
        (void)integration->step(1, false);
        FAIL() << "no error";
    } catch (const Error& e) {
        EXPECT_EQ(e.message(), "from the model");
    }
}

REGISTER_TYPED_TEST_SUITE_P(SolverContract, DecayIsAsAccurateAsTheTolerance, StiffSystemTakesFewSteps, OscillatorKeepsItsPhase,
                            StopTimeIsHitExactly, ReinitializeTakesTheSystemsNewState, EveryIterationMethodAgrees,
                            StepsStayBelowTheLargestAllowed, FailureNamesTimeStepAndState, DerivativeWithoutValueIsNamed,
                            ExceptionsOfTheSystemArriveUnchanged);

}  // namespace nrn::contract
