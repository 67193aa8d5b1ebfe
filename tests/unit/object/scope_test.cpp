// SPDX-License-Identifier: BSD-3-Clause
#include "nrn/api/scope.hpp"

#include <gtest/gtest.h>

#include "nrn/api/error.hpp"

using namespace nrn;

TEST(Scope, AReferenceFollowsItsVariable) {
    Scope scope;
    Symbol& x = scope.define_number("x", 4);
    RefPtr ref = symbol_ref(x);
    *x.data = 5;
    EXPECT_EQ(ref->get().number(), 5);
    ref->set(7.0);
    EXPECT_EQ(*x.data, 7);
}

TEST(Scope, AReferenceToARedeclaredNameIsAnErrorNotADanglingPointer) {
    Scope scope;
    RefPtr ref = symbol_ref(scope.define_number("a", 0, {10}), 9);
    EXPECT_EQ(ref->name(), "a[9]");
    scope.define_number("a", 0, {3});
    EXPECT_FALSE(ref->valid());
    EXPECT_THROW((void)ref->data(), Error);
}

TEST(Scope, BuiltInsKeepTheirKind) {
    Scope scope;
    double t = 0;
    scope.bind_number("t", &t, "ms");
    EXPECT_THROW(scope.define_string("t"), Error);
    EXPECT_THROW(scope.define_object("t"), Error);
}

TEST(Scope, AnInternedNameIsNotYetDefined) {
    Scope scope;
    Symbol& later = scope.intern("later");
    EXPECT_EQ(scope.find("later"), nullptr);
    scope.define_number("later", 1);
    EXPECT_EQ(scope.find("later"), &later);
}

TEST(Scope, AHookSeesTheOldValue) {
    Scope scope;
    double dt = 0.025, seen = 0;
    Symbol& symbol = scope.bind_number("dt", &dt);
    symbol.assigned = [&](Symbol&, double old) { seen = old; };
    symbol_ref(symbol)->set(0.1);
    EXPECT_EQ(seen, 0.025);
}

TEST(Scope, MultidimensionalReferencesNameTheirElement) {
    Scope scope;
    EXPECT_EQ(symbol_ref(scope.define_number("m", 0, {2, 3}), 5)->name(), "m[1][2]");
}
