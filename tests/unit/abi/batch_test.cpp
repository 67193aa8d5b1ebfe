// SPDX-License-Identifier: BSD-3-Clause
// Registers of instances: accuracy of the elementary functions, special values, partial loads and stores, places
// that are not contiguous, tables. Compiled for several machines; a machine without the instructions skips.
#include "nrn/abi/batch.hpp"

#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

#include <gtest/gtest.h>

using namespace nrn_batch;

namespace {

double ulps(double got, long double want) {
    const double rounded = static_cast<double>(want);
    const double unit = std::nextafter(std::fabs(rounded), INFINITY) - std::fabs(rounded);
    return static_cast<double>(std::fabs(static_cast<long double>(got) - want) / unit);
}

class BatchTest : public testing::Test {
  protected:
    void SetUp() override {
        if ((lanes == 4 && !__builtin_cpu_supports("fma")) || (lanes == 8 && !__builtin_cpu_supports("avx512vl"))) GTEST_SKIP() << "this machine lacks the instructions";
    }
    double between(double low, double high) { return std::uniform_real_distribution<>(low, high)(engine_); }
    template <class Draw>
    Batch draw(Draw one) {
        Lanes x;
        for (double& l : x.lane) l = one();
        return x.all;
    }
    std::mt19937_64 engine_{7};
    static constexpr int kDraws = 40000;
};

}  // namespace

TEST_F(BatchTest, ExpLogAndPowKeepTheirBounds) {
    double worst_exp = 0, worst_log = 0, worst_pow = 0;
    for (int k = 0; k < kDraws; ++k) {
        const double scale = k % 3 == 0 ? 700 : k % 3 == 1 ? 20 : 1;
        const Batch x = draw([&] { return between(-scale, scale); }), e = exp(x);
        const Batch y = draw([&] { return std::exp(between(-1, 1) * (k % 3 == 0 ? 700 : k % 3 == 1 ? 2 : 0.1)); }), l = log(y);
        const Batch base = draw([&] { return std::exp(between(-1, 1) * (k % 3 == 0 ? 50 : 3)); });
        const Batch power = draw([&] { return between(-1, 1) * (k % 2 ? 10 : 3); }), p = pow(base, power);
        for (int i = 0; i < lanes; ++i) {
            worst_exp = std::max(worst_exp, ulps(lane(e, i), std::exp(static_cast<long double>(lane(x, i)))));
            worst_log = std::max(worst_log, ulps(lane(l, i), std::log(static_cast<long double>(lane(y, i)))));
            worst_pow = std::max(worst_pow, ulps(lane(p, i), std::pow(static_cast<long double>(lane(base, i)), static_cast<long double>(lane(power, i)))));
        }
    }
    EXPECT_LT(worst_exp, 1.5);
    EXPECT_LT(worst_log, lanes == 2 ? 3 : 1);
    EXPECT_LT(worst_pow, 2.5);
}

TEST_F(BatchTest, SpecialValuesAreThoseOfTheScalarFunctions) {
    const double infinity = std::numeric_limits<double>::infinity(), nan = std::nan("");
    const double values[] = {-infinity, -1e300, -701, -700.5, -700, -3, -1, -0.5, -1e-310, -0.0, 0, 5e-324, 1e-310, 0.5, 1, 2, 3, 699, 700, 701, 1e300, infinity, nan};
    const auto same = [](double a, double b) { return std::isnan(a) ? std::isnan(b) : std::isinf(a) ? a == b : std::fabs(a - b) <= 1e-13 * std::fabs(a); };
    for (const double x : values) {
        EXPECT_TRUE(same(nrn_exp(x), lane(exp(all(x)), lanes - 1))) << "exp " << x;
        EXPECT_TRUE(same(nrn_log(x), lane(log(all(x)), lanes - 1))) << "log " << x;
        for (const double y : values) EXPECT_TRUE(same(nrn_pow(x, y), lane(pow(all(x), all(y)), lanes - 1))) << x << " ^ " << y << ": " << nrn_pow(x, y) << " and " << lane(pow(all(x), all(y)), lanes - 1);
    }
}

