// SPDX-License-Identifier: BSD-3-Clause
// Mathematical functions and constants.
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "classes/function_argument.hpp"
#include "classes/register_classes.hpp"
#include "nrn/api/callable.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"
#include "object/number_function.hpp"

namespace nrn {

Value NumberFunction::call(CallArgs& args) {
    args.expect_count(1, 1);
    const double x = args.number(0);
    if (!defined(x)) throw Error(ErrorKind::Runtime, args.span, fmt::format("{} argument out of domain: {:g} is negative", row_.name, x));
    return value(x);
}

namespace {

/// Clamped, so that models that stray stay finite: exp(700) above 700, 0 below -700.
double exp(double x) {
    if (x > 700) return std::exp(700.0);
    if (x < -700) return 0;
    return std::exp(x);
}
double log(double x) { return std::log(x); }
double log10(double x) { return std::log10(x); }
double sqrt(double x) { return std::sqrt(x); }
double sin(double x) { return std::sin(x); }
double cos(double x) { return std::cos(x); }
double atan(double x) { return std::atan(x); }
double tanh(double x) { return std::tanh(x); }
double erf(double x) { return std::erf(x); }
double erfc(double x) { return std::erfc(x); }
double abs(double x) { return std::fabs(x); }

constexpr NumberFunction::Row number_functions[] = {
    {"exp", exp, true, "exp(x) -> e to the power x\nClamped: exp(700) above 700, 0 below -700."},
    {"log", log, false, "log(x) -> natural logarithm"},
    {"log10", log10, false, "log10(x) -> logarithm to base 10"},
    {"sqrt", sqrt, false, "sqrt(x) -> square root"},
    {"sin", sin, true, "sin(x [rad]) -> sine"},
    {"cos", cos, true, "cos(x [rad]) -> cosine"},
    {"atan", atan, true, "atan(x) -> arc tangent [rad]"},
    {"tanh", tanh, true, "tanh(x) -> hyperbolic tangent"},
    {"erf", erf, true, "erf(x) -> error function"},
    {"erfc", erfc, true, "erfc(x) -> complementary error function"},
    {"abs", abs, true, "abs(x) -> absolute value"},
};

Value atan2(CallArgs& args) {
    args.expect_count(2, 2);
    return std::atan2(args.number(0), args.number(1));
}
Value integer(CallArgs& args) {
    args.expect_count(1, 1);
    const double x = args.number(0), e = float_epsilon(args.runtime());
    return std::trunc(x < 0 ? x - e : x + e) + 0.0;
}

constexpr Function functions[] = {
    {"atan2", atan2, Returns::Number, "atan2(y, x) -> angle of the point (x, y) [rad]"},
    {"int", integer, Returns::Number, "int(x) -> x truncated towards 0, after allowing for float_epsilon"},
};

struct Constant { const char* name; double value; const char* units; const char* doc; };
constexpr Constant constants[] = {
    {"PI", std::numbers::pi, "", "circumference of a circle over its diameter"},
    {"E", std::numbers::e, "", "base of natural logarithms"},
    {"GAMMA", std::numbers::egamma, "", "Euler's constant"},
    {"DEG", 180 / std::numbers::pi, "deg/rad", "degrees per radian"},
    {"PHI", std::numbers::phi, "", "golden ratio"},
    {"FARADAY", 96485.33212331001, "coulombs/mole", "charge of a mole of electrons (CODATA 2018)"},
    {"R", 8.31446261815324, "joules/mole-kelvin", "molar gas constant (CODATA 2018)"},
    {"Avogadro_constant", 6.02214076e23, "1/mole", "particles per mole (CODATA 2018)"},
};

}  // namespace

void register_math_functions(Runtime& runtime) {
    Scope& scope = runtime.scope();
    scope.define_functions(functions);
    for (const auto& row : number_functions) scope.define_function(row.name, make_counted<NumberFunction>(row), true).doc = row.doc;
    for (const auto& c : constants) {
        Symbol& symbol = scope.define_number(c.name, c.value);
        symbol.built_in = true;
        symbol.units = c.units;
        symbol.doc = c.doc;
    }
    Symbol& epsilon = scope.define_number("float_epsilon", 1e-11);
    epsilon.built_in = true;
    epsilon.doc = "numbers that differ by no more are equal for comparisons, int() and indices";
}

}  // namespace nrn
