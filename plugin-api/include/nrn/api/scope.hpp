// SPDX-License-Identifier: BSD-3-Clause
// The top-level names that all interpreters share: variables, functions, sections, classes. What Hoc calls
// its symbol table and Python sees as attributes of `h`. Symbols have stable addresses; interpreters keep
// Symbol* in compiled code and look at `kind` when they run.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "nrn/api/callable.hpp"
#include "nrn/api/value.hpp"

namespace nrn {

class Class;
class RangeVariable;
class MechanismType;

struct Symbol {
    enum class Kind : std::uint8_t {
        Undefined,      // seen by a parser, nothing yet
        Number,         // scalar or array of numbers
        String,         // strdef
        ObjectVar,      // objref, scalar or array
        Sections,       // create: scalar or array of sections (objects of class Section; null when deleted)
        Function,       // built-in or user's proc, func, obfunc, iterator
        Class,          // built-in class, template or point process
        RangeVariable,  // v, diam, gnabar_hh ...: needs a section and x
        SectionProperty,// L, Ra, nseg, rallbranch
        Mechanism       // a density mechanism's name (for insert)
    };

    std::string name;
    Kind kind = Kind::Undefined;
    bool built_in = false;         // t, sin, Vector: cannot be redeclared as something else by users
    bool redefinable = false;      // a library function (run, init, advance ...): users may give their own
    bool read_only = false;
    std::vector<long> dims;        // empty for a scalar

    double* data = nullptr;        // Number: storage in use (own or external)
    std::vector<double> numbers;   // Number: own storage
    Ptr<StringCell> string;        // String
    std::vector<ObjectPtr> objects;  // ObjectVar, Sections
    CallablePtr callable;          // Function
    Class* cls = nullptr;          // Class
    const RangeVariable* range = nullptr;
    MechanismType* mechanism = nullptr;
    /// Number: called after an assignment from any language (celsius, dt, secondorder ...); may throw to refuse,
    /// in which case the old value has to be put back by the hook (it gets the old value).
    std::function<void(Symbol&, double old_value)> assigned;
    std::string units, doc;
    /// Bumped whenever kind, dims or storage change, so that compiled code can check its assumptions.
    std::uint32_t generation = 0;
    /// Of its first mention: 0, 1, 2 ...
    std::size_t order = 0;

    [[nodiscard]] std::size_t total() const noexcept { std::size_t n = 1; for (long d : dims) n *= static_cast<std::size_t>(d); return n; }
};

class Scope {
  public:
    /// The symbol called `name`, made Undefined if new. Addresses are stable for the Scope's life.
    Symbol& intern(std::string_view name);
    [[nodiscard]] Symbol* find(std::string_view name) const;  // null also for Undefined ones
    [[nodiscard]] std::vector<const Symbol*> all() const;
    /// All of them, undefined ones too, in the order of their first mention.
    [[nodiscard]] std::vector<const Symbol*> mentioned() const;
    /// The nearest defined name, for hints; empty when none is near.
    [[nodiscard]] std::string closest(std::string_view name) const;

    // Declarations; each (re)defines and bumps generation. @throws Error(Name) if a built-in of another kind
    Symbol& define_number(std::string_view name, double value = 0, std::vector<long> dims = {});
    /// A number whose storage the kernel owns (t, dt, celsius).
    Symbol& bind_number(std::string_view name, double* storage, std::string units = {}, std::string doc = {});
    Symbol& define_string(std::string_view name, std::string text = {});
    Symbol& define_object(std::string_view name, std::vector<long> dims = {});
    Symbol& define_function(std::string_view name, CallablePtr callable, bool built_in = false);
    /// A whole table of built-ins.
    void define_functions(std::span<const Function> table);
    Symbol& define_class(Class& cls, bool built_in);
    Symbol& define_range_variable(const RangeVariable& variable, std::string_view name);
    Symbol& define_mechanism(MechanismType& mechanism, std::string_view name);
    Symbol& define_section_property(std::string_view name);
    /// The name means nothing any more and may be defined as anything.
    void undefine(std::string_view name);
    Symbol& define_sections(std::string_view name, std::vector<ObjectPtr> sections, std::vector<long> dims = {});

  private:
    Symbol& redefine(std::string_view name, Symbol::Kind kind);
    struct NameHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view s) const noexcept { return std::hash<std::string_view>{}(s); }
    };
    std::unordered_map<std::string, std::unique_ptr<Symbol>, NameHash, std::equal_to<>> symbols_;
};

/// References to what a symbol holds; keep the Symbol's Scope alive.
[[nodiscard]] RefPtr symbol_ref(Symbol& symbol, std::size_t flat_index = 0);

/// Free-standing cells: h.ref(5), h.ref("text"), h.ref(None).
[[nodiscard]] RefPtr make_cell(Value initial);

}  // namespace nrn
