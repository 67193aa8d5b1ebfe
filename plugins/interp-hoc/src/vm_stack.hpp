// SPDX-License-Identifier: BSD-3-Clause
// The machine's handling of its raw stack: values are alive below the top and nowhere else.
#pragma once
#include <new>

#include "ast.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/object.hpp"
#include "nrn/api/value.hpp"

namespace nrn::hoc {

inline constexpr std::size_t kMaximumFrames = 10000;

inline void push(Value*& sp, double x) { new (sp++) Value(x); }
inline void set(Value& slot, double x) { new (&slot) Value(x); }
inline void drop_to(Value*& sp, Value* target) {
    while (sp > target) (--sp)->~Value();
}

/// Takes a value out of a variable; an object is told.
inline void let_go_of(Value& slot) {
    if (slot.is_object()) {
        const auto* o = static_cast<Object*>(slot.raw_pointer());
        if (o->use_count() > 1) const_cast<Object*>(o)->let_go(o->use_count() - 1);
    }
    slot.~Value();
}

inline double combined(Operator op, double old, double value) {
    switch (op) {
    case Operator::Add: return old + value;
    case Operator::Subtract: return old - value;
    case Operator::Multiply: return old * value;
    case Operator::Divide:
        if (value == 0) throw Error(ErrorKind::Runtime, "division by zero");
        return old / value;
    default: return value;
    }
}

}  // namespace nrn::hoc
