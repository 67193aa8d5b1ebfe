// SPDX-License-Identifier: BSD-3-Clause
// Minimisers on functions with known minima, and Vector.fit through its call.
#include "classes/minimise.hpp"

#include <cmath>

#include "fixture.hpp"

namespace nrn {
namespace {

double banana(const std::vector<double>& x) { return 100 * std::pow(x[1] - x[0] * x[0], 2) + std::pow(1 - x[0], 2); }

TEST(Minimise, BothMethodsWalkTheCurvedValley) {
    std::vector<double> x{-1.2, 1};
    EXPECT_NEAR(minimise_simplex(banana, x, 20000), 0, 1e-10);
    EXPECT_NEAR(x[0], 1, 1e-4);
    x = {-1.2, 1};
    minimise_principal_axis(banana, x, {.tolerance = 1e-6, .greatest_step = 0.5, .most_evaluations = 100000, .after_cycle = {}});
    EXPECT_NEAR(x[0], 1, 1e-4);
    EXPECT_NEAR(x[1], 1, 1e-4);
}

TEST(Minimise, PrincipalAxisFindsABowlFromAfar) {
    std::vector<double> x{10, 10};
    const auto bowl = [](const std::vector<double>& p) { return std::pow(p[0] - 3, 2) + 4 * std::pow(p[0] - p[1] - 1, 2) + 2; };
    EXPECT_NEAR(minimise_principal_axis(bowl, x, {.tolerance = 1e-6, .greatest_step = 0.5, .most_evaluations = 100000, .after_cycle = {}}), 2, 1e-9);
    EXPECT_NEAR(x[0], 3, 1e-5);
    EXPECT_NEAR(x[1], 2, 1e-5);
}

TEST_F(ClassesTest, VectorFitFindsAnExponential) {
    std::vector<double> x(20), y(20);
    for (std::size_t i = 0; i < 20; ++i) x[i] = 0.5 * static_cast<double>(i), y[i] = 3 * std::exp(-x[i] / 2);
    const RefPtr a = make_cell(1.0), k = make_cell(0.5);
    const Value fitted = vector({});
    EXPECT_LT(call(vector(y), "fit", {fitted, "exp1", vector(x), a, k}).number(), 1e-10);
    EXPECT_NEAR(*a->data(), 3, 1e-4);
    EXPECT_NEAR(*k->data(), 2, 1e-4);
    EXPECT_NEAR(contents(fitted)[4], 3 * std::exp(-1.0), 1e-4);
}

}  // namespace
}  // namespace nrn
