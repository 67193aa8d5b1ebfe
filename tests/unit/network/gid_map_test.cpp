// SPDX-License-Identifier: BSD-3-Clause
#include "network/gid_map.hpp"

#include <gtest/gtest.h>

#include "engine/simulation.hpp"
#include "events/network.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"

namespace nrn {
namespace {

struct GidMapTest : testing::Test {
    Runtime runtime{RuntimeOptions{.autoload = false}};
    GidMap gids{runtime};
    SpikeSourcePtr source() {
        return runtime.simulation().network().source_of_variable(make_cell(Value(0.0)), nullptr, 0);
    }
};

TEST_F(GidMapTest, ExistsTellsHowFarAGidHasCome) {
    EXPECT_EQ(gids.exists(5), 0);
    gids.own(5);
    EXPECT_EQ(gids.exists(5), 1);
    gids.assign(5, source(), false);
    EXPECT_EQ(gids.exists(5), 2);
    gids.make_output(5);
    EXPECT_EQ(gids.exists(5), 3);
    gids.clear();
    EXPECT_EQ(gids.exists(5), 0);
}

TEST_F(GidMapTest, AGidLivesOnceOnARank) {
    gids.own(5);
    EXPECT_THROW(gids.own(5), Error);
    gids.assign(5, source(), true);
    EXPECT_THROW(gids.assign(5, source(), true), Error);
    EXPECT_THROW(gids.own(-1), Error);
}

TEST_F(GidMapTest, ASourceFiresAsOneGid) {
    const auto s = source();
    gids.own(1);
    gids.own(2);
    gids.assign(1, s, true);
    EXPECT_THROW(gids.assign(2, s, true), Error);
}

TEST_F(GidMapTest, CellsMustBeRegisteredFirst) { EXPECT_THROW(gids.assign(7, source(), true), Error); }

TEST_F(GidMapTest, RemoteGidsGetAStandIn) {
    const auto stand_in = gids.source_for(9);
    EXPECT_EQ(stand_in->gid, 9);
    EXPECT_EQ(gids.remote(9), stand_in.get());
    EXPECT_EQ(gids.remote(10), nullptr);
    EXPECT_EQ(gids.source_for(9), stand_in);
}

}  // namespace
}  // namespace nrn
