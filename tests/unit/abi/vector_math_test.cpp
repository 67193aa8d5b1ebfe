// SPDX-License-Identifier: BSD-3-Clause
// Accuracy against long double, special values, and equality of vector and scalar results.
#include "nrn/abi/vector_math.h"

#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace {

double ulps(double got, long double want) {
    const double rounded = static_cast<double>(want);
    const double unit = std::nextafter(std::fabs(rounded), INFINITY) - std::fabs(rounded);
    return static_cast<double>(std::fabs(static_cast<long double>(got) - want) / unit);
}

class VectorMath : public testing::Test {
  protected:
    double between(double low, double high) { return std::uniform_real_distribution<>(low, high)(engine_); }
    std::mt19937_64 engine_{1};
    static constexpr int kDraws = 200000;
};

}  // namespace

TEST_F(VectorMath, ExpIsWithinOneAndAHalfUlp) {
    double worst = 0;
    for (int i = 0; i < kDraws; ++i) {
        const double scale = i % 3 == 0 ? 700 : i % 3 == 1 ? 20 : 1;
        const double x = between(-scale, scale);
        worst = std::max(worst, ulps(nrn_exp(x), std::exp(static_cast<long double>(x))));
    }
    EXPECT_LT(worst, 1.5);
}

TEST_F(VectorMath, ExpIsClampedAsTheSimulatorAlwaysDid) {
    EXPECT_EQ(nrn_exp(701), nrn_exp(700));
    EXPECT_EQ(nrn_exp(-700.5), 0);
    EXPECT_EQ(nrn_exp(0), 1);
    EXPECT_TRUE(std::isnan(nrn_exp(NAN)));
    EXPECT_EQ(nrn_exp(INFINITY), nrn_exp(700));
}

TEST_F(VectorMath, LogIsWithinOneUlp) {
    double worst = 0;
    for (int i = 0; i < kDraws; ++i) {
        const double x = std::exp(between(-1, 1) * (i % 3 == 0 ? 700 : i % 3 == 1 ? 2 : 0.1));
        worst = std::max(worst, ulps(nrn_log(x), std::log(static_cast<long double>(x))));
    }
    EXPECT_LT(worst, 1.0);
    EXPECT_EQ(nrn_log(0), -INFINITY);
    EXPECT_TRUE(std::isnan(nrn_log(-1)));
    EXPECT_EQ(nrn_log(1), 0);
    EXPECT_EQ(nrn_log(INFINITY), INFINITY);
    EXPECT_NEAR(nrn_log(5e-324), std::log(5e-324), 1e-12);
}

TEST_F(VectorMath, PowIsWithinTwoUlp) {
    double worst = 0;
    for (int i = 0; i < kDraws; ++i) {
        const double x = std::exp(between(-1, 1) * (i % 3 == 0 ? 50 : 3));
        const double y = between(-1, 1) * (i % 2 ? 10 : 3);
        const long double want = std::pow(static_cast<long double>(x), static_cast<long double>(y));
        if (want < 1e300L && want > 1e-300L) worst = std::max(worst, ulps(nrn_pow(x, y), want));
    }
    EXPECT_LT(worst, 2.0);
    EXPECT_EQ(nrn_pow(0, 2), 0);
    EXPECT_EQ(nrn_pow(0, 0), 1);
    EXPECT_EQ(nrn_pow(-2, 3), -8);
    EXPECT_TRUE(std::isnan(nrn_pow(-2, 0.5)));
    EXPECT_EQ(nrn_pow(2, -1), 0.5);
    EXPECT_EQ(nrn_pow(0, -1), INFINITY);
    EXPECT_EQ(nrn_pow(1, NAN), 1);
    EXPECT_EQ(nrn_pow(10, 400), INFINITY);
    EXPECT_EQ(nrn_pow(10, -400), 0);
}

TEST_F(VectorMath, LanesAndRemainderGiveTheSameBits) {
    std::vector<double> x(1003), together(x.size()), alone(x.size());
    for (auto& v : x) v = between(-30, 30);
    for (std::size_t i = 0; i < x.size(); ++i) together[i] = nrn_exp(x[i]) + nrn_log(x[i] + 40);
    for (std::size_t i = 0; i < x.size(); ++i) {
        volatile double one = x[i];  // keeps this loop scalar
        alone[i] = nrn_exp(one) + nrn_log(one + 40);
    }
    EXPECT_EQ(together, alone);
}
