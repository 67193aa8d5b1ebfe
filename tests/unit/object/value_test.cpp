// SPDX-License-Identifier: BSD-3-Clause
#include "nrn/api/value.hpp"

#include <gtest/gtest.h>

#include "nrn/api/error.hpp"
#include "nrn/api/scope.hpp"

using namespace nrn;

TEST(Value, NumbersStringsAndNoneKnowTheirKind) {
    EXPECT_EQ(Value(2.5).number(), 2.5);
    EXPECT_EQ(Value("abc").string(), "abc");
    EXPECT_TRUE(Value().is_none());
    EXPECT_TRUE(Value(Ptr<StringCell>()).is_none());
}

TEST(Value, AskingForAnotherKindIsATypeError) {
    try {
        (void)Value("abc").number();
        FAIL();
    } catch (const Error& e) {
        EXPECT_EQ(e.kind(), ErrorKind::Type);
        EXPECT_EQ(e.message(), "a number is needed here, not string");
    }
}

TEST(Value, CopiesShareTheStringCell) {
    auto cell = make_counted<StringCell>("a");
    {
        Value first(cell);
        Value second = first;
        second.string_cell().text = "b";
        EXPECT_EQ(first.string(), "b");
        EXPECT_EQ(cell->use_count(), 3u);
    }
    EXPECT_EQ(cell->use_count(), 1u);
}

TEST(Value, AStringCellReferenceKeepsItsCell) {
    RefPtr ref = make_cell(Value("a"));
    const Value held = ref->get();
    ref->set(Value("longer"));
    EXPECT_EQ(held.string(), "longer");
    EXPECT_THROW((void)ref->data(), Error);
}
