// SPDX-License-Identifier: BSD-3-Clause
#include "network/serial_communicator.hpp"

#include <gtest/gtest.h>

#include "nrn/api/error.hpp"

namespace nrn {
namespace {

const std::vector<std::byte> kBytes{std::byte{1}, std::byte{2}};

TEST(SerialCommunicator, CollectivesAreTheIdentity) {
    SerialCommunicator c;
    double x = 3;
    c.allreduce(std::span<double>(&x, 1), Communicator::Op::Sum);
    EXPECT_EQ(x, 3);
    EXPECT_EQ(c.allgather(kBytes), std::vector<std::vector<std::byte>>({kBytes}));
    EXPECT_EQ(c.gather(kBytes, 0), std::vector<std::vector<std::byte>>({kBytes}));
    EXPECT_EQ(c.alltoall({kBytes}), std::vector<std::vector<std::byte>>({kBytes}));
}

TEST(SerialCommunicator, MessagesToOneselfWaitByTag) {
    SerialCommunicator c;
    c.send(kBytes, 0, 5);
    EXPECT_FALSE(c.probe(-1, 6));
    ASSERT_TRUE(c.probe(-1, 5));
    EXPECT_EQ(c.receive(-1, 5).bytes, kBytes);
    EXPECT_THROW((void)c.receive(-1, 5), Error);
}

TEST(SerialCommunicator, OtherRanksDoNotExist) {
    SerialCommunicator c;
    EXPECT_THROW(c.send(kBytes, 1, 0), Error);
    EXPECT_THROW((void)c.gather(kBytes, 1), Error);
}

}  // namespace
}  // namespace nrn
