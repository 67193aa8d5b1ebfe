// SPDX-License-Identifier: BSD-3-Clause
// Checked access to a call's arguments. Messages name the function and count arguments from 1.
#include "nrn/api/callable.hpp"

#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "nrn/api/class.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/interpreter.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {

void CallArgs::missing(std::size_t i) const {
    throw Error(ErrorKind::Argument, span, fmt::format("`{}` misses argument {}: not enough arguments", function_, i + 1))
        .hint(fmt::format("it was called with {} argument{}", count(), count() == 1 ? "" : "s"));
}

void CallArgs::wrong_type(std::size_t i, std::string_view wanted) const {
    if (!has(i)) missing(i);
    throw Error(ErrorKind::Type, span, fmt::format("argument {} of `{}` must be a {}, not a {}", i + 1, function_, wanted, at(i).type_name()));
}

void CallArgs::expect_count(std::size_t low, std::size_t high) const {
    if (count() < low) missing(count());
    if (count() > high)
        throw Error(ErrorKind::Argument, span,
                    fmt::format("`{}` takes at most {} argument{}, not {}", function_, high, high == 1 ? "" : "s", count()));
}

double CallArgs::number_slow(std::size_t i) const {
    const Value& value = at(i);
    if (value.is_number()) return value.raw_number();
    if (value.is_ref()) {
        const Value target = value.ref().get();
        if (target.is_number()) return target.raw_number();
    }
    wrong_type(i, "number");
}

long CallArgs::integer(std::size_t i) const {
    const double x = number(i);
    if (!(std::fabs(x) < 9e18))
        throw Error(ErrorKind::Range, span, fmt::format("argument {} of `{}` must be a whole number, not {}", i + 1, function_, x));
    return static_cast<long>(x);  // 0.3/0.1 is 2: what a program gets for it must not depend on whose simulator runs it
}

double CallArgs::number_in(std::size_t i, double low, double high) const {
    const double x = number(i);
    if (!(x >= low && x <= high))
        throw Error(ErrorKind::Range, span, fmt::format("argument {} of `{}` is {}, out of range {} to {}", i + 1, function_, x, low, high));
    return x;
}

bool CallArgs::is_string(std::size_t i) const {
    if (!has(i)) return false;
    return values_[i].is_string() || (values_[i].is_ref() && values_[i].ref().valid() && values_[i].ref().get().is_string());
}

StringCell& CallArgs::string_cell(std::size_t i) const {
    if (texts_are_values && has(i) && values_[i].is_string())
        throw Error(ErrorKind::Type, span, fmt::format("argument {} of `{}` must be a variable that holds a string, not a string's value", i + 1, function_))
            .hint("give it s = h.ref('') and read s[0]");
    return text_cell(i);
}

StringCell& CallArgs::text_cell(std::size_t i) const {
    const Value& value = at(i);
    if (value.is_string()) return value.string_cell();
    if (value.is_ref()) {
        const Value target = value.ref().get();
        if (target.is_string()) return target.string_cell();  // the cell itself, kept by the reference
    }
    wrong_type(i, "string");
}

Object* CallArgs::object_or_null(std::size_t i) const noexcept {
    if (!has(i)) return nullptr;
    const Value& value = values_[i];
    if (value.is_object()) return static_cast<Object*>(value.raw_pointer());
    if (!value.is_ref()) return nullptr;
    try {
        const Value target = value.ref().get();
        return target.is_object() ? target.object() : nullptr;  // kept alive by the variable referred to
    } catch (const Error&) {
        return nullptr;
    }
}

Object* CallArgs::object(std::size_t i) const {
    const Value& value = at(i);
    if (value.is_none()) return nullptr;
    if (Object* o = object_or_null(i)) return o;
    if (value.is_ref() && value.ref().get().is_none()) return nullptr;
    wrong_type(i, "object");
}

Ref& CallArgs::ref(std::size_t i) const {
    const Value& value = at(i);
    if (!value.is_ref()) wrong_type(i, "reference (&x in Hoc, _ref_x in Python)");
    return value.ref();
}

CallablePtr CallArgs::callable(std::size_t i, Object* statement_context) const {
    const Value& value = at(i);
    if (value.is_callable()) return CallablePtr(&value.callable());
    if (Object* o = object_or_null(i))
        if (CallablePtr c = o->cls().as_callable(*o)) return c;
    if (is_string(i)) return runtime_->interpreter("hoc").compile(string(i), statement_context ? statement_context : context);
    wrong_type(i, "statement or callable");
}

}  // namespace nrn
