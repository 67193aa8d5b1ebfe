// SPDX-License-Identifier: BSD-3-Clause
// Vector, List, strings and mathematics through the calls that languages make.
#include <cmath>

#include "fixture.hpp"

namespace nrn {
namespace {

using Numbers = std::vector<double>;

TEST_F(ClassesTest, VectorMethodsChainOnTheSameObject) {
    const Value v = make("Vector", {5});
    EXPECT_EQ(call(v, "indgen", {2}).object(), v.object());
    EXPECT_EQ(contents(v), (Numbers{0, 2, 4, 6, 8}));
    call(v, "indgen", {0, 10, 2.5});
    EXPECT_EQ(contents(v), (Numbers{0, 2.5, 5, 7.5, 10}));
}

TEST_F(ClassesTest, VectorCopiesGrowTheDestination) {
    const Value a = vector({1, 2, 3}), b = vector({});
    call(b, "copy", {a, 3});
    EXPECT_EQ(contents(b), (Numbers{0, 0, 0, 1, 2, 3}));
    call(b, "copy", {a, 0, 1, 2});
    EXPECT_EQ(contents(b), (Numbers{2, 3, 0, 1, 2, 3}));
    call(b, "append", {b, 9});
    EXPECT_EQ(contents(b).size(), 13u);
}

TEST_F(ClassesTest, VectorNegativeSizeIsRefused) {
    EXPECT_THROW(call(vector({1}), "resize", {-2}), Error);
    EXPECT_THROW(make("Vector", {-1}), Error);
    EXPECT_THROW(call(vector({}), "mean"), Error);
    EXPECT_THROW(call(vector({1}), "get", {1}), Error);
}

TEST_F(ClassesTest, VectorsThatFollowOthersAreNew) {
    std::vector<double> sums;
    for (int turn = 0; turn < 300; ++turn) {  // more than are kept for reuse, shorter and longer ones
        std::vector<Value> all;
        for (int i = 0; i < 80; ++i) all.push_back(make("Vector", {static_cast<double>((turn * 7 + i * 13) % 300)}));
        double sum = 0;
        for (const Value& v : all) {
            for (const double x : contents(v)) sum += x;
            if (!contents(v).empty()) call(v, "fill", {1});
        }
        sums.push_back(sum);
    }
    EXPECT_EQ(sums, Numbers(300, 0));
}

TEST_F(ClassesTest, VectorConditionsAllowForFloatEpsilon) {
    const Value v = vector({1, 2, 2, 3});
    EXPECT_EQ(call(v, "indwhere", {">=", 2 + 1e-12}).number(), 1);
    EXPECT_EQ(call(v, "indwhere", {"==", 2 + 1e-10}).number(), -1);
    EXPECT_THROW(call(v, "indwhere", {"=", 2}), Error);
}

TEST_F(ClassesTest, VectorFourierTransformComesBack) {
    const Value x = vector({3, 1, 4, 1, 5, 9, 2, 6}), y = vector({}), z = vector({});
    call(y, "fft", {x, 1});
    EXPECT_DOUBLE_EQ(contents(y)[0], 31);
    call(z, "fft", {y, -1});
    for (std::size_t i = 0; i < 8; ++i) EXPECT_NEAR(contents(z)[i] / 4, contents(x)[i], 1e-12);
}

TEST_F(ClassesTest, VectorReferenceDiesWithItsElement) {
    const Value v = vector({1, 2, 3});
    const long two[] = {2};
    const RefPtr ref = v.object()->cls().member("x")->ref(*v.object(), two);
    *ref->data() = 7;
    EXPECT_EQ(contents(v)[2], 7);
    call(v, "resize", {2});
    EXPECT_FALSE(ref->valid());
    EXPECT_THROW(static_cast<void>(ref->data()), Error);
}

TEST_F(ClassesTest, ListFollowsLiveInstances) {
    const Value followed = make("List", {"Vector"});
    {
        const Value v = vector({1});
        EXPECT_EQ(call(followed, "count").number(), 1);
        EXPECT_EQ(call(followed, "o", {0}).object(), v.object());
    }
    EXPECT_EQ(call(followed, "count").number(), 0);
    EXPECT_THROW(make("List", {"NoSuchClass"}), Error);
}

TEST_F(ClassesTest, StringHeadAndTailUseRegularExpressions) {
    const Value sf = make("StringFunctions");
    const Value out = Value("");
    EXPECT_EQ(call(sf, "head", {"soma[12].name", "[0-9]+", out}).number(), 5);
    EXPECT_EQ(out.string(), "soma[");
    EXPECT_EQ(call(sf, "tail", {"soma[12].name", "[0-9]+", out}).number(), 7);
    EXPECT_EQ(out.string(), "].name");
}

TEST_F(ClassesTest, FormatsCheckTheirConversions) {
    const Value out = Value("");
    function("sprint", {out, "%d %5.2f|%-4s|%%", 7.9, 3.14159, "ab"});
    EXPECT_EQ(out.string(), "7  3.14|ab  |%");
    function("sprint", {out, "%3d% ==", 5});  // what the C library does not know stands as it is
    EXPECT_EQ(out.string(), "  5% ==");
    EXPECT_THROW(function("sprint", {out, "%d"}), Error);
    const RefPtr x = make_cell(0.0);
    EXPECT_EQ(function("sscanf", {"run 42 end", "run %d", x}).number(), 1);
    EXPECT_EQ(*x->data(), 42);
}

TEST_F(ClassesTest, ExponentialIsClamped) {
    EXPECT_EQ(function("exp", {1000}).number(), std::exp(700.0));
    EXPECT_EQ(function("exp", {-800}).number(), 0);
    EXPECT_EQ(function("int", {4 - 1e-13}).number(), 4);
}

}  // namespace
}  // namespace nrn