TEST_F(BatchTest, DivisionIsNearlyRoundedAndKnowsTheSpecialValues) {
    double worst = 0;
    for (int k = 0; k < kDraws; ++k) {
        const Batch a = draw([&] { return between(-1, 1) * std::exp(between(-300, 300)); }), b = draw([&] { return between(-1, 1) * std::exp(between(-300, 300)); });
        const Batch q = divide(a, b), r = reciprocal(b);
        for (int i = 0; i < lanes; ++i) {
            worst = std::max(worst, ulps(lane(q, i), static_cast<long double>(lane(a, i)) / lane(b, i)));
            worst = std::max(worst, ulps(lane(r, i), 1.0L / lane(b, i)));
        }
    }
    EXPECT_LT(worst, 0.75);
    const double infinity = std::numeric_limits<double>::infinity(), most = std::numeric_limits<double>::max(), nan = std::nan("");
    const double values[] = {-infinity, -most, -1, -1e-300, -5e-324, -0.0, 0, 5e-324, 1e-310, 1e-300, 1, 3, 1e300, 0x1p1022, 0x1.8p1023, most, infinity, nan};
    for (const double a : values)
        for (const double b : values) {
            const double q = lane(divide(all(a), all(b)), lanes - 1);
            if (std::isnan(a / b)) EXPECT_TRUE(std::isnan(q)) << a << " / " << b;
            else if (std::isinf(a / b) || a / b == 0) EXPECT_EQ(q, a / b) << a << " / " << b;
            else EXPECT_NEAR(q, a / b, std::fabs(a / b) * 1e-12 + 1e-320) << a << " / " << b;
        }
}

TEST_F(BatchTest, TwoReciprocalsByOneDivisionAreThoseOfTwo) {
    double worst = 0;
    const auto value = [&] { return between(-1, 1) * std::exp(between(-150, 150)); };
    for (int k = 0; k < kDraws; ++k) {
        const Batch a = draw(value), b = draw(value);
        Batch x, y;
        reciprocals(a, b, x, y);
        for (int i = 0; i < lanes; ++i) {
            worst = std::max(worst, ulps(lane(x, i), 1.0L / lane(a, i)));
            worst = std::max(worst, ulps(lane(y, i), 1.0L / lane(b, i)));
        }
    }
    EXPECT_LT(worst, 2.5);
    const double infinity = std::numeric_limits<double>::infinity(), values[] = {-infinity, -1e300, -1, -1e-300, -0.0, 0, 1e-310, 1e-300, 1, 3, 1e300, infinity};
    for (const double a : values)
        for (const double b : values) {
            Lanes p, q;
            p.all = q.all = all(2.0);
            p.lane[0] = a;
            q.lane[0] = b;
            Batch x, y;
            reciprocals(p.all, q.all, x, y);
            const auto near = [](double got, double want) { return std::isinf(want) || want == 0 ? got == want : std::fabs(got - want) <= 1e-14 * std::fabs(want); };
            EXPECT_TRUE(near(lane(x, 0), 1 / a)) << a << " " << b;
            EXPECT_TRUE(near(lane(y, 0), 1 / b)) << a << " " << b;
            EXPECT_EQ(lane(x, lanes - 1), 0.5);  // whatever its neighbour
        }
}

TEST_F(BatchTest, SeveralExponentialsAreThoseOfOne) {
    const double infinity = std::numeric_limits<double>::infinity(), odd[] = {-infinity, -1e300, -800, -700.5, -700, 0, 700, 700.5, 1e300, infinity, std::nan("")};
    for (int k = 0; k < 2000; ++k) {
        Batch x[4];
        for (Batch& b : x) b = draw([&] { return between(-30, 30); });
        if (k % 2) {
            Lanes some;
            some.all = x[k % 4];
            some.lane[k % lanes] = odd[k % 11];
            x[k % 4] = some.all;
        }
        Batch y[4] = {x[0], x[1], x[2], x[3]};
        Wide z[3] = {{x[0], x[1]}, {x[2], x[3]}, {x[0], x[2]}};
        exp(y);
        exp(z);
        for (int i = 0; i < lanes; ++i)
            for (int j = 0; j < 4; ++j) {
                const double one = lane(exp(x[j]), i), of_wide = lane(j % 2 ? z[j / 2].b : z[j / 2].a, i);
                if (std::isnan(one)) EXPECT_TRUE(std::isnan(lane(y[j], i)) && std::isnan(of_wide));
                else EXPECT_TRUE(lane(y[j], i) == one && of_wide == one) << lane(x[j], i);
            }
    }
}

