// SPDX-License-Identifier: BSD-3-Clause
// Anything that can be called: a built-in function, a Hoc procedure, a Python callable, a statement.
#pragma once
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nrn/api/counted.hpp"
#include "nrn/api/object.hpp"
#include "nrn/api/ref.hpp"
#include "nrn/api/source.hpp"
#include "nrn/api/value.hpp"

namespace nrn {

class Runtime;
class Section;
class CallArgs;

/// What a built-in's value means to a language that tells int from float and bool.
enum class Returns : std::uint8_t { Nothing, Number, Int, Bool, String, Object, Any };

class Callable : public Counted {
  public:
    enum class Kind { Procedure, Function, ObjectFunction, StringFunction, Iterator, Foreign };
    virtual Value call(CallArgs& args) = 0;
    [[nodiscard]] virtual std::string name() const = 0;
    [[nodiscard]] virtual Kind kind() const { return Kind::Function; }
    [[nodiscard]] virtual const char* doc() const { return ""; }
    [[nodiscard]] virtual Returns returns() const { return Returns::Any; }
};
using CallablePtr = Ptr<Callable>;

/// One call's arguments. Indices count from 0 here; messages count from 1 as users do.
/// Accessors throw Error(Argument) when missing and Error(Type) when of another kind, naming the function.
class CallArgs {
  public:
    struct Keyword { std::string name; Value value; };

    CallArgs(Runtime& runtime, std::string_view function, std::span<const Value> positional = {})
        : runtime_(&runtime), function_(function), values_(positional) {}

    [[nodiscard]] Runtime& runtime() const noexcept { return *runtime_; }
    [[nodiscard]] std::string_view function() const noexcept { return function_; }
    [[nodiscard]] std::size_t count() const noexcept { return values_.size(); }
    [[nodiscard]] bool has(std::size_t i) const noexcept { return i < values_.size(); }
    [[nodiscard]] std::span<const Value> values() const noexcept { return values_; }
    [[nodiscard]] const Value& at(std::size_t i) const { if (!has(i)) missing(i); return values_[i]; }

    [[nodiscard]] double number(std::size_t i) const {
        if (has(i) && values_[i].is_number()) return values_[i].raw_number();
        return number_slow(i);
    }
    [[nodiscard]] double number_or(std::size_t i, double otherwise) const { return has(i) ? number(i) : otherwise; }
    /// A whole number (rounded as the reference does: truncated after adding float_epsilon).
    [[nodiscard]] long integer(std::size_t i) const;
    [[nodiscard]] long integer_or(std::size_t i, long otherwise) const { return has(i) ? integer(i) : otherwise; }
    /// Checks low <= number <= high. @throws Error(Range) naming the allowed range
    [[nodiscard]] double number_in(std::size_t i, double low, double high) const;
    [[nodiscard]] bool is_number(std::size_t i) const { return has(i) && values_[i].is_number(); }
    [[nodiscard]] bool is_string(std::size_t i) const;
    [[nodiscard]] bool is_ref(std::size_t i) const { return has(i) && values_[i].is_ref(); }
    [[nodiscard]] bool is_none(std::size_t i) const { return has(i) && values_[i].is_none(); }
    [[nodiscard]] bool is_object(std::size_t i) const { return object_or_null(i) != nullptr; }
    [[nodiscard]] const std::string& string(std::size_t i) const { return text_cell(i).text; }
    /// The caller's strdef, to assign to (a Ref to a string is followed). @throws Error(Type) for a value nobody could read
    /// again, as a Python str is
    [[nodiscard]] StringCell& string_cell(std::size_t i) const;
    /// Any object; a Ref to an object variable is followed. Null for None. @throws Error(Type)
    [[nodiscard]] Object* object(std::size_t i) const;
    /// Null when absent or no object.
    [[nodiscard]] Object* object_or_null(std::size_t i) const noexcept;
    /// An object of C++ type T (its class named `wanted` in the message).
    template <class T>
    [[nodiscard]] T& object(std::size_t i, const char* wanted) const {
        if (auto* p = dynamic_cast<T*>(object_or_null(i))) return *p;
        wrong_type(i, wanted);
    }
    template <class T>
    [[nodiscard]] T* object_if(std::size_t i) const noexcept { return dynamic_cast<T*>(object_or_null(i)); }
    [[nodiscard]] Ref& ref(std::size_t i) const;
    /// A callable, an object whose class is callable, or a Hoc statement in a string (with `context`).
    [[nodiscard]] CallablePtr callable(std::size_t i, Object* context = nullptr) const;

    /// The accessed section: sec= if given, else the top of the section stack. @throws Error(Runtime) if none
    [[nodiscard]] Section& section() const;
    [[nodiscard]] Section* section_or_null() const;

    std::span<const Keyword> keywords;
    Section* explicit_section = nullptr;  // from sec= or Hoc's sec.f()
    SourceSpan span;                      // the call in the user's text, when known
    /// Gives the object variable passed as argument i (an objref), for functions that assign to it. May be null.
    const std::function<RefPtr(std::size_t)>* object_variable = nullptr;
    bool texts_are_values = false;        // the caller's language has no string variables: only a Ref takes a text
    Object* context = nullptr;            // Hoc template instance in whose scope the call was written

    [[noreturn]] void missing(std::size_t i) const;
    [[noreturn]] void wrong_type(std::size_t i, std::string_view wanted) const;
    /// @throws Error(Argument) unless low <= count() <= high
    void expect_count(std::size_t low, std::size_t high) const;

  private:
    [[nodiscard]] StringCell& text_cell(std::size_t i) const;
    [[nodiscard]] double number_slow(std::size_t i) const;
    Runtime* runtime_;
    std::string_view function_;
    std::span<const Value> values_;
};

/// A row of a table of built-in functions, beside their implementation.
/// doc: signature with units, then a sentence; examples for both languages where useful.
struct Function {
    const char* name;
    Value (*call)(CallArgs&);
    Returns returns = Returns::Number;
    const char* doc = "";
};

}  // namespace nrn
