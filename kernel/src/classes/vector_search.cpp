// SPDX-License-Identifier: BSD-3-Clause
// Vector: elements by condition, by index and in order.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include <fmt/format.h>

#include "classes/function_argument.hpp"
#include "classes/vector_methods.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn::vector_class {
namespace {

/// A condition on numbers, as `where(">=", 2)` and `where("[)", 0, 5)` give it: at most two bounds, each strict or
/// not. Comparisons allow for float_epsilon.
class Condition {
  public:
    Condition(CallArgs& args, std::size_t i) : epsilon_(float_epsilon(args.runtime())) {
        const std::string& op = args.string(i);
        const double a = args.number(i + 1);
        if (op == "==") kind_ = Kind::Equal, low_ = a;
        else if (op == "!=") kind_ = Kind::NotEqual, low_ = a;
        else if (op == ">") low_ = a + epsilon_, low_open_ = true;
        else if (op == ">=") low_ = a - epsilon_;
        else if (op == "<") high_ = a - epsilon_, high_open_ = true;
        else if (op == "<=") high_ = a + epsilon_;
        else if (op.size() == 2 && (op[0] == '[' || op[0] == '(') && (op[1] == ']' || op[1] == ')')) {
            const double b = args.number(i + 2);
            low_open_ = op[0] == '(';
            high_open_ = op[1] == ')';
            low_ = low_open_ ? a + epsilon_ : a - epsilon_;
            high_ = high_open_ ? b - epsilon_ : b + epsilon_;
        } else {
            throw Error(ErrorKind::Runtime, args.span, fmt::format("`{}` does not know the comparison \"{}\"", args.function(), op))
                .hint("one of == != > < >= <= [] [) (] ()");
        }
    }
    [[nodiscard]] bool operator()(double x) const {
        switch (kind_) {
        case Kind::Equal: return std::fabs(x - low_) <= epsilon_;
        case Kind::NotEqual: return !(std::fabs(x - low_) <= epsilon_);
        case Kind::Between: break;
        }
        return (low_open_ ? x > low_ : x >= low_) && (high_open_ ? x < high_ : x <= high_);
    }

  private:
    enum class Kind { Equal, NotEqual, Between } kind_ = Kind::Between;
    double epsilon_;
    double low_ = -INFINITY, high_ = INFINITY;
    bool low_open_ = false, high_open_ = false;
};

Value indwhere(Object& self, CallArgs& args) {
    const Condition holds(args, 0);
    const Values& x = values(self);
    const auto found = std::find_if(x.begin(), x.end(), holds);
    return found == x.end() ? -1.0 : static_cast<double>(found - x.begin());
}

/// A destination that is also given as the source is emptied before it is read, as users of these methods know it.
bool cleared(Object& self, const CallArgs& args) { return args.object_or_null(0) == &self; }

Value indvwhere(Object& self, CallArgs& args) {
    const auto [src, next] = source(self, args);
    const Condition holds(args, next);
    Values result;
    if (cleared(self, args)) return store(self, {});
    for (std::size_t i = 0; i < src.size(); ++i)
        if (holds(src[i])) result.push_back(static_cast<double>(i));
    return store(self, std::move(result));
}

Value where(Object& self, CallArgs& args) {
    const auto [src, next] = source(self, args);
    const Condition holds(args, next);
    Values result;
    if (cleared(self, args)) return store(self, {});
    std::copy_if(src.begin(), src.end(), std::back_inserter(result), holds);
    return store(self, std::move(result));
}

/// src[indices[k]]. @throws Error(Runtime) naming an index out of range
/// What an index that is none stands for: `index` gives 0 there, `ind` leaves it out, as in the reference.
enum class OutOfRange { Zero, LeftOut };
Values pick(const Values& src, const Values& indices, OutOfRange missing) {
    Values result;
    result.reserve(indices.size());
    for (double k : indices) {
        const double i = std::floor(k + 1e-11);
        if (i >= 0 && i < static_cast<double>(src.size())) result.push_back(src[static_cast<std::size_t>(i)]);
        else if (missing == OutOfRange::Zero) result.push_back(0);
    }
    return result;
}

Value index_with(Object& self, CallArgs& args) {
    if (args.count() >= 2) return store(self, pick(vector_argument(args, 0), vector_argument(args, 1), OutOfRange::Zero));
    return store(self, pick(values(self), vector_argument(args, 0), OutOfRange::Zero));
}

Value ind(Object& self, CallArgs& args) { return make_vector(args, pick(values(self), vector_argument(args, 0), OutOfRange::LeftOut)); }

/// NaN compares as the greatest, so that sorting stays defined.
bool before(double a, double b) { return a < b || (std::isnan(b) && !std::isnan(a)); }

Value sort(Object& self, CallArgs&) {
    std::sort(values(self).begin(), values(self).end(), before);
    return &self;
}

Value sortindex(Object& self, CallArgs& args) {
    const Values& x = values(self);
    std::vector<std::size_t> order(x.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&x](std::size_t a, std::size_t b) { return before(x[a], x[b]); });
    Values result(order.begin(), order.end());
    if (args.has(0)) return store(args.object<Vector>(0, "Vector"), std::move(result));
    return make_vector(args, std::move(result));
}

constexpr Method table[] = {
    {"indwhere", indwhere, Returns::Int, "indwhere(op, value), indwhere(op, low, high) -> index of the first element for which the condition holds, or -1\nop is == != > < >= <= or one of [] [) (] () with two bounds.\nPython: v.indwhere('>', 0)     Hoc: v.indwhere(\">\", 0)"},
    {"indvwhere", indvwhere, Returns::Object, "indvwhere(op, value), indvwhere(src, op, value), ... -> self\nThe indices of all elements (of src) for which the condition holds."},
    {"where", where, Returns::Object, "where(op, value), where(src, op, value), ... -> self\nThe elements (of src) for which the condition holds."},
    {"index", index_with, Returns::Object, "index(indices), index(src, indices) -> self\nThe elements (of src) at the given indices."},
    {"ind", ind, Returns::Object, "ind(indices) -> new Vector\nThe elements at the given indices."},
    {"sort", sort, Returns::Object, "sort() -> self\nSorts in increasing order."},
    {"sortindex", sortindex, Returns::Object, "sortindex(), sortindex(dest) -> new Vector or dest\nThe indices that would sort the Vector."},
};

}  // namespace

std::span<const Method> search_methods() { return table; }

}  // namespace nrn::vector_class
