// SPDX-License-Identifier: BSD-3-Clause
// Checked access to values.
#include "nrn/api/value.hpp"

#include <fmt/format.h>

#include "nrn/api/callable.hpp"
#include "nrn/api/class.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/object.hpp"
#include "nrn/api/ref.hpp"

namespace nrn {

Value::Value(Object* object) noexcept : Value(Kind::Object, object) {}
Value::Value(Ref* ref) noexcept : Value(Kind::Ref, ref) {}
Value::Value(Callable* callable) noexcept : Value(Kind::Callable, callable) {}

StringCell& Value::string_cell() const {
    if (kind_ != Kind::String) wrong_kind("a string");
    return *static_cast<StringCell*>(pointer_);
}

Object* Value::object() const {
    if (kind_ == Kind::None) return nullptr;
    if (kind_ != Kind::Object) wrong_kind("an object");
    return static_cast<Object*>(pointer_);
}

Ref& Value::ref() const {
    if (kind_ != Kind::Ref) wrong_kind("a reference");
    return *static_cast<Ref*>(pointer_);
}

Callable& Value::callable() const {
    if (kind_ != Kind::Callable) wrong_kind("something to call");
    return *static_cast<Callable*>(pointer_);
}

std::string Value::type_name() const {
    switch (kind_) {
    case Kind::None: return "NULLobject";
    case Kind::Number: return "number";
    case Kind::String: return "string";
    case Kind::Object: return static_cast<Object*>(pointer_)->cls().name();
    case Kind::Ref: return "reference";
    case Kind::Callable: return "callable";
    }
    return "?";
}

void Value::wrong_kind(const char* wanted) const {
    throw Error(ErrorKind::Type, fmt::format("{} is needed here, not {}", wanted, type_name()));
}

}  // namespace nrn
