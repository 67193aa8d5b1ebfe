// SPDX-License-Identifier: BSD-3-Clause
// The shared top-level names.
#include "nrn/api/holder.hpp"
#include "nrn/api/scope.hpp"

#include <algorithm>
#include <deque>

#include <fmt/format.h>

#include "error/closest_name.hpp"
#include "nrn/api/class.hpp"
#include "nrn/api/error.hpp"

namespace nrn {
namespace {

/// A row of a function table as something to call.
class NativeFunction final : public Callable {
  public:
    explicit NativeFunction(const Function& row) : row_(row) {}
    Value call(CallArgs& args) override { return row_.call(args); }
    [[nodiscard]] std::string name() const override { return row_.name; }
    [[nodiscard]] Kind kind() const override {
        switch (row_.returns) {
        case Returns::Object: return Kind::ObjectFunction;
        case Returns::String: return Kind::StringFunction;
        default: return Kind::Function;
        }
    }
    [[nodiscard]] const char* doc() const override { return row_.doc; }
    [[nodiscard]] Returns returns() const override { return row_.returns; }

  private:
    Function row_;
};

class SymbolRef final : public Ref {
  public:
    SymbolRef(Symbol& symbol, std::size_t index) : symbol_(symbol), index_(index), generation_(symbol.generation) {}
    [[nodiscard]] bool valid() const override {
        // Redeclared with another kind or smaller: what was referred to is gone.
        if (symbol_.generation == generation_) return true;
        return (symbol_.kind == Symbol::Kind::Number || symbol_.kind == Symbol::Kind::String ||
                symbol_.kind == Symbol::Kind::ObjectVar) && index_ < symbol_.total();
    }
    [[nodiscard]] std::size_t length() const override { return symbol_.total() - index_; }
    [[nodiscard]] const std::uint32_t* moves() const noexcept override { return &symbol_.generation; }
    [[nodiscard]] double* data() const override {
        require();
        if (symbol_.kind != Symbol::Kind::Number)
            throw Error(ErrorKind::Type, fmt::format("`{}` is not a number", symbol_.name));
        return symbol_.data + index_;
    }
    [[nodiscard]] Value get() const override {
        require();
        if (symbol_.kind == Symbol::Kind::String) return symbol_.string;
        if (symbol_.kind == Symbol::Kind::ObjectVar) return symbol_.objects[index_];
        return *data();
    }
    void set(const Value& value) const override {
        require();
        if (symbol_.kind == Symbol::Kind::String) {
            symbol_.string->text = value.string();
        } else if (symbol_.kind == Symbol::Kind::ObjectVar) {
            replace_held(symbol_.objects[index_], value.object());
        } else {
            const double old = *data();
            *data() = value.number();
            if (symbol_.assigned) symbol_.assigned(symbol_, old);
        }
    }
    [[nodiscard]] std::string name() const override {
        std::string text = symbol_.name;
        std::size_t rest = index_, block = symbol_.total();
        for (long d : symbol_.dims) {
            block /= static_cast<std::size_t>(d);
            text += fmt::format("[{}]", rest / block);
            rest %= block;
        }
        return text;
    }
    [[nodiscard]] bool same(const Ref& other) const override {
        const auto* o = dynamic_cast<const SymbolRef*>(&other);
        return o && &o->symbol_ == &symbol_ && o->index_ == index_;
    }

  private:
    void require() const {
        if (!valid()) throw Error(ErrorKind::Reference, fmt::format("what the reference to `{}` pointed at is gone", symbol_.name));
    }
    Symbol& symbol_;
    std::size_t index_;
    std::uint32_t generation_;
};

class CellRef final : public Ref, public Holder {
  public:
    explicit CellRef(Value initial) : value_(std::move(initial)) { keep_number(); }
    [[nodiscard]] double* data() const override {
        if (!is_number_) throw Error(ErrorKind::Type, fmt::format("the reference holds a {}, not a number", value_.type_name()));
        return &number_;
    }
    [[nodiscard]] Value get() const override { return is_number_ ? Value(number_) : value_; }
    void visit_held(HeldVisitor& visitor) const override { visitor.visit(value_); }
    void set(const Value& value) const override {
        if (value.is_string() && value_.is_string()) {
            value_.string_cell().text = value.string();  // keep the cell: a callee may hold it
            return;
        }
        value_ = value;
        keep_number();
    }

