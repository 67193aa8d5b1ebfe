// SPDX-License-Identifier: BSD-3-Clause
// Vector: size, contents and copies.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "classes/function_argument.hpp"
#include "classes/vector_methods.hpp"
#include "error/memory_limit.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn::vector_class {
namespace {

Value size(Object& self, CallArgs&) { return values(self).size(); }

Value resize(Object& self, CallArgs& args) {
    const double n = args.number(0);
    if (!(n >= 0) || n > 1e12)
        throw Error(ErrorKind::Runtime, args.span, fmt::format("the size of a Vector must be 0 or more{}, not {}", n > 0 ? " and one that memory holds" : "", n));
    vector(self).resize(static_cast<std::size_t>(args.integer(0)));
    return &self;
}

Value buffer_size(Object& self, CallArgs& args) {
    Values& x = values(self);
    if (args.has(0)) {
        const auto n = static_cast<std::size_t>(index(args, 0, static_cast<long>(x.size()), 1L << 40));
        if (n > x.capacity()) {
            vector(self).make_room(n);
        } else if (n < x.capacity() && !vector(self).viewed()) {
            Values smaller;
            smaller.reserve(n);
            smaller.assign(x.begin(), x.end());
            x.swap(smaller);
        }
    }
    return x.capacity();
}

Value clear(Object& self, CallArgs&) {
    vector(self).resize(0);
    return &self;
}

Value get(Object& self, CallArgs& args) {
    return values(self)[static_cast<std::size_t>(index(args, 0, 0, static_cast<long>(values(self).size()) - 1))];
}

Value set(Object& self, CallArgs& args) {
    const long i = index(args, 0, 0, static_cast<long>(values(self).size()) - 1);
    values(self)[static_cast<std::size_t>(i)] = args.number(1);
    return &self;
}

Value fill(Object& self, CallArgs& args) {
    const double x = args.number(0);
    const Range r = range(args, 1, values(self).size());
    std::fill(values(self).begin() + static_cast<long>(r.first), values(self).begin() + static_cast<long>(r.last), x);
    return &self;
}

Value indgen(Object& self, CallArgs& args) {
    double start = 0, step = 1;
    if (args.count() == 1) step = args.number(0);
    if (args.count() >= 2) start = args.number(0), step = args.number(args.count() >= 3 ? 2 : 1);
    if (args.count() >= 3) {
        const double stop = args.number(1);
        if (step == 0) throw Error(ErrorKind::Runtime, args.span, "the step of `indgen` must not be 0");
        const double steps = std::floor((stop - start) / step + float_epsilon(args.runtime()));
        if (!(steps < 1e12)) throw Error(ErrorKind::Runtime, args.span, fmt::format("`indgen` would make {} elements", steps));
        vector(self).resize(steps < 0 ? 0 : static_cast<std::size_t>(steps) + 1);
    }
    Values& x = values(self);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = start + static_cast<double>(i) * step;
    return &self;
}

Value append(Object& self, CallArgs& args) {
    Values& x = values(self);
    double total = static_cast<double>(x.size());
    for (std::size_t i = 0; i < args.count(); ++i)
        if (const auto* v = args.object_if<Vector>(i)) total += static_cast<double>(v->values.size());
    require_memory(2 * total);
    Values added;
    for (std::size_t i = 0; i < args.count(); ++i) {
        if (const auto* v = args.object_if<Vector>(i))
            added.insert(added.end(), v->values.begin(), v->values.end());
        else
            added.push_back(args.number(i));
    }
    const std::size_t old = x.size(), n = old + added.size();
    if (n > x.capacity()) vector(self).make_room(std::max(n, 2 * old));
    vector(self).resize(n);
    std::copy(added.begin(), added.end(), x.begin() + static_cast<long>(old));
    return &self;
}

Value insrt(Object& self, CallArgs& args) {
    const Values& x = values(self);
    const long at = index(args, 0, 0, static_cast<long>(x.size()));
    Values result(x);
    if (const auto* v = args.object_if<Vector>(1))
        result.insert(result.begin() + at, v->values.begin(), v->values.end());
    else
        result.insert(result.begin() + at, args.number(1));
    return store(self, std::move(result));
}

Value remove(Object& self, CallArgs& args) {
    Values& x = values(self);
    const long from = index(args, 0, 0, static_cast<long>(x.size()) - 1);
    const long to = args.has(1) ? index(args, 1, from, static_cast<long>(x.size()) - 1) : from;
    std::copy(x.begin() + to + 1, x.end(), x.begin() + from);
    vector(self).resize(x.size() - static_cast<std::size_t>(to - from + 1));
    return &self;
}

Value contains(Object& self, CallArgs& args) {
    const double x = args.number(0), e = float_epsilon(args.runtime());
    return std::any_of(values(self).begin(), values(self).end(), [=](double y) { return std::fabs(x - y) <= e; });
}

Value part(Object& self, CallArgs& args, bool with_label) {
    const Values& x = values(self);
    const Range r = range(args, 0, x.size());
    auto made = Vector::make(args.runtime());
    made->values.assign(x.begin() + static_cast<long>(r.first), x.begin() + static_cast<long>(r.last));
    if (with_label) made->label = vector(self).label;
    return ObjectPtr(made);
}
Value c(Object& self, CallArgs& args) { return part(self, args, false); }
Value cl(Object& self, CallArgs& args) { return part(self, args, true); }

/// copy by index lists: dest.copy(src, indices) and dest.copy(src, src indices, dest indices). As many pairs as the shorter
/// list has; pairs that name no element are passed over, as in the reference.
Value copy_indexed(Object& self, CallArgs& args, const Values& src) {
    const Values& from = vector_argument(args, 1);
    const Values& to = args.has(2) ? vector_argument(args, 2) : from;
    Values result(values(self));
    const double e = float_epsilon(args.runtime());
    for (std::size_t k = 0; k < std::min(from.size(), to.size()); ++k) {
        const double i = std::trunc(to[k] + e), j = std::trunc(from[k] + e);  // -1 is 0, as in subscripts
        const bool exists = i >= 0 && i < static_cast<double>(result.size()) && j >= 0 && j < static_cast<double>(src.size());
        if (exists) result[static_cast<std::size_t>(i)] = src[static_cast<std::size_t>(j)];
    }
    return store(self, std::move(result));
}

Value copy(Object& self, CallArgs& args) {
    const Values src = vector_argument(args, 0);  // a copy: the source may be the destination
    if (args.object_if<Vector>(1)) return copy_indexed(self, args, src);
    const long n = static_cast<long>(src.size());
    const bool at_given = args.count() == 2 || args.count() >= 4;
    const long at = at_given ? index(args, 1, 0, 1L << 40) : 0;
    std::size_t next = at_given ? 2 : 1;
    long from = 0, to = n - 1;
    if (args.has(next)) {
        from = index(args, next, 0, std::max(0L, n - 1));
        to = args.has(next + 1) ? args.integer(next + 1) : n - 1;
        if (to == -1) to = n - 1;
        if (to < from || to > n - 1)
            throw Error(ErrorKind::Runtime, args.span, fmt::format("`copy`: last element {} is out of range {} to {}", to, from, n - 1));
    }
    const long dest_step = args.has(4) ? index(args, 4, 1, 1L << 40) : 1;
    const long src_step = args.has(5) ? index(args, 5, 1, 1L << 40) : 1;
    const long count = n == 0 ? 0 : (to - from) / src_step + 1;
    require_memory(static_cast<double>(at) + static_cast<double>(count) * static_cast<double>(dest_step));
    const long needed = at + (count > 0 ? (count - 1) * dest_step + 1 : 0);
    Vector& v = vector(self);
    // Only copy(src) makes the destination shorter; copy(src, first, last) leaves what lies behind.
    if (args.count() == 1 || needed > static_cast<long>(v.values.size())) v.resize(static_cast<std::size_t>(needed));
    for (long k = 0; k < count; ++k)
        v.values[static_cast<std::size_t>(at + k * dest_step)] = src[static_cast<std::size_t>(from + k * src_step)];
    return &self;
}

Value from_double(Object& self, CallArgs& args) {
    const long n = index(args, 0, 0, 1L << 40);
    const Ref& ref = args.ref(1);
    if (static_cast<std::size_t>(n) > ref.length())
        throw Error(ErrorKind::Runtime, args.span, fmt::format("`from_double` is to read {} numbers where there are {}", n, ref.length()));
    const double* x = ref.data();
    return store(self, Values(x, x + n));
}

Value label(Object& self, CallArgs& args) {
    if (args.has(0)) vector(self).label = args.string(0);
    return vector(self).label;
}

Value reverse(Object& self, CallArgs&) {
    std::reverse(values(self).begin(), values(self).end());
    return &self;
}

Value rotate(Object& self, CallArgs& args) {
    Values& x = values(self);
    const long n = static_cast<long>(x.size());
    if (n == 0) return &self;
    const long by = args.integer(0);
    const bool zeros = args.has(1) && args.number(1) == 0;
    const long shift = zeros && std::labs(by) == n ? by : by % n;  // further turns count as none, with zeros too
    std::rotate(x.begin(), x.begin() + (n - shift) % n, x.end());
    if (zeros && shift > 0) std::fill(x.begin(), x.begin() + shift, 0.0);
    if (zeros && shift < 0) std::fill(x.end() + shift, x.end(), 0.0);
    return &self;
}

constexpr Method table[] = {
    {"size", size, Returns::Int, "size() -> number of elements\nPython: v.size()     Hoc: n = v.size()"},
    {"resize", resize, Returns::Object, "resize(size) -> self\nChanges the number of elements; new ones are 0."},
    {"buffer_size", buffer_size, Returns::Int, "buffer_size(), buffer_size(size) -> elements the Vector can hold before it moves\nReserves room for appending."},
    {"clear", clear, Returns::Object, "clear() -> self\nRemoves all elements; the memory is kept."},
    {"get", get, Returns::Number, "get(index) -> element"},
    {"set", set, Returns::Object, "set(index, value) -> self"},
    {"fill", fill, Returns::Object, "fill(value), fill(value, first, last) -> self\nAssigns value to all elements, or to first through last.\nPython: v.fill(-65)     Hoc: v.fill(-65)"},
    {"indgen", indgen, Returns::Object, "indgen(), indgen(step), indgen(start, step), indgen(start, stop, step) -> self\nFills with a ramp; the last form sets the size too.\nPython: h.Vector().indgen(0, 10, 0.1)     Hoc: v.indgen(0, 10, 0.1)"},
    {"append", append, Returns::Object, "append(number or Vector, ...) -> self\nAdds elements at the end.\nPython: v.append(1, 2, w)     Hoc: v.append(1, 2, w)"},
    {"insrt", insrt, Returns::Object, "insrt(index, number or Vector) -> self\nInserts before the element at index."},
    {"remove", remove, Returns::Object, "remove(index), remove(first, last) -> self\nRemoves one element, or first through last."},
    {"contains", contains, Returns::Bool, "contains(value) -> whether an element equals value within float_epsilon"},
    {"c", c, Returns::Object, "c(), c(first, last) -> new Vector\nA copy of all elements, or of first through last.\nPython: w = v.c()     Hoc: w = v.c"},
    {"cl", cl, Returns::Object, "cl(), cl(first, last) -> new Vector\nAs c, with the label copied too."},
    {"at", c, Returns::Object, "at(), at(first, last) -> new Vector\nA copy of all elements, or of first through last."},
    {"copy", copy, Returns::Object, "copy(src), copy(src, dest_start), copy(src, src_first, src_last), copy(src, dest_start, src_first, src_last, dest_step = 1, src_step = 1), copy(src, indices), copy(src, src_indices, dest_indices) -> self\nCopies elements of src into this Vector, which grows as needed."},
    {"from_double", from_double, Returns::Object, "from_double(n, ref) -> self\nCopies n numbers of an array.\nHoc: v.from_double(5, &a[0])"},
    {"label", label, Returns::String, "label(), label(text) -> label\nReads or sets the label that plots show."},
    {"reverse", reverse, Returns::Object, "reverse() -> self\nReverses the order of the elements."},
    {"rotate", rotate, Returns::Object, "rotate(n), rotate(n, 0) -> self\nMoves elements n places to the right; with 0 what enters is 0 instead of what left."},
};

}  // namespace

std::span<const Method> element_methods() { return table; }

}  // namespace nrn::vector_class
