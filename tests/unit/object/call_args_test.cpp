// SPDX-License-Identifier: BSD-3-Clause
#include "nrn/api/callable.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"

using namespace nrn;

class CallArgsTest : public testing::Test {
  protected:
    CallArgs args(std::vector<Value> values) {
        values_ = std::move(values);
        return CallArgs(runtime_, "f", values_);
    }
    Runtime runtime_{RuntimeOptions{.autoload = false}};
    std::vector<Value> values_;
};

TEST_F(CallArgsTest, AMissingArgumentIsNamedByItsNumber) {
    try {
        (void)args({1.0}).number(1);
        FAIL();
    } catch (const Error& e) {
        EXPECT_EQ(e.kind(), ErrorKind::Argument);
        EXPECT_EQ(e.message(), "`f` misses argument 2: not enough arguments");
    }
}

TEST_F(CallArgsTest, AnArgumentOfAnotherTypeIsATypeError) {
    try {
        (void)args({Value("abc")}).number(0);
        FAIL();
    } catch (const Error& e) {
        EXPECT_EQ(e.message(), "argument 1 of `f` must be a number, not a string");
    }
}

TEST_F(CallArgsTest, ReferencesAreFollowedWhereAValueIsWanted) {
    const RefPtr text = make_cell(Value("abc"));
    const auto a = args({Value(text), Value(make_cell(2.0))});
    EXPECT_TRUE(a.is_string(0));
    EXPECT_EQ(a.number(1), 2);
    a.string_cell(0).text = "changed";
    EXPECT_EQ(text->get().string(), "changed");
}

TEST_F(CallArgsTest, RangesAreCheckedInWords) {
    EXPECT_THROW((void)args({3.0}).number_in(0, 0, 1), Error);
    EXPECT_EQ(args({0.5}).number_in(0, 0, 1), 0.5);
    EXPECT_THROW((void)args({1e300}).integer(0), Error);
    EXPECT_EQ(args({2.9999999999999}).integer(0), 2);
}

TEST(RuntimePair, TwoRuntimesLiveInOneProcess) {
    Runtime first(RuntimeOptions{.autoload = false}), second(RuntimeOptions{.autoload = false});
    first.scope().define_number("only_here", 1);
    EXPECT_EQ(second.scope().find("only_here"), nullptr);
}
