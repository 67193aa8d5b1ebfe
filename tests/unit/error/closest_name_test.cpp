// SPDX-License-Identifier: BSD-3-Clause
#include "error/closest_name.hpp"

#include <gtest/gtest.h>

using nrn::ClosestName;

namespace {
std::string best(std::string_view wanted, std::initializer_list<const char*> names) {
    ClosestName closest(wanted);
    for (const char* n : names) closest.offer(n);
    return closest.best();
}
}  // namespace

TEST(ClosestName, FindsATransposition) { EXPECT_EQ(best("inesrt", {"insert", "inert_gas", "sin"}), "insert"); }
TEST(ClosestName, FindsAnExtraLetter) { EXPECT_EQ(best("gnabarr_hh", {"gkbar_hh", "gnabar_hh"}), "gnabar_hh"); }
TEST(ClosestName, IgnoresCase) { EXPECT_EQ(best("netcon", {"NetCon", "NetStim"}), "NetCon"); }
TEST(ClosestName, SaysNothingWhenNothingIsNear) { EXPECT_EQ(best("zebra", {"soma", "dend"}), ""); }
TEST(ClosestName, DoesNotSuggestTheWordItself) { EXPECT_EQ(best("soma", {"soma"}), ""); }
TEST(ClosestName, TiesGoToTheAlphabeticallyFirst) { EXPECT_EQ(best("cat", {"hat", "bat"}), "bat"); }
