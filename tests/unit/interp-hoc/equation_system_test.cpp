// SPDX-License-Identifier: BSD-3-Clause
// Dependent variables and their equations, without a program around them.
#include "equation_system.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "nrn/api/error.hpp"

namespace nrn::hoc {
namespace {

class Equations : public testing::Test {
  protected:
    Symbol& dependent(const char* name, double value) {
        Symbol& symbol = scope.define_number(name, value);
        system.declare({&symbol, 0, false, {}});
        return symbol;
    }
    /// As the machine does it: the sides are evaluated for as long as the equation asks for them.
    template <class Left, class Right>
    void equation(Symbol& of, bool anew, Left left, Right right) {
        const RefPtr row = system.begin(of, 0, anew);
        while (static_cast<EquationRow&>(*row).take(left(), right())) {}
    }
    Scope scope;
    EquationSystem system;
};

TEST_F(Equations, OneStepSolvesALinearSystem) {
    Symbol &x = dependent("x", 0), &y = dependent("y", 0);
    equation(x, true, [&] { return *x.data + 2 * *y.data; }, [] { return 5.0; });
    equation(y, true, [&] { return *x.data - *y.data; }, [] { return -1.0; });
    EXPECT_NEAR(system.solve(), 5 + 1 + 1 + 2, 1e-9);
    EXPECT_NEAR(*x.data, 1, 1e-12);
    EXPECT_NEAR(*y.data, 2, 1e-12);
}

TEST_F(Equations, PartsAddUpAndColonsBeginAnew) {
    Symbol& x = dependent("x", 0);
    equation(x, true, [] { return 100.0; }, [&] { return 7 * *x.data; });
    equation(x, true, [&] { return *x.data; }, [] { return 1.0; });
    equation(x, false, [&] { return *x.data; }, [] { return 0.0; });
    equation(x, false, [] { return 0.0; }, [] { return 5.0; });
    (void)system.solve();
    EXPECT_NEAR(*x.data, 3, 1e-12);
}

TEST_F(Equations, StepsConvergeToARoot) {
    Symbol& x = dependent("x", 3);
    for (int step = 0; step < 8; ++step) {
        equation(x, true, [&] { return std::exp(*x.data); }, [] { return 2.0; });
        (void)system.solve();
    }
    EXPECT_NEAR(*x.data, std::log(2.0), 1e-12);
}

TEST_F(Equations, AStepNeedsItsEquations) {
    Symbol& x = dependent("x", 0);
    equation(x, true, [&] { return *x.data; }, [] { return 1.0; });
    (void)system.solve();
    EXPECT_THROW((void)system.solve(), Error);
}

TEST_F(Equations, AnAbandonedEquationPutsItsVariableBack) {
    Symbol& x = dependent("x", 2);
    {
        const RefPtr row = system.begin(x, 0, true);
        EXPECT_TRUE(static_cast<EquationRow&>(*row).take(1, 1));
        EXPECT_NE(*x.data, 2);
    }
    EXPECT_EQ(*x.data, 2);
}

TEST_F(Equations, VariablesThatEndedAreForgotten) {
    Symbol &x = dependent("x", 1), &y = scope.define_number("y");
    auto owner = std::make_shared<int>();
    system.declare({&y, 0, true, owner});
    EXPECT_EQ(system.pattern(), "\n\n    \n    12\n\n  1 \n  2 \n");
    owner.reset();
    equation(x, true, [&] { return *x.data; }, [] { return 4.0; });
    EXPECT_THROW((void)system.begin(y, 1, true), Error);
    equation(x, true, [&] { return *x.data; }, [] { return 4.0; });
    EXPECT_EQ(system.pattern(), "\n\n    \n    1\n\n  1 \n");  // what was said before an end has to be said again
    equation(x, true, [&] { return *x.data; }, [] { return 4.0; });
    (void)system.solve();
    EXPECT_NEAR(*x.data, 4, 1e-12);
    scope.undefine("x");
    EXPECT_EQ(system.solve(), 0);
}

TEST_F(Equations, NothingIsDependentTwice) {
    Symbol& x = dependent("x", 0);
    EXPECT_THROW(system.declare({&x, 0, false, {}}), Error);
    system.clear();
    EXPECT_NO_THROW(system.declare({&x, 0, false, {}}));
}

}  // namespace
}  // namespace nrn::hoc
