// SPDX-License-Identifier: BSD-3-Clause
#include "network/value_stream.hpp"

#include <gtest/gtest.h>

#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "object/vector.hpp"

namespace nrn {
namespace {

struct ValueStream : testing::Test {
    Runtime runtime{RuntimeOptions{.autoload = false}};
};

TEST_F(ValueStream, ValuesComeBackAsTheyWere) {
    auto v = Vector::make(runtime, 2);
    v->values = {1.5, -2};
    const std::vector<Value> sent{Value(0.1), Value("a text"), Value(), Value(static_cast<Object*>(v.get())), Value("")};
    const auto back = from_bytes(runtime, to_bytes(runtime, sent));
    ASSERT_EQ(back.size(), 5u);
    EXPECT_EQ(back[0].number(), 0.1);
    EXPECT_EQ(back[1].string(), "a text");
    EXPECT_TRUE(back[2].is_none());
    EXPECT_EQ(dynamic_cast<Vector&>(*back[3].object()).values, v->values);
    EXPECT_EQ(back[4].string(), "");
}

TEST_F(ValueStream, DamagedBytesAreAnError) {
    auto bytes = to_bytes(runtime, std::vector<Value>{Value("a text")});
    bytes.pop_back();
    EXPECT_THROW((void)from_bytes(runtime, bytes), Error);
}

TEST_F(ValueStream, DetachedVectorsDoNotFollow) {
    auto v = Vector::make(runtime, 1);
    const Value copy = detached_copy(runtime, Value(static_cast<Object*>(v.get())));
    v->values[0] = 7;
    EXPECT_EQ(dynamic_cast<Vector&>(*copy.object()).values[0], 0);
}

}  // namespace
}  // namespace nrn
