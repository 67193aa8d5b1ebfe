// SPDX-License-Identifier: BSD-3-Clause
// A class in the registry: what Vector, IClamp, a Hoc template and a Python subclass have in common.
// Every language finds members here by name and adapts them; none has a path of its own.
#pragma once
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "nrn/api/callable.hpp"
#include "nrn/api/object.hpp"
#include "nrn/api/value.hpp"

namespace nrn {

class Class;
using Indices = std::span<const long>;

/// A named member of a class. One virtual call per access; interpreters cache the Member per class.
class Member {
  public:
    /// Number, String, ObjectVar: variables (perhaps arrays). Sections: a section or array of sections.
    /// Dynamic: only the access tells (a Python attribute).
    enum class Kind : std::uint8_t { Method, Number, String, ObjectVar, Sections, Dynamic };

    Member(std::string name, Kind kind, Returns returns = Returns::Any) : name_(std::move(name)), kind_(kind), returns_(returns) {}
    virtual ~Member() = default;
    Member(const Member&) = delete;
    Member& operator=(const Member&) = delete;

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] Kind kind() const noexcept { return kind_; }
    [[nodiscard]] Returns returns() const noexcept { return returns_; }
    [[nodiscard]] virtual const char* doc() const { return ""; }
    [[nodiscard]] virtual const char* units() const { return ""; }
    [[nodiscard]] virtual bool read_only() const { return false; }

    /// Sizes of an array variable in this instance; empty for a scalar.
    [[nodiscard]] virtual std::vector<long> dims(const Object&) const { return {}; }
    /// Where a Number is now, for immediate use; null when it is computed (then use get and set).
    [[nodiscard]] virtual double* data(Object&, Indices) const { return nullptr; }
    [[nodiscard]] virtual Value get(Object&, Indices) const;
    virtual void set(Object&, Indices, const Value&) const;
    [[nodiscard]] virtual RefPtr ref(Object&, Indices) const;
    virtual Value call(Object&, CallArgs&) const;

  protected:
    [[noreturn]] void refuse(const Object&, const char* what) const;

  private:
    std::string name_;
    Kind kind_;
    Returns returns_;
};

/// A row of a table of built-in methods: `{"size", vector_size, Returns::Int, "size() -> number of elements"}`.
struct Method {
    const char* name;
    Value (*call)(Object& self, CallArgs&);
    Returns returns = Returns::Number;
    const char* doc = "";
};

/// A row of a table of built-in properties. `set` null: read-only. `data` non-null: addressable number.
struct Property {
    const char* name;
    Value (*get)(Object& self, Indices);
    void (*set)(Object& self, Indices, const Value&) = nullptr;
    double* (*data)(Object& self, Indices) = nullptr;
    std::vector<long> (*dims)(const Object& self) = nullptr;  // null: scalar
    Member::Kind kind = Member::Kind::Number;
    const char* doc = "";
    const char* units = "";
};

class Class {
  public:
    Class(std::string name, std::string doc = {}) : name_(std::move(name)), doc_(std::move(doc)) {}
    virtual ~Class();
    Class(const Class&) = delete;
    Class& operator=(const Class&) = delete;

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] const std::string& doc() const noexcept { return doc_; }
    [[nodiscard]] Class* base() const noexcept { return base_; }

    /// Makes an instance. @throws Error(Type) for classes that users cannot construct
    [[nodiscard]] virtual ObjectPtr construct(CallArgs&);
    /// The member called `name`, or null. Members live as long as the class; languages cache them.
    [[nodiscard]] virtual const Member* member(std::string_view name);
    /// Names for dir() and completion.
    [[nodiscard]] virtual std::vector<std::string> member_names() const;

    // Traits. The defaults say "no".
    [[nodiscard]] virtual bool is_sequence() const { return false; }
    [[nodiscard]] virtual std::size_t size(const Object&) const;
    [[nodiscard]] virtual Value item(Object&, long i) const;
    virtual void set_item(Object&, long i, const Value&) const;
    /// Contiguous doubles for NumPy and friends; empty span when not a buffer.
    [[nodiscard]] virtual std::span<double> buffer(Object&) const { return {}; }
    [[nodiscard]] virtual bool is_buffer() const { return false; }
    /// What calling the object does, or null: Python callables and (callable, arguments) tuples have one.
    [[nodiscard]] virtual CallablePtr as_callable(Object&) const { return {}; }
    /// Truth in conditions of languages that ask (Python); the default is "not none".
    [[nodiscard]] virtual bool truth(const Object&) const { return true; }

    /// Live instances by number, oldest first.
    [[nodiscard]] const std::vector<Object*>& instances() const noexcept {
        if (gone_ > 0) close_gaps();
        return instances_;
    }
    [[nodiscard]] Object* instance(std::uint32_t index) const noexcept;
    /// Called with (object, born) when an instance comes or goes; List("Class") listens.
    struct InstanceListener {
        virtual ~InstanceListener() = default;
        virtual void instance_changed(Object&, bool born) = 0;
    };
    void add_listener(InstanceListener* l) { listeners_.push_back(l); }
    void remove_listener(InstanceListener* l);
    /// Adds a member later: aliases of single instances, methods that packs install.
    void extend(std::unique_ptr<Member> member) { add(std::move(member)); }

  protected:
    void add(std::unique_ptr<Member> member);
    /// Numbers the next instance gets is one past the highest ever given, reset when none is left.
    Class* base_ = nullptr;
    std::string name_, doc_;
    std::vector<std::unique_ptr<Member>> members_;                  // declaration order
    std::unordered_map<std::string_view, const Member*> by_name_;

  private:
    friend class Object;
    std::uint32_t enroll(Object*);
    void strike(Object*) noexcept;
    void close_gaps() const noexcept;
    /// By number. Who goes leaves a gap, and gaps are closed when somebody looks or they are many: thousands may go in
    /// any order.
    mutable std::vector<Object*> instances_;       // null: gone
    mutable std::vector<std::uint32_t> numbers_;   // of each
    mutable std::size_t gone_ = 0;
    std::uint32_t next_index_ = 0;
    std::vector<InstanceListener*> listeners_;
};

/// A class given by tables: how all built-in classes are declared.
class NativeClass : public Class {
  public:
    using Construct = ObjectPtr (*)(NativeClass&, CallArgs&);
    NativeClass(std::string name, Construct construct, std::span<const Method> methods,
                std::span<const Property> properties = {}, std::string doc = {});
    ObjectPtr construct(CallArgs&) override;
    /// Adds rows later: other subsystems or packs (install_vector_method) extend a class.
    void add_methods(std::span<const Method>);
    void add_member(std::unique_ptr<Member> m) { add(std::move(m)); }

  private:
    Construct construct_;
};

}  // namespace nrn
