// SPDX-License-Identifier: BSD-3-Clause
// What crosses between languages and the kernel: a number, string, object, data reference, callable or none.
// Sections, segments, foreign (Python, Hoc template) instances are objects of registered classes.
#pragma once
#include <string>
#include <string_view>

#include "nrn/api/counted.hpp"

namespace nrn {

class Object;
class Ref;
class Callable;

/// The text of a string value. A strdef variable *is* such a cell, and passing it as an argument passes the
/// cell, so that a function may assign to it ($s1 = ..., sprint(s, ...)). Copying the text is the
/// assignment's business.
class StringCell final : public Counted {
  public:
    explicit StringCell(std::string t = {}) : text(std::move(t)) {}
    std::string text;
};

class Value {
  public:
    enum class Kind : std::uint8_t { None, Number, String, Object, Ref, Callable };

    Value() noexcept : number_(0) {}
    Value(double x) noexcept : number_(x), kind_(Kind::Number) {}
    Value(int x) noexcept : Value(static_cast<double>(x)) {}
    Value(std::size_t x) noexcept : Value(static_cast<double>(x)) {}
    Value(bool x) noexcept : Value(x ? 1.0 : 0.0) {}
    Value(std::string text) : Value(make_counted<StringCell>(std::move(text))) {}
    Value(std::string_view text) : Value(std::string(text)) {}
    Value(const char* text) : Value(std::string(text)) {}
    Value(const Ptr<StringCell>& cell) noexcept : Value(Kind::String, cell.get()) {}
    Value(Object* object) noexcept;
    Value(Ref* ref) noexcept;
    Value(Callable* callable) noexcept;
    template <class T> Value(const Ptr<T>& p) noexcept : Value(p.get()) {}
    template <class T> Value(T*) = delete;  // no other pointer turns into a bool

    Value(const Value& o) noexcept : kind_(o.kind_) { copy(o); if (counted()) pointer_->retain(); }
    Value(Value&& o) noexcept : kind_(o.kind_) { copy(o); o.kind_ = Kind::None; }
    Value& operator=(const Value& o) noexcept { Value(o).swap(*this); return *this; }
    Value& operator=(Value&& o) noexcept { swap(o); return *this; }
    ~Value() { if (counted()) pointer_->release(); }
    void swap(Value& o) noexcept {
        Value* a = this; Value* b = &o;
        static_assert(sizeof(double) == sizeof(Counted*));
        std::swap(a->number_, b->number_);
        std::swap(a->kind_, b->kind_);
    }

    [[nodiscard]] Kind kind() const noexcept { return kind_; }
    [[nodiscard]] bool is_none() const noexcept { return kind_ == Kind::None; }
    [[nodiscard]] bool is_number() const noexcept { return kind_ == Kind::Number; }
    [[nodiscard]] bool is_string() const noexcept { return kind_ == Kind::String; }
    [[nodiscard]] bool is_object() const noexcept { return kind_ == Kind::Object; }
    [[nodiscard]] bool is_ref() const noexcept { return kind_ == Kind::Ref; }
    [[nodiscard]] bool is_callable() const noexcept { return kind_ == Kind::Callable; }

    /// The plain accessors; @throws Error(Type) when the value is of another kind.
    [[nodiscard]] double number() const { if (kind_ != Kind::Number) wrong_kind("a number"); return number_; }
    [[nodiscard]] const std::string& string() const { return string_cell().text; }
    [[nodiscard]] StringCell& string_cell() const;
    [[nodiscard]] Object* object() const;      // null for None
    [[nodiscard]] Ref& ref() const;
    [[nodiscard]] Callable& callable() const;

    /// Unchecked, for hot paths that have looked at kind().
    [[nodiscard]] double raw_number() const noexcept { return number_; }
    [[nodiscard]] Counted* raw_pointer() const noexcept { return pointer_; }

    /// "number", "string", "Vector", "NULLobject" ...: for messages.
    [[nodiscard]] std::string type_name() const;

  private:
    Value(Kind kind, Counted* p) noexcept : pointer_(p), kind_(p ? kind : Kind::None) { if (p) p->retain(); }
    [[nodiscard]] bool counted() const noexcept { return kind_ > Kind::Number; }
    void copy(const Value& o) noexcept { number_ = o.number_; }
    [[noreturn]] void wrong_kind(const char* wanted) const;
    union { double number_; Counted* pointer_; };
    Kind kind_ = Kind::None;
};

}  // namespace nrn
