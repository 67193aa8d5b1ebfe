// SPDX-License-Identifier: BSD-3-Clause
// Vector: element-wise mathematics.
#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "classes/function_argument.hpp"
#include "classes/random_argument.hpp"
#include "classes/vector_methods.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn::vector_class {
namespace {

/// self[i] = op(self[i], argument or argument[i]): loops without calls, so that the compiler vectorises them.
template <class Op>
Value combine(Object& self, CallArgs& args, Op op) {
    Values& x = values(self);
    const std::size_t n = x.size();
    double* to = x.data();
    if (args.object_or_null(0)) {
        const Values& other = vector_argument(args, 0);
        require_equal_size(args, n, other.size());
        const double* from = other.data();
        for (std::size_t i = 0; i < n; ++i) to[i] = op(to[i], from[i]);
    } else {
        const double y = args.number(0);
        for (std::size_t i = 0; i < n; ++i) to[i] = op(to[i], y);
    }
    return &self;
}
Value add(Object& self, CallArgs& args) { return combine(self, args, [](double a, double b) { return a + b; }); }
Value sub(Object& self, CallArgs& args) { return combine(self, args, [](double a, double b) { return a - b; }); }
Value mul(Object& self, CallArgs& args) { return combine(self, args, [](double a, double b) { return a * b; }); }
Value div(Object& self, CallArgs& args) {
    if (!args.object_if<Vector>(0) && args.number(0) == 0) throw Error(ErrorKind::Runtime, args.span, "division by zero: the elements of a Vector cannot be divided by 0");
    return combine(self, args, [](double a, double b) { return a / b; });
}

/// dest.f(src) or srcdest.f(): the function of each element.
template <class F>
Value map(Object& self, CallArgs& args, F f) {
    if (const auto* v = args.object_if<Vector>(0); v && v != &vector(self)) {
        vector(self).resize(v->values.size());
        std::copy(v->values.begin(), v->values.end(), values(self).begin());
    }
    for (double& x : values(self)) x = f(x);
    return &self;
}
Value abs(Object& self, CallArgs& args) { return map(self, args, [](double x) { return std::fabs(x); }); }
Value floor(Object& self, CallArgs& args) { return map(self, args, [](double x) { return std::floor(x); }); }
Value log(Object& self, CallArgs& args) { return map(self, args, [](double x) { return std::log(x); }); }
Value log10(Object& self, CallArgs& args) { return map(self, args, [](double x) { return std::log10(x); }); }
/// @throws Error(Runtime) for an element below 0, as the function sqrt does
double root(const CallArgs& args, double x) {
    if (x < 0) throw Error(ErrorKind::Runtime, args.span, fmt::format("`{}`: sqrt argument out of domain: {:g} is negative", args.function(), x));
    return std::sqrt(x);
}
Value sqrt(Object& self, CallArgs& args) { return map(self, args, [&](double x) { return root(args, x); }); }
Value tanh(Object& self, CallArgs& args) { return map(self, args, [](double x) { return std::tanh(x); }); }

Value pow(Object& self, CallArgs& args) {
    const double p = args.number(args.object_if<Vector>(0) ? 1 : 0);
    if (p == 1) return map(self, args, [](double x) { return x; });
    if (p == 2) return map(self, args, [](double x) { return x * x; });
    if (p == 0.5) return map(self, args, [&](double x) { return root(args, x); });
    return map(self, args, [p](double x) { return std::pow(x, p); });
}

Value apply(Object& self, CallArgs& args) {
    FunctionArgument f(args, 0);
    const Range r = range(args, 1, values(self).size());
    for (std::size_t i = r.first; i < r.last; ++i) {
        const double y = f({values(self)[i]});
        if (i >= values(self).size()) throw Error(ErrorKind::Runtime, args.span, "the Vector became smaller during `apply`");
        values(self)[i] = y;
    }
    return &self;
}

Value reduce(Object& self, CallArgs& args) {
    FunctionArgument f(args, 0);
    double result = args.number_or(1, 0);
    const Range r = range(args, 2, values(self).size());
    for (std::size_t i = r.first; i < r.last && i < values(self).size(); ++i) result += f({values(self)[i]});
    return result;
}

Value scale(Object& self, CallArgs& args) {
    const double low = args.number(0), high = args.number(1);
    Values& x = values(self);
    require_size(args, x.size(), 1);
    const auto [least, greatest] = std::minmax_element(x.begin(), x.end());
    const double from = *least, extent = *greatest - *least;
    if (extent == 0) return 0;
    const double factor = (high - low) / extent;
    for (double& y : x) y = (y - from) * factor + low;
    return factor;
}

Value sin(Object& self, CallArgs& args) {
    const double frequency = args.number(0), phase = args.number(1), dt = args.number_or(2, 1);
    const double step = 2 * std::numbers::pi * frequency / 1000 * dt;
    Values& x = values(self);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::sin(step * static_cast<double>(i) + phase);
    return &self;
}

Value setrand(Object& self, CallArgs& args) {
    RandomStream& random = random_argument(args, 0);
    const Range r = range(args, 1, values(self).size());
    for (std::size_t i = r.first; i < r.last; ++i) values(self)[i] = random.pick();
    return &self;
}

Value addrand(Object& self, CallArgs& args) {
    RandomStream& random = random_argument(args, 0);
    const Range r = range(args, 1, values(self).size());
    for (std::size_t i = r.first; i < r.last; ++i) values(self)[i] += random.pick();
    return &self;
}

constexpr Method table[] = {
    {"add", add, Returns::Object, "add(number or Vector) -> self\nAdds in place.\nPython: v.add(1)     Hoc: v.add(w)"},
    {"sub", sub, Returns::Object, "sub(number or Vector) -> self\nSubtracts in place."},
    {"mul", mul, Returns::Object, "mul(number or Vector) -> self\nMultiplies in place, element by element."},
    {"div", div, Returns::Object, "div(number or Vector) -> self\nDivides in place, element by element."},
    {"abs", abs, Returns::Object, "abs(), abs(src) -> self\nAbsolute values."},
    {"floor", floor, Returns::Object, "floor(), floor(src) -> self\nLargest whole numbers not above the elements."},
    {"log", log, Returns::Object, "log(), log(src) -> self\nNatural logarithms."},
    {"log10", log10, Returns::Object, "log10(), log10(src) -> self\nLogarithms to base 10."},
    {"sqrt", sqrt, Returns::Object, "sqrt(), sqrt(src) -> self\nSquare roots."},
    {"tanh", tanh, Returns::Object, "tanh(), tanh(src) -> self\nHyperbolic tangents."},
    {"pow", pow, Returns::Object, "pow(exponent), pow(src, exponent) -> self\nPowers.\nPython: v.pow(2)     Hoc: v.pow(2)"},
    {"apply", apply, Returns::Object, "apply(function), apply(function, first, last) -> self\nReplaces each element x by function(x).\nHoc: v.apply(\"sin\")"},
    {"reduce", reduce, Returns::Number, "reduce(function), reduce(function, base), reduce(function, base, first, last) -> base plus the sum of function(x)\nHoc: v.reduce(\"square\", 0)"},
    {"scale", scale, Returns::Number, "scale(low, high) -> factor\nScales and shifts the elements so that they span low to high."},
    {"sin", sin, Returns::Object, "sin(frequency [Hz], phase [rad], dt [ms] = 1) -> self\nFills with a sine wave."},
    {"setrand", setrand, Returns::Object, "setrand(random), setrand(random, first, last) -> self\nFills with picks of a Random.\nPython: v.setrand(r)     Hoc: v.setrand(r)"},
    {"addrand", addrand, Returns::Object, "addrand(random), addrand(random, first, last) -> self\nAdds a pick of a Random to each element."},
};

}  // namespace

std::span<const Method> arithmetic_methods() { return table; }

}  // namespace nrn::vector_class
