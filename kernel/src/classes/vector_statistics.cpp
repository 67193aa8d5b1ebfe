// SPDX-License-Identifier: BSD-3-Clause
// Vector: sums, moments and extremes of all elements or of an inclusive range.
#include <algorithm>
#include <cmath>
#include <functional>

#include "classes/function_argument.hpp"
#include "classes/vector_methods.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn::vector_class {
namespace {

/// The numbers that `f(first, last)` is about. @throws Error(Runtime) if fewer than `least`
std::span<const double> part(Object& self, const CallArgs& args, std::size_t least) {
    const Values& x = values(self);
    const Range r = range(args, 0, x.size());
    require_size(args, r.count(), least);
    return {x.data() + r.first, r.count()};
}

double total(std::span<const double> x) {
    double s = 0;
    for (double y : x) s += y;
    return s;
}

double mean_of(std::span<const double> x) { return total(x) / static_cast<double>(x.size()); }

double variance(std::span<const double> x) {
    const double m = mean_of(x);
    double s = 0;
    for (double y : x) s += (y - m) * (y - m);
    return s / static_cast<double>(x.size() - 1);
}

Value sum(Object& self, CallArgs& args) { return total(part(self, args, 0)); }
Value sumsq(Object& self, CallArgs& args) {
    double s = 0;
    for (double y : part(self, args, 0)) s += y * y;
    return s;
}
Value mean(Object& self, CallArgs& args) { return mean_of(part(self, args, 1)); }
Value var(Object& self, CallArgs& args) { return variance(part(self, args, 2)); }
Value stdev(Object& self, CallArgs& args) { return std::sqrt(variance(part(self, args, 2))); }
Value standard_error(Object& self, CallArgs& args) {
    const auto x = part(self, args, 2);
    return std::sqrt(variance(x) / static_cast<double>(x.size()));
}
/// The place of an extreme; -1 where there is no element, whose value is 0 then, as in the reference.
template <class Better>
long extreme(Object& self, const CallArgs& args, Better better) {
    if (values(self).empty() && args.count() == 0) return -1;
    const auto x = part(self, args, 1);
    return &*std::max_element(x.begin(), x.end(), better) - values(self).data();
}

double at_or_nothing(Object& self, long place) { return place < 0 ? 0 : values(self)[static_cast<std::size_t>(place)]; }
Value min(Object& self, CallArgs& args) { return at_or_nothing(self, extreme(self, args, std::greater<>())); }
Value max(Object& self, CallArgs& args) { return at_or_nothing(self, extreme(self, args, std::less<>())); }
Value min_ind(Object& self, CallArgs& args) { return static_cast<double>(extreme(self, args, std::greater<>())); }
Value max_ind(Object& self, CallArgs& args) { return static_cast<double>(extreme(self, args, std::less<>())); }

Value median(Object& self, CallArgs& args) {
    require_size(args, values(self).size(), 1);
    Values x(values(self));
    const std::size_t half = x.size() / 2;
    const auto middle = x.begin() + static_cast<long>(half);
    std::nth_element(x.begin(), middle, x.end());
    if (x.size() % 2 == 1) return *middle;
    return (*middle + *std::max_element(x.begin(), middle)) / 2;
}

Value mag(Object& self, CallArgs&) {
    double s = 0;
    for (double y : values(self)) s += y * y;
    return std::sqrt(s);
}

Value dot(Object& self, CallArgs& args) {
    const Values &x = values(self), &y = vector_argument(args, 0);
    require_equal_size(args, x.size(), y.size());
    double s = 0;
    for (std::size_t i = 0; i < x.size(); ++i) s += x[i] * y[i];
    return s;
}

Value eq(Object& self, CallArgs& args) {
    const Values &x = values(self), &y = vector_argument(args, 0);
    const double e = float_epsilon(args.runtime());
    return std::equal(x.begin(), x.end(), y.begin(), y.end(), [e](double a, double b) { return a == b || std::fabs(a - b) <= e; });
}

Value meansqerr(Object& self, CallArgs& args) {
    const Values &x = values(self), &y = vector_argument(args, 0);
    require_equal_size(args, x.size(), y.size());
    require_size(args, x.size(), 1);
    double s = 0;
    if (args.has(1)) {
        const Values& w = vector_argument(args, 1);
        require_equal_size(args, x.size(), w.size());
        for (std::size_t i = 0; i < x.size(); ++i) s += w[i] * (x[i] - y[i]) * (x[i] - y[i]);
    } else {
        for (std::size_t i = 0; i < x.size(); ++i) s += (x[i] - y[i]) * (x[i] - y[i]);
    }
    return s / static_cast<double>(x.size());
}

constexpr Method table[] = {
    {"sum", sum, Returns::Number, "sum(), sum(first, last) -> sum of the elements\nPython: v.sum()     Hoc: v.sum()"},
    {"sumsq", sumsq, Returns::Number, "sumsq(), sumsq(first, last) -> sum of the squares"},
    {"mean", mean, Returns::Number, "mean(), mean(first, last) -> mean of the elements"},
    {"var", var, Returns::Number, "var(), var(first, last) -> variance (divided by n - 1)"},
    {"stdev", stdev, Returns::Number, "stdev(), stdev(first, last) -> standard deviation"},
    {"stderr", standard_error, Returns::Number, "stderr(), stderr(first, last) -> standard error of the mean"},
    {"min", min, Returns::Number, "min(), min(first, last) -> least element"},
    {"max", max, Returns::Number, "max(), max(first, last) -> greatest element"},
    {"min_ind", min_ind, Returns::Int, "min_ind(), min_ind(first, last) -> index of the least element"},
    {"max_ind", max_ind, Returns::Int, "max_ind(), max_ind(first, last) -> index of the greatest element"},
    {"median", median, Returns::Number, "median() -> median of the elements"},
    {"mag", mag, Returns::Number, "mag() -> length of the vector, sqrt(sumsq())"},
    {"dot", dot, Returns::Number, "dot(other) -> scalar product"},
    {"eq", eq, Returns::Number, "eq(other) -> 1 if all elements are equal within float_epsilon"},
    {"meansqerr", meansqerr, Returns::Number, "meansqerr(other), meansqerr(other, weights) -> mean of the (weighted) squared differences"},
};

}  // namespace

std::span<const Method> statistics_methods() { return table; }

}  // namespace nrn::vector_class
