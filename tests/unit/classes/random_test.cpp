// SPDX-License-Identifier: BSD-3-Clause
// Streams and distributions against recorded values of the established simulator (its conformance cases).
#include "fixture.hpp"
#include "random/mcell_ran4.hpp"

namespace nrn {
namespace {

TEST(McellRan4, GivesThePublishedStream) {
    std::uint32_t high = 1;
    EXPECT_NEAR(mcell_ran4_uniform(high, 0), 0.7628303429, 1e-10);
    EXPECT_NEAR(mcell_ran4_uniform(high, 0), 0.8716539089, 1e-10);
    EXPECT_EQ(high, 3u);
    high = 100;
    EXPECT_NEAR(mcell_ran4_uniform(high, 77), 0.0905655904, 1e-10);
}

TEST_F(ClassesTest, RandomDistributionsDrawAtOnce) {
    const Value r = make("Random");
    call(r, "Random123", {11, 10});
    call(r, "erlang", {4, 8});
    EXPECT_NEAR(call(r, "repick").number(), 8.0747176, 1e-7);
    call(r, "Random123", {1, 2, 3});
    EXPECT_NEAR(call(r, "uniform", {0, 1}).number(), 0.9808618974, 1e-10);
    EXPECT_EQ(call(r, "seq").number(), 1);
    call(r, "seq", {3});
    EXPECT_NEAR(call(r, "repick").number(), 0.1265552689, 1e-10);
}

TEST_F(ClassesTest, RandomRefusesParametersWithoutMeaning) {
    const Value r = make("Random");
    EXPECT_THROW(call(r, "normal", {0, -1}), Error);
    EXPECT_THROW(call(r, "geometric", {1}), Error);
    EXPECT_THROW(call(r, "seq", {-1}), Error);
}

}  // namespace
}  // namespace nrn