  private:
    void keep_number() const {
        is_number_ = value_.is_number();
        if (is_number_) number_ = value_.raw_number();
    }
    mutable Value value_;
    mutable double number_ = 0;
    mutable bool is_number_ = false;
};

}  // namespace

Symbol& Scope::intern(std::string_view name) {
    auto found = symbols_.find(name);
    if (found == symbols_.end()) {
        found = symbols_.emplace(std::string(name), std::make_unique<Symbol>()).first;
        found->second->name = std::string(name);
        found->second->order = symbols_.size() - 1;
    }
    return *found->second;
}

Symbol* Scope::find(std::string_view name) const {
    const auto found = symbols_.find(name);
    return found == symbols_.end() || found->second->kind == Symbol::Kind::Undefined ? nullptr : found->second.get();
}

std::vector<const Symbol*> Scope::all() const {
    std::vector<const Symbol*> defined;
    for (const auto& [name, symbol] : symbols_)
        if (symbol->kind != Symbol::Kind::Undefined) defined.push_back(symbol.get());
    std::sort(defined.begin(), defined.end(), [](const Symbol* a, const Symbol* b) { return a->name < b->name; });
    return defined;
}

std::vector<const Symbol*> Scope::mentioned() const {
    std::vector<const Symbol*> symbols;
    for (const auto& [name, symbol] : symbols_) symbols.push_back(symbol.get());
    std::sort(symbols.begin(), symbols.end(), [](const Symbol* a, const Symbol* b) { return a->order < b->order; });
    return symbols;
}

std::string Scope::closest(std::string_view name) const {
    ClosestName closest(name);
    for (const auto& [candidate, symbol] : symbols_)
        if (symbol->kind != Symbol::Kind::Undefined) closest.offer(candidate);
    return closest.best();
}

Symbol& Scope::redefine(std::string_view name, Symbol::Kind kind) {
    Symbol& symbol = intern(name);
    if (symbol.kind != Symbol::Kind::Undefined && symbol.kind != kind && symbol.built_in)
        throw Error(ErrorKind::Name, fmt::format("`{}` is built in and cannot be declared again", name));
    symbol.kind = kind;
    ++symbol.generation;
    return symbol;
}

Symbol& Scope::define_number(std::string_view name, double value, std::vector<long> dims) {
    Symbol& symbol = redefine(name, Symbol::Kind::Number);
    symbol.dims = std::move(dims);
    symbol.numbers.assign(symbol.total(), value);
    symbol.data = symbol.numbers.data();
    return symbol;
}

Symbol& Scope::bind_number(std::string_view name, double* storage, std::string units, std::string doc) {
    Symbol& symbol = redefine(name, Symbol::Kind::Number);
    symbol.dims.clear();
    symbol.data = storage;
    symbol.units = std::move(units);
    symbol.doc = std::move(doc);
    symbol.built_in = true;
    return symbol;
}

Symbol& Scope::define_string(std::string_view name, std::string text) {
    Symbol& symbol = redefine(name, Symbol::Kind::String);
    symbol.dims.clear();
    symbol.string = make_counted<StringCell>(std::move(text));
    return symbol;
}

Symbol& Scope::define_object(std::string_view name, std::vector<long> dims) {
    Symbol& symbol = redefine(name, Symbol::Kind::ObjectVar);
    symbol.dims = std::move(dims);
    // The old objects go only after the symbol is whole again: their destructors may look at it.
    std::vector<ObjectPtr> old(symbol.total());
    old.swap(symbol.objects);
    for (ObjectPtr& o : old) replace_held(o, nullptr);
    return symbol;
}

Symbol& Scope::define_function(std::string_view name, CallablePtr callable, bool built_in) {
    Symbol& symbol = redefine(name, Symbol::Kind::Function);
    symbol.dims.clear();
    symbol.callable.swap(callable);
    symbol.built_in = built_in;
    return symbol;
}

void Scope::define_functions(std::span<const Function> table) {
    for (const auto& row : table) {
        Symbol& symbol = define_function(row.name, make_counted<NativeFunction>(row), true);
        symbol.doc = row.doc;
    }
}

Symbol& Scope::define_class(Class& cls, bool built_in) {
    Symbol& symbol = redefine(cls.name(), Symbol::Kind::Class);
    symbol.cls = &cls;
    symbol.built_in = built_in;
    return symbol;
}

Symbol& Scope::define_range_variable(const RangeVariable& variable, std::string_view name) {
    Symbol& symbol = redefine(name, Symbol::Kind::RangeVariable);
    symbol.range = &variable;
    symbol.built_in = true;
    return symbol;
}

Symbol& Scope::define_mechanism(MechanismType& mechanism, std::string_view name) {
    Symbol& symbol = redefine(name, Symbol::Kind::Mechanism);
    symbol.mechanism = &mechanism;
    symbol.built_in = true;
    return symbol;
}

void Scope::undefine(std::string_view name) {
    Symbol* symbol = find(name);
    if (!symbol) return;
    symbol->kind = Symbol::Kind::Undefined;
    symbol->built_in = false;
    symbol->cls = nullptr;
    symbol->range = nullptr;
    symbol->mechanism = nullptr;
    ++symbol->generation;
}

Symbol& Scope::define_section_property(std::string_view name) {
    Symbol& symbol = redefine(name, Symbol::Kind::SectionProperty);
    symbol.built_in = true;
    return symbol;
}

Symbol& Scope::define_sections(std::string_view name, std::vector<ObjectPtr> sections, std::vector<long> dims) {
    Symbol& symbol = redefine(name, Symbol::Kind::Sections);
    symbol.dims = std::move(dims);
    symbol.objects.swap(sections);
    return symbol;
}

RefPtr symbol_ref(Symbol& symbol, std::size_t flat_index) { return make_counted<SymbolRef>(symbol, flat_index); }
RefPtr make_cell(Value initial) { return make_counted<CellRef>(std::move(initial)); }

}  // namespace nrn
