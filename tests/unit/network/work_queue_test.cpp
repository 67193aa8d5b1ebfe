// SPDX-License-Identifier: BSD-3-Clause
#include "network/work_queue.hpp"

#include <gtest/gtest.h>

#include "nrn/api/callable.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"

namespace nrn {
namespace {

Value twice(CallArgs& a) { return 2 * a.number(0); }
Value nested(CallArgs& a) {
    auto& queue = a.runtime().service<WorkQueue>();
    for (int i = 0; i < 3; ++i) queue.submit({Value("twice"), Value(i)}, {});
    double sum = 0;
    while (queue.working() != 0) sum += queue.return_value();
    return sum;
}
constexpr Function functions[] = {{"twice", twice}, {"nested", nested}};

struct WorkQueueTest : testing::Test {
    Runtime runtime{RuntimeOptions{.autoload = false}};
    WorkQueue& queue = runtime.service<WorkQueue>();
    WorkQueueTest() { runtime.scope().define_functions(functions); }
};

TEST_F(WorkQueueTest, EveryJobComesBackOnce) {
    queue.submit({Value("twice"), Value(1)}, 10.0);
    queue.submit({Value("twice"), Value(2)}, {});
    double sum = 0;
    int count = 0;
    while (queue.working() != 0) {
        sum += queue.return_value();
        ++count;
    }
    EXPECT_EQ(count, 2);
    EXPECT_EQ(sum, 6);
    EXPECT_EQ(queue.working(), 0);
}

TEST_F(WorkQueueTest, JobsMaySubmitJobs) {
    queue.submit({Value("nested")}, {});
    ASSERT_NE(queue.working(), 0);
    EXPECT_EQ(queue.return_value(), 6);
    EXPECT_EQ(queue.working(), 0);
}

TEST_F(WorkQueueTest, TakingWhatNobodyPostedIsAnError) { EXPECT_THROW(queue.take("nothing"), Error); }

TEST_F(WorkQueueTest, UnpackingPastTheEndIsAnError) {
    queue.pack(Value(1));
    queue.post("k");
    queue.take("k");
    EXPECT_EQ(queue.unpack().number(), 1);
    EXPECT_THROW((void)queue.unpack(), Error);
}

TEST_F(WorkQueueTest, UnknownFunctionsAreNamed) {
    queue.submit({Value("no_such"), Value(1)}, {});
    try {
        queue.working();
        FAIL();
    } catch (const Error& e) {
        EXPECT_NE(e.message().find("no_such"), std::string::npos);
    }
}

}  // namespace
}  // namespace nrn