TEST_F(BatchTest, WideRegistersTouchTheirInstancesOnly) {
    std::vector<std::int32_t> rows(wide_lanes);
    for (int gap = 0; gap < 2; ++gap)
        for (int count = 1; count <= wide_lanes; ++count) {
            for (int i = 0; i < wide_lanes; ++i) rows[static_cast<std::size_t>(i)] = 2 + i * (1 + gap);
            EXPECT_EQ(contiguous(rows.data(), 0, count), gap == 0 || count == 1);
            std::vector<double> base(3 * wide_lanes), wanted;
            std::iota(base.begin(), base.end(), 0.5);
            wanted = base;
            const WidePlace at = wide_place(rows.data(), count, contiguous(rows.data(), 0, count));
            const Wide x = load(base.data(), at);
            for (int i = 0; i < count; ++i) EXPECT_EQ(lane(x, i), base[static_cast<std::size_t>(rows[static_cast<std::size_t>(i)])]);
            add(base.data(), at, all(0.25));
            for (int i = 0; i < count; ++i) wanted[static_cast<std::size_t>(rows[static_cast<std::size_t>(i)])] += 0.25;
            EXPECT_EQ(base, wanted);
            store(base.data(), wide_load(wanted.data() + 1, count), count);
            for (int i = 0; i < wide_lanes; ++i)
                if (i < count) EXPECT_EQ(base[static_cast<std::size_t>(i)], wanted[static_cast<std::size_t>(i) + 1]);
                else EXPECT_EQ(base[static_cast<std::size_t>(i)], wanted[static_cast<std::size_t>(i)]);
        }
}

TEST_F(BatchTest, AnUnusualLaneLeavesItsNeighboursAlone) {
    for (int k = 0; k < 1000; ++k) {
        Lanes x, y;
        x.all = y.all = draw([&] { return between(0.1, 30); });
        const int odd = k % lanes;
        y.lane[odd] = k % 2 ? -1 : 0;
        const Batch a = pow(x.all, all(1.7)) + log(x.all), b = pow(y.all, all(1.7)) + log(y.all);
        for (int i = 0; i < lanes; ++i)
            if (i != odd) EXPECT_EQ(lane(a, i), lane(b, i));
    }
}

TEST_F(BatchTest, PartsOfARegisterTouchNothingElse) {
    std::vector<double> from(2 * lanes), to(2 * lanes, -1);
    std::iota(from.begin(), from.end(), 1);
    for (int count = 1; count <= lanes; ++count) {
        std::fill(to.begin(), to.end(), -1);
        store(to.data() + 1, load(from.data() + 1, count), count);
        for (int i = 0; i < 2 * lanes; ++i) EXPECT_EQ(to[static_cast<std::size_t>(i)], i >= 1 && i <= count ? from[static_cast<std::size_t>(i)] : -1);
    }
}

TEST_F(BatchTest, PlacesMayBeContiguousApartOrShared) {
    const std::vector<std::vector<std::int32_t>> lists{{3, 4, 5, 6, 7, 8, 9, 10}, {0, 2, 3, 9, 11, 12, 14, 15}, {5, 5, 6, 8, 8, 8, 9, 12}};
    for (const auto& rows : lists)
        for (int count = 1; count <= lanes; ++count) {
            std::vector<double> base(16), wanted;
            std::iota(base.begin(), base.end(), 0.5);
            wanted = base;
            const Place at = place(rows.data(), count);
            const Batch x = load(base.data(), at);
            for (int i = 0; i < count; ++i) EXPECT_EQ(lane(x, i), base[static_cast<std::size_t>(rows[static_cast<std::size_t>(i)])]);
            add(base.data(), at, all(0.25));
            for (int i = 0; i < count; ++i) wanted[static_cast<std::size_t>(rows[static_cast<std::size_t>(i)])] += 0.25;
            EXPECT_EQ(base, wanted);
        }
}

template <int N>
static void look_up() {
    constexpr int width = table_width(N), intervals = 20;
    std::vector<double> rows(static_cast<std::size_t>(width) * (intervals + 1));
    const auto value = [](int row, int variable) { return std::sin(row * 0.3 + variable); };
    for (int i = 0; i <= intervals; ++i)
        for (int j = 0; j < N; ++j) rows[static_cast<std::size_t>(i * width + j)] = value(i, j);
    for (double x = -12; x < 13; x += 0.37) {
        Batch y[N];
        table_values<N>(rows.data(), table_places(all(x), -10, 1, intervals), y);
        const double clamped = std::min(10.0, std::max(-10.0, x)) + 10;
        const int i = std::min(intervals - 1, static_cast<int>(clamped));
        for (int j = 0; j < N; ++j) EXPECT_NEAR(lane(y[j], lanes - 1), value(i, j) + (clamped - i) * (value(i + 1, j) - value(i, j)), 1e-15) << N << " " << j;
    }
    Batch y[N];
    table_values<N>(rows.data(), table_places(all(std::nan("")), -10, 1, intervals), y);
    EXPECT_TRUE(std::isnan(lane(y[N - 1], 0)));
}

TEST_F(BatchTest, TablesOfAnyWidth) {
    look_up<1>();
    look_up<2>();
    look_up<3>();
    look_up<4>();
    look_up<6>();
    look_up<8>();
    look_up<11>();
}
