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

namespace nrn {
namespace {

/// The argument of a function of one number.
double only(CallArgs& args) {
    args.expect_count(1, 1);
    return args.number(0);
}

/// Clamped, so that models that stray stay finite: exp(700) above 700, 0 below -700.
Value exp(CallArgs& args) {
    const double x = only(args);
    if (x > 700) return std::exp(700.0);
    if (x < -700) return 0;
    return std::exp(x);
}
/// The argument of a function that is not defined below 0.
double not_negative(CallArgs& args) {
    const double x = only(args);
    if (x < 0) throw Error(ErrorKind::Runtime, args.span, fmt::format("{} argument out of domain: {:g} is negative", args.function(), x));
    return x;
}

Value log(CallArgs& args) { return std::log(not_negative(args)); }
Value log10(CallArgs& args) { return std::log10(not_negative(args)); }
Value sqrt(CallArgs& args) { return std::sqrt(not_negative(args)); }
Value sin(CallArgs& args) { return std::sin(only(args)); }
Value cos(CallArgs& args) { return std::cos(only(args)); }
Value atan(CallArgs& args) { return std::atan(only(args)); }
Value atan2(CallArgs& args) {
    args.expect_count(2, 2);
    return std::atan2(args.number(0), args.number(1));
}
Value tanh(CallArgs& args) { return std::tanh(only(args)); }
Value erf(CallArgs& args) { return std::erf(only(args)); }
Value erfc(CallArgs& args) { return std::erfc(only(args)); }
Value abs(CallArgs& args) { return std::fabs(only(args)); }
Value integer(CallArgs& args) {
    const double x = only(args), e = float_epsilon(args.runtime());
    return std::trunc(x < 0 ? x - e : x + e) + 0.0;
}

constexpr Function functions[] = {
    {"exp", exp, Returns::Number, "exp(x) -> e to the power x\nClamped: exp(700) above 700, 0 below -700."},
    {"log", log, Returns::Number, "log(x) -> natural logarithm"},
    {"log10", log10, Returns::Number, "log10(x) -> logarithm to base 10"},
    {"sqrt", sqrt, Returns::Number, "sqrt(x) -> square root"},
    {"sin", sin, Returns::Number, "sin(x [rad]) -> sine"},
    {"cos", cos, Returns::Number, "cos(x [rad]) -> cosine"},
    {"atan", atan, Returns::Number, "atan(x) -> arc tangent [rad]"},
    {"atan2", atan2, Returns::Number, "atan2(y, x) -> angle of the point (x, y) [rad]"},
    {"tanh", tanh, Returns::Number, "tanh(x) -> hyperbolic tangent"},
    {"erf", erf, Returns::Number, "erf(x) -> error function"},
    {"erfc", erfc, Returns::Number, "erfc(x) -> complementary error function"},
    {"abs", abs, Returns::Number, "abs(x) -> absolute value"},
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
