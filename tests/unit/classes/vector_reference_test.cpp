// SPDX-License-Identifier: BSD-3-Clause
// Vector methods against values recorded from the established simulator (conformance cases hoc 023-025, 075, 087).
#include <cmath>
#include <cstdio>
#include <numbers>

#include "fixture.hpp"

namespace nrn {
namespace {

using Numbers = std::vector<double>;

void expect_near(const Numbers& got, const Numbers& wanted, double tolerance) {
    ASSERT_GE(got.size(), wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) EXPECT_NEAR(got[i], wanted[i], tolerance) << "element " << i;
}

const Numbers kData{0, 0.5, 1, 1.5, 1.9999, 2, 3.7, 4, 5, -1, 9.2};

TEST_F(ClassesTest, HistogramsCountAsRecorded) {
    const Value d = vector(kData), h = vector({});
    EXPECT_EQ(contents(call(d, "histogram", {0, 5, 1})), (Numbers{1, 2, 3, 1, 1, 1, 1}));
    EXPECT_EQ(contents(call(d, "histogram", {-2, 4, 2})), (Numbers{0, 1, 5, 2, 2}));
    EXPECT_EQ(contents(call(d, "histogram", {0, 1, 0.3})), (Numbers{0, 1, 1, 0, 1}));
    call(h, "hist", {d, 1, 3, 0.5});
    EXPECT_EQ(contents(h), (Numbers{1, 2, 1}));
    call(h, "psth", {call(call(d, "c"), "abs"), 1, 2, 3});
    expect_near(contents(h), {375, 375, 500, 874.975, 999.975, 1425, 1850, 2000, 2500, 2550, 4600}, 1e-9);
    call(h, "smhist", {vector({0, 0, 1, 0, 2, 0, 0}), 0, 6, 1, 0.8});
    expect_near(contents(h), {2.505511, 1.878490, 0.867837, 0.283399, 0.038322, 0.001629}, 1e-6);
    expect_near(contents(call(d, "sumgauss", {0, 4, 0.5, 0.4})), {1.533732, 1.990981, 2.381214, 2.407913, 1.818767, 1.084182, 0.907462, 1.176801}, 1e-6);
}

TEST_F(ClassesTest, SpikesAreFoundAndAveraged) {
    const Value h = vector({});
    call(h, "spikebin", {vector({-65, -65, 10, 30, -65, -65, -5, 0, 1, 2, -65, 20}), 0});
    EXPECT_EQ(contents(h), (Numbers{0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1}));
    EXPECT_EQ(call(h, "trigavg", {call(vector(Numbers(11)), "indgen"), vector({1, 4, 6, 20}), 1, 3}).number(), 3);
    expect_near(contents(h), {2.66667, 3.66667, 4.66667, 5.66667}, 1e-5);
    call(h, "inf", {vector(Numbers(12, 2)), 0.1, 0.5, -65, 1, -62, -64});
    expect_near(contents(h), {-65, -64.8, -64.61, -64.4295, -64.258}, 1e-4);
}

TEST_F(ClassesTest, SpectralMethodsGiveTheRecordedNumbers) {
    Numbers a(32), b(32);
    for (int i = 0; i < 32; ++i) {
        a[static_cast<std::size_t>(i)] = std::sin(2 * std::numbers::pi * i / 8);
        b[static_cast<std::size_t>(i)] = std::cos(2 * std::numbers::pi * i / 8) + 0.1 * (i % 3);
    }
    const Value r = vector({}), f = vector({0.5, 0.3, 0.2});
    call(r, "correl", {vector(a), vector(b)});
    expect_near(contents(r), {0.05858, 11.28442, 15.9, 11.20158, -0.05858}, 1e-5);
    call(r, "filter", {vector(a), f});
    expect_near(contents(r), {-0.04273, 1.62569, 2.34180, 1.68612, 0.04273, -1.62569}, 1e-5);
    const Value power = vector({});
    call(power, "spctrm", {vector(b)});
    EXPECT_EQ(contents(power).size(), 4u);
    expect_near(contents(power), {0.115826, 0.317095, 0.087682, 0.007958}, 1e-6);
    Numbers impulse(16);
    impulse[4] = 1;
    call(r, "convlv", {vector(impulse), f});
    expect_near(contents(r), {0, 0, 0, 0.2, 0.5, 0.3, 0}, 1e-12);
    const Value g = vector({0.6, 0.3, 0.1});
    call(r, "convlv", {vector(impulse), g});
    call(r, "convlv", {vector(contents(r)), g, -1});
    expect_near(contents(r), impulse, 1e-10);
    EXPECT_THROW(call(r, "convlv", {vector(impulse), f, -1}), Error);
}

TEST_F(ClassesTest, CalculusGivesTheRecordedNumbers) {
    const Value a = vector({0, 1, 4, 9, 16, 25, 36, 49}), b = vector({});
    call(b, "deriv", {a, 0.5});
    EXPECT_EQ(contents(b), (Numbers{2, 4, 8, 12, 16, 20, 24, 26}));
    call(b, "deriv", {a, 1, 1});
    EXPECT_EQ(contents(b), (Numbers{1, 3, 5, 7, 9, 11, 13}));
    call(b, "integral", {a, 0.25});
    EXPECT_EQ(contents(b), (Numbers{0, 0.25, 1.25, 3.5, 7.5, 13.75, 22.75, 35}));
    call(b, "interpolate", {vector({-1, 0.5, 1, 2, 4.5, 6, 9}), vector({0, 1, 3, 6}), vector({0, 10, 0, 30})});
    EXPECT_EQ(contents(b), (Numbers{0, 5, 10, 5, 15, 30, 30}));
    call(b, "rotate", {2, 0});
    EXPECT_EQ(contents(b), (Numbers{0, 0, 0, 5, 10, 5, 15}));
    call(b, "medfltr", {vector({1, 9, 2, 8, 3})});
    EXPECT_EQ(contents(b), (Numbers{9, 2, 8, 3, 8}));
}

TEST_F(ClassesTest, BinaryFilesComeBackWithTheirTypesPrecision) {
    const Value f = make("File"), data = vector({1, -2, 3.75, 300, 0}), w = vector({});
    ASSERT_EQ(call(f, "mktemp").number(), 1);
    const Numbers kExpected[] = {{1.55294, -2, 3.92157, 300, 0.368627}, {0.999954, -2, 3.74646, 300, -3.0518e-05}, {1, -2, 3.75, 300, 0}, {1, -2, 3.75, 300, 0}, {1, -2, 3, 300, 0}};
    for (int type = 1; type <= 5; ++type) {
        call(f, "wopen");
        call(data, "vwrite", {f, type});
        call(f, "close");
        call(f, "ropen");
        EXPECT_EQ(call(w, "vread", {f}).number(), 1);
        call(f, "close");
        expect_near(contents(w), kExpected[type - 1], 1e-5);
    }
    call(f, "wopen");
    call(f, "printf", {"%d %d\nnan 3 text -99 7\n", 1, 2});
    call(f, "close");
    call(f, "ropen");
    EXPECT_EQ(call(w, "scantil", {f, -99}).number(), 3);
    EXPECT_EQ(call(f, "scanvar").number(), 7);
    EXPECT_EQ(call(f, "eof").number(), 1);
    EXPECT_THROW(call(f, "scanvar"), Error);
    call(f, "close");
    call(f, "unlink");
    EXPECT_EQ(call(f, "ropen").number(), 0);
    EXPECT_THROW(call(f, "scanvar"), Error);
}

TEST_F(ClassesTest, MatrixSolvesAndDecomposes) {
    const Value m = make("Matrix", {3, 3});
    for (int i = 0; i < 3; ++i)
        for (int j = 0; j < 3; ++j) call(m, "setval", {i, j, std::pow(i + 1, j) + (i == j)});
    const RefPtr exponent = make_cell(0.0);
    EXPECT_NEAR(call(m, "det", {exponent}).number(), 3, 1e-12);
    EXPECT_EQ(*exponent->data(), 1);
    expect_near(contents(call(m, "solv", {vector({1, 2, 3})})), {0.23333333, 0.36666667, 0.16666667}, 1e-8);
    EXPECT_EQ(contents(call(m, "getdiag", {1})), (Numbers{1, 4, 0}));
    EXPECT_THROW(call(m, "getval", {3, 0}), Error);
    EXPECT_THROW(call(make("Matrix", {2, 3}), "inverse"), Error);
    const Value s = make("Matrix", {50, 50, 2});
    call(s, "setval", {3, 40, 2.5});
    EXPECT_EQ(call(s, "sprowlen", {3}).number(), 1);
    EXPECT_EQ(call(s, "sprowlen", {4}).number(), 0);
    EXPECT_EQ(call(s, "spgetrowval", {3, 0, exponent}).number(), 2.5);
    EXPECT_EQ(*exponent->data(), 40);
}

TEST_F(ClassesTest, GraphsKeepWhatIsDrawn) {
    const Value g = make("Graph"), x = vector({}), y = vector({}), v = vector({5, 6});
    const RefPtr a = make_cell(1.0);
    call(g, "addvar", {"a", a});
    call(g, "plot", {0});
    *a->data() = 3;
    call(g, "plot", {1});
    call(v, "plot", {g, 0.5});
    EXPECT_EQ(call(g, "getline", {-1, x, y}).number(), 0);
    EXPECT_EQ(contents(y), (Numbers{1, 3}));
    EXPECT_EQ(call(g, "getline", {0, x, y}).number(), 1);
    EXPECT_EQ(contents(x), (Numbers{0, 0.5}));
    EXPECT_EQ(call(g, "getline", {1, x, y}).number(), -1);
}

}  // namespace
}  // namespace nrn
