// SPDX-License-Identifier: BSD-3-Clause
// The Hoc machine: variables of the top level and of objects, array elements, arguments, declarations.
#include <cmath>

#include <fmt/format.h>

#include "error/memory_limit.hpp"
#include "hoc_interpreter.hpp"
#include "model/model.hpp"
#include "nrn/api/class_registry.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/scope.hpp"
#include "section_loop.hpp"
#include "stdrun/unknown_name.hpp"
#include "template_class.hpp"
#include "vm.hpp"

namespace nrn::hoc {
namespace {

const char* plural(std::size_t n) { return n == 1 ? "" : "s"; }

std::string argument_text(const Site& site) {
    const std::string letter = site.letter ? std::string(1, site.letter) : std::string();
    return site.number < 0 ? fmt::format("${}i", letter) : fmt::format("${}{}", letter, site.number);
}

Error already_declared(const std::string& name, SourceSpan span) {
    return Error(ErrorKind::Name, span, fmt::format("`{}` is already declared as something else: {} already declared", name, name));
}

}  // namespace

std::string value_text(const Value& v) {
    switch (v.kind()) {
    case Value::Kind::Number: return fmt::format("{:.8g}", v.raw_number());
    case Value::Kind::String: return v.string();
    case Value::Kind::None: return "NULLobject";
    case Value::Kind::Object: return v.object()->name();
    case Value::Kind::Ref: return value_text(v.ref().get());
    case Value::Kind::Callable: return v.callable().name();
    }
    return {};
}

void define_own_number(Symbol& s, std::vector<long> dims) {
    s.kind = Symbol::Kind::Number;
    s.dims = std::move(dims);
    s.numbers.assign(s.total(), 0);
    s.data = s.numbers.data();
    ++s.generation;
}

Symbol& Vm::own(std::int32_t slot) {
    TemplateInstance* self = frames_[count_ - 1].self;
    if (!self) throw Error(ErrorKind::Runtime, "this runs outside of the object that its names belong to");
    const auto i = static_cast<std::size_t>(slot);
    if (i < self->slots.size() && self->slots[i]) [[likely]] return *self->slots[i];
    return self->slot(i);
}

Symbol& Vm::symbol_of(const Site& site) { return site.own >= 0 ? own(site.own) : *site.symbol; }

Error Vm::undefined(const std::string& name) const {
    return Error(ErrorKind::Name, fmt::format("undefined variable {}: `{}` was never assigned", name, name)).hint(hint_for_unknown(runtime_, name));
}

double Vm::number_of(Symbol& s) {
    if (s.kind == Symbol::Kind::Number) return *s.data;
    const Value v = value_of(s, nullptr, nullptr);
    if (v.is_number()) return v.raw_number();
    throw Error(ErrorKind::Type, fmt::format("`{}` is a {}, where a number is needed", s.name, v.type_name()));
}

/// What a name stands for; `site` is null for a bare name.
Value Vm::value_of(Symbol& s, const Site* site, const Value* operands) {
    Site own_bare;
    if (!site) {
        own_bare.name = s.name;
        own_bare.span = location();
        own_bare.symbol = &s;
        site = &own_bare;
    }
    switch (s.kind) {
    case Symbol::Kind::Number: return s.data[flat_index(*site, s.dims, operands)];
    case Symbol::Kind::String: return s.string;
    case Symbol::Kind::ObjectVar: return s.objects[flat_index(*site, s.dims, operands)];
    case Symbol::Kind::Sections: {
        const ObjectPtr& o = s.objects[flat_index(*site, s.dims, operands)];
        if (!o) throw Error(ErrorKind::Reference, fmt::format("section `{}` was deleted", s.name));
        return o;
    }
    case Symbol::Kind::Function: return call_function(const_cast<Site&>(*site), s, operands, site->own >= 0);
    case Symbol::Kind::Class: {
        if (site->n_index != 1) throw Error(ErrorKind::Type, fmt::format("`{}` is a class: use `new {}` or `{}[0]`", s.name, s.name, s.name));
        const double n = operands[0].raw_number();
        Object* o = n >= 0 && n < 4e9 ? s.cls->instance(static_cast<std::uint32_t>(n + kFloatEpsilon)) : nullptr;
        if (!o) throw Error(ErrorKind::Name, fmt::format("there is no object {}[{:g}]", s.name, n));
        return o;
    }
    case Symbol::Kind::RangeVariable:
    case Symbol::Kind::SectionProperty: return section_value(model_.stack().accessed(), s, *site, operands);
    case Symbol::Kind::Mechanism: throw Error(ErrorKind::Type, fmt::format("`{}` is a mechanism, not a variable", s.name));
    case Symbol::Kind::Undefined: break;
    }
    throw undefined(s.name);
}

/// A subscript: towards zero after a little is added, so that -1 is 0, which models lean on; -2 is out of range.
long Vm::whole(const Value& index) const {
    const double x = std::trunc(required_number(index) + *epsilon_);
    return x >= -9e18 && x <= 9e18 ? static_cast<long>(x) : -1;
}

std::size_t Vm::flat_index(const Site& site, const std::vector<long>& dims, const Value* indices) const {
    const std::size_t given = site.n_index;
    if (given == 0) return 0;  // an array's name alone is its first element
    if (given != dims.size()) {
        throw Error(ErrorKind::Index, fmt::format("`{}` has {} subscript{}, not {}: wrong number of subscripts{}", site.name, dims.size(), plural(dims.size()), given, dims.empty() ? ", it is not an array" : ""));
    }
    std::size_t flat = 0;
    for (std::size_t k = 0; k < dims.size(); ++k) {
        const long i = whole(indices[k]);
        if (i < 0 || i >= dims[k])
            throw Error(ErrorKind::Index, fmt::format("subscript out of range: index {} of `{}` is not within 0 to {}", i, site.name, dims[k] - 1));
        flat = flat * static_cast<std::size_t>(dims[k]) + static_cast<std::size_t>(i);
    }
    return flat;
}

Value Vm::load_element(Site& site, const Value* indices) { return value_of(symbol_of(site), &site, indices); }

/// Assignment to a whole variable, declaring a number that is new.
void Vm::assign(Symbol& s, bool own_variable, Value value, Operator op, SourceSpan span) {
    const bool plain = op == Operator::None;
    switch (s.kind) {
    case Symbol::Kind::Undefined:
        if (!value.is_number()) throw Error(ErrorKind::Type, fmt::format("`{}` must be declared with {} first", s.name, value.is_string() ? "strdef" : "objref"));
        if (own_variable) define_own_number(s, {});
        else runtime_.scope().define_number(s.name);
        *s.data = combine(op, 0, value.raw_number());
        return;
    case Symbol::Kind::Number: {
        if (!value.is_number()) throw Error(ErrorKind::Type, fmt::format("`{}` is a number and cannot become a {}", s.name, value.type_name()));
        if (s.read_only) throw Error(ErrorKind::Type, fmt::format("`{}` cannot be assigned to", s.name));
        const double old = *s.data;
        *s.data = combine(op, old, value.raw_number());
        if (s.assigned) s.assigned(s, old);
        return;
    }
    case Symbol::Kind::String:
        if (!value.is_string() || !plain) throw Error(ErrorKind::Type, fmt::format("strdef `{}` cannot become a {}", s.name, value.type_name()));
        s.string->text = std::string(value.string());
        return;
    case Symbol::Kind::ObjectVar: {
        if ((!value.is_object() && !value.is_none()) || !plain) throw Error(ErrorKind::Type, fmt::format("objref `{}` cannot become a {}", s.name, value.type_name()));
        replace_held(s.objects[0], value.object());
        leave_if_asked();
        return;
    }
    case Symbol::Kind::RangeVariable:
    case Symbol::Kind::SectionProperty: {
        Site bare;
        bare.name = s.name;
        bare.span = span;
        bare.op = op;
        (void)section_store(model_.stack().accessed(), s, bare, &value);
        return;
    }
    default: throw Error(ErrorKind::Type, fmt::format("`{}` cannot be assigned to: it is no variable", s.name));
    }
}

Value Vm::store_element(Site& site, const Value* operands) {
    Symbol& s = symbol_of(site);
    const Value& value = operands[site.n_index];
    switch (s.kind) {
    case Symbol::Kind::Undefined: throw Error(ErrorKind::Index, fmt::format("`{}` is not an array: declare it with double or objref", site.name));
    case Symbol::Kind::Number: {
        if (s.read_only) throw Error(ErrorKind::Type, fmt::format("`{}` cannot be assigned to", s.name));
        double& x = s.data[flat_index(site, s.dims, operands)];
        x = combine(site.op, x, required_number(value));
        return x;
    }
    case Symbol::Kind::ObjectVar: {
        if ((!value.is_object() && !value.is_none()) || site.op != Operator::None) throw Error(ErrorKind::Type, fmt::format("objref `{}` cannot become a {}", s.name, value.type_name()));
        replace_held(s.objects[flat_index(site, s.dims, operands)], value.object());
        leave_if_asked();
        return value;
    }
    case Symbol::Kind::RangeVariable: return section_store(model_.stack().accessed(), s, site, operands);
    case Symbol::Kind::String: throw Error(ErrorKind::Index, fmt::format("strdef `{}` has no subscripts: wrong number of subscripts", s.name));
    default: throw Error(ErrorKind::Type, fmt::format("`{}` cannot be assigned to: it is no variable", s.name));
    }
}

Value Vm::refer_variable(Site& site, const Value* operands) {
    Symbol& s = symbol_of(site);
    switch (s.kind) {
    case Symbol::Kind::RangeVariable:
    case Symbol::Kind::SectionProperty: return section_reference(model_.stack().accessed(), s, site, operands);
    case Symbol::Kind::Number:
    case Symbol::Kind::String:
    case Symbol::Kind::ObjectVar: {
        const std::size_t i = flat_index(site, s.dims, operands);
        return site.own >= 0 ? instance_ref(*self(), s, i) : symbol_ref(s, i);
    }
    case Symbol::Kind::Undefined:
        if (!site.keep) throw undefined(s.name);
        assign(s, site.own >= 0, Value(0.0), Operator::None, site.span);  // read(x) makes x
        return site.own >= 0 ? instance_ref(*self(), s, 0) : symbol_ref(s, 0);
    default: throw Error(ErrorKind::Type, fmt::format("& wants a variable, and `{}` is none", s.name));
    }
}

// ---- arguments of calls --------------------------------------------------------------------------------------

/// Would the function that `call` reaches assign to its object arguments? `arguments`: the first of them.
bool Vm::callee_assigns(Site& call, const Value* arguments) const {
    const Callable* callable = nullptr;
    if (call.has_base) {
        const Value& base = arguments[-1 - call.n_index];
        auto* object = base.is_object() ? dynamic_cast<TemplateInstance*>(base.object()) : nullptr;
        if (!object) return false;
        auto& cls = static_cast<TemplateClass&>(object->cls());
        const int slot = cls.slot_of(call.name);
        if (slot >= 0 && static_cast<std::size_t>(slot) < cls.procedures.size()) callable = cls.procedures[static_cast<std::size_t>(slot)].callable.get();
    } else {
        const Symbol& s = call.own >= 0 ? const_cast<Vm*>(this)->own(call.own) : *call.symbol;
        if (s.kind == Symbol::Kind::Function) callable = s.callable.get();
        if (s.kind == Symbol::Kind::Class) {
            auto* cls = dynamic_cast<TemplateClass*>(s.cls);
            const int init = cls ? cls->slot_of("init") : -1;
            if (init >= 0 && static_cast<std::size_t>(init) < cls->procedures.size()) callable = cls->procedures[static_cast<std::size_t>(init)].callable.get();
        }
    }
    const auto* own_function = dynamic_cast<const HocFunction*>(callable);
    return own_function && own_function->code().assigns_objects;
}

Value Vm::load_for_call(Site& site, const Value* operands) {
    if (site.letter == 'o') {  // an argument of ours, handed on
        const Value& held = argument_slot(site);
        return held.is_ref() && callee_assigns(*site.call, operands - site.position) ? held : load_argument(site, nullptr);
    }
    if (site.local >= 0) {
        if (callee_assigns(*site.call, operands - site.position)) return Value(refer_local_object(site.local));
        const Frame& frame = frames_[count_ - 1];
        return frame.locals[site.local];
    }
    Symbol& s = symbol_of(site);
    if (s.kind == Symbol::Kind::ObjectVar && callee_assigns(*site.call, operands - site.position)) {
        const std::size_t i = flat_index(site, s.dims, operands);
        return site.own >= 0 ? instance_ref(*self(), s, i) : symbol_ref(s, i);
    }
    return value_of(s, &site, operands);
}

/// The object variable given as argument i, for built-ins that assign to it; null when it is none.
RefPtr Vm::written_variable(const Site& site, const Value*, std::size_t i) {
    if (i >= site.written.size()) return {};
    const WrittenArgument& written = site.written[i];
    if (written.argument) {
        const Value& held = argument_slot(*written.argument);
        return held.is_ref() ? RefPtr(&held.ref()) : RefPtr();
    }
    if (written.local >= 0) return refer_local_object(written.local);
    if (!written.symbol && written.own < 0) return {};
    Symbol& s = written.own >= 0 ? own(written.own) : *written.symbol;
    if (s.kind != Symbol::Kind::ObjectVar || written.indexed) return {};
    return written.own >= 0 ? instance_ref(*self(), s, 0) : symbol_ref(s, 0);
}

// ---- $1, $s2, $o3, $&4[i], $i ---------------------------------------------------------------------------------

Value& Vm::argument_slot(const Site& site) {
    const Frame* frame = function_frame();
    const std::string text = argument_text(site);
    if (!frame) throw Error(ErrorKind::Runtime, fmt::format("{} belongs inside a procedure or function", text));
    double n = site.number;
    if (n < 0) {
        if (site.local < 0) throw Error(ErrorKind::Runtime, fmt::format("{} needs a local variable i", text));
        n = required_number(frame->locals[site.local]);
    }
    if (!(n >= 1 - kFloatEpsilon && n < frame->n_arguments + 1 - kFloatEpsilon))
        throw Error(ErrorKind::Argument, fmt::format("`{}` was not called with an argument {:g}: not enough arguments", frame->code->is_function ? frame->code->name : "the statement", n));
    return frame->arguments[static_cast<std::size_t>(n + kFloatEpsilon) - 1];
}

Value Vm::load_argument(const Site& site, const Value* indices) {
    const Value& v = argument_slot(site);
    const auto wrong = [&](const char* wanted) {
        throw Error(ErrorKind::Type, fmt::format("{} is a {}, not a {}: bad argument type", argument_text(site), v.type_name(), wanted));
    };
    switch (site.letter) {
    case '&': {
        if (!v.is_ref()) wrong("reference");
        const long i = site.n_index ? whole(indices[0]) : 0;
        if (i < 0 || static_cast<std::size_t>(i) >= v.ref().length()) throw Error(ErrorKind::Index, fmt::format("index {:g} is beyond what {} refers to: subscript out of range", site.n_index ? required_number(indices[0]) : 0.0, argument_text(site)));
        const Value target = i == 0 ? v.ref().get() : Value(v.ref().data()[i]);
        return target;
    }
    case 's': {
        Value target = v.is_ref() ? v.ref().get() : v;
        if (!target.is_string()) wrong("string");
        return target;
    }
    case 'o': {
        Value target = v.is_ref() ? v.ref().get() : v;
        if (!target.is_object() && !target.is_none()) wrong("object");
        return target;
    }
    default:
        if (!v.is_number()) wrong("number");
        return v;
    }
}

Value Vm::refer_argument(const Site& site) {
    const Value& v = argument_slot(site);
    if (v.is_ref()) return v;
    return make_cell(v);
}

Value Vm::store_argument(const Site& site, const Value* operands) {
    Value& held = argument_slot(site);
    const Value& value = operands[site.n_index];
    switch (site.letter) {
    case '&': {
        const long i = site.n_index ? whole(operands[0]) : 0;
        if (!held.is_ref() || i < 0 || static_cast<std::size_t>(i) >= held.ref().length()) throw Error(ErrorKind::Index, fmt::format("subscript out of range of what {} refers to", argument_text(site)));
        double& x = held.ref().data()[i];
        const double next = combine(site.op, x, required_number(value));
        if (i == 0) held.ref().set(next);
        else x = next;
        return next;
    }
    case 's': {
        if (!value.is_string() || site.op != Operator::None) throw Error(ErrorKind::Type, fmt::format("a string is needed for {}", argument_text(site)));
        const Value cell = held.is_ref() ? held.ref().get() : held;
        cell.string_cell().text = std::string(value.string());
        return value;
    }
    case 'o':
        if (site.op != Operator::None || (!value.is_object() && !value.is_none())) throw Error(ErrorKind::Type, fmt::format("an object is needed for {}", argument_text(site)));
        if (held.is_ref()) held.ref().set(value);
        else held = value;
        return value;
    default:
        if (held.is_number()) {
            held = combine(site.op, held.raw_number(), required_number(value));
            return held;
        }
        if (site.op != Operator::None) throw Error(ErrorKind::Type, fmt::format("{} is a {}, not a number", argument_text(site), held.type_name()));
        held = value;
        return value;
    }
}

// ---- local arrays ---------------------------------------------------------------------------------------------

Value Vm::local_array(double size, const std::string& name) {
    if (!(size >= 1 && size < 1e9)) throw Error(ErrorKind::Range, fmt::format("the size of array `{}` must be at least 1: bad array dimension", name));
    return Value(static_cast<Ref*>(new LocalArray(static_cast<std::size_t>(size + kFloatEpsilon))));
}

double& Vm::local_element(const Value& array, const Site& site, const Value& index) const {
    if (!array.is_ref()) throw Error(ErrorKind::Index, fmt::format("local array `{}` has no size yet: its `local` was not reached", site.name));
    const long i = whole(index);
    if (i < 0 || static_cast<std::size_t>(i) >= array.ref().length())
        throw Error(ErrorKind::Index, fmt::format("subscript out of range: index {} of `{}` is not within 0 to {}", i, site.name, array.ref().length() - 1));
    return array.ref().data()[i];
}

// ---- declarations ---------------------------------------------------------------------------------------------

std::vector<long> Vm::sizes_of(const Site& site, const Value* sizes) const {
    std::vector<long> dims;
    double total = 1;
    for (std::size_t k = 0; k < site.n_index; ++k) {
        const double n = sizes[k].raw_number();
        total *= n;
        if (!(n >= 1 - kFloatEpsilon && n < 2147483647.0)) throw Error(ErrorKind::Range, fmt::format("the size of array `{}` must be at least 1, not {:g}: bad array dimension", site.name, n));
        if (total > 5e8) throw Error(ErrorKind::Range, fmt::format("array `{}` is too large", site.name));
        dims.push_back(static_cast<long>(n + kFloatEpsilon));
    }
    constexpr std::size_t kSection = 2048;  // bytes, about
    require_memory(total, site.statement == Stmt::Kind::Create ? kSection : sizeof(Value));
    return dims;
}

/// The symbol of a top-level name about to be declared: a number that only an assignment not yet run implies gives way.
Symbol* Vm::declared_before(const std::string& name) {
    Scope& scope = runtime_.scope();
    Symbol* known = scope.find(name);
    if (!known || interpreter_.implied_numbers.erase(known) == 0) return known;
    if (known->kind != Symbol::Kind::Number || !known->dims.empty() || *known->data != 0) return known;
    scope.undefine(name);
    return nullptr;
}

void Vm::declare(const Site& site, const Value* sizes) {
    const std::vector<long> dims = sizes_of(site, sizes);
    const bool is_double = site.statement == Stmt::Kind::Double, is_string = site.statement == Stmt::Kind::Strdef;
    if (is_string && !dims.empty()) throw Error(ErrorKind::Unsupported, fmt::format("strdef `{}`: arrays of strings do not exist", site.name)).hint("use a List of String objects");
    if (site.own >= 0) {
        Symbol& s = own(site.own);
        if (s.kind == Symbol::Kind::Function || s.kind == Symbol::Kind::Sections) throw already_declared(site.name, site.span);
        std::vector<ObjectPtr> old = std::move(s.objects);
        s.objects.clear();
        for (ObjectPtr& o : old) replace_held(o, nullptr);
        s.dims = dims;
        ++s.generation;
        if (site.statement == Stmt::Kind::Create) {
            s.kind = Symbol::Kind::Sections;  // a template's body counts its sections; instances make them
            s.objects.assign(s.total(), nullptr);
        } else if (is_double) {
            define_own_number(s, dims);
        } else if (is_string) {
            s.kind = Symbol::Kind::String;
            s.string = make_counted<StringCell>();
        } else {
            s.kind = Symbol::Kind::ObjectVar;
            s.objects.assign(s.total(), nullptr);
        }
        return;
    }
    Scope& scope = runtime_.scope();
    const auto wanted = is_double ? Symbol::Kind::Number : is_string ? Symbol::Kind::String : Symbol::Kind::ObjectVar;
    if (Symbol* known = declared_before(site.name)) {
        if (known->built_in || (known->kind != wanted && known->kind != Symbol::Kind::Undefined)) throw already_declared(site.name, site.span);
        if (is_string) {
            known->string->text.clear();
            return;
        }
        if (wanted == Symbol::Kind::ObjectVar && known->dims == dims) {
            std::vector<ObjectPtr> old = std::exchange(known->objects, std::vector<ObjectPtr>(known->total()));
            for (ObjectPtr& o : old) replace_held(o, nullptr);
            leave_if_asked();
            return;
        }
    }
    if (is_double) scope.define_number(site.name, 0, dims);
    else if (is_string) scope.define_string(site.name);
    else scope.define_object(site.name, dims);
}

void Vm::declare_dependent(Site& site) {
    if (site.own < 0)
        if (const Symbol* known = declared_before(site.name); known && (known->built_in || known->kind != Symbol::Kind::Number))
            throw Error(ErrorKind::Name, site.span, fmt::format("`{}` is no variable of the user's: {} can't be a dependent variable", site.name, site.name));
    Symbol& s = symbol_of(site);
    if (s.kind == Symbol::Kind::Undefined) assign(s, site.own >= 0, Value(0.0), Operator::None, site.span);
    if (s.kind != Symbol::Kind::Number) throw Error(ErrorKind::Type, site.span, fmt::format("`{}` is no number: {} can't be a dependent variable", site.name, site.name));
    for (std::size_t i = 0; i < s.total(); ++i) interpreter_.equations.declare({&s, i, site.own >= 0, site.own >= 0 ? self()->life() : std::weak_ptr<const void>()});
}

Value Vm::begin_equation(Site& site, bool anew, const Value* indices) {
    const Symbol& s = symbol_of(site);
    return Value(interpreter_.equations.begin(s, flat_index(site, s.dims, indices), anew));
}

void Vm::create_sections(const Site& site, const Value* sizes) {
    const std::vector<long> dims = sizes_of(site, sizes);
    TemplateInstance* const owner = self();
    if (site.own < 0) declared_before(site.name);
    Symbol& s = symbol_of(site);
    if (s.kind != Symbol::Kind::Undefined && s.kind != Symbol::Kind::Sections) throw already_declared(site.name, site.span);
    for (const ObjectPtr& old : s.objects)
        if (old) model_.delete_section(static_cast<Section&>(*old));
    std::size_t n = 1;
    for (const long d : dims) n *= static_cast<std::size_t>(d);
    if (n > 64) check_interrupt(site.span);
    const bool owned = site.own >= 0 && owner;
    std::vector<ObjectPtr> made(n);
    for (std::size_t i = 0; i < n; ++i) {
        std::string local = site.name;
        std::size_t block = n, rest = i;
        for (const long d : dims) {
            block /= static_cast<std::size_t>(d);
            local += fmt::format("[{}]", rest / block);
            rest %= block;
        }
        SectionPtr section = model_.create_section(owned ? owner->name() + "." + local : local, owned ? owner : nullptr);
        section->local_name = local;
        made[i] = section;
    }
    s.kind = Symbol::Kind::Sections;
    s.dims = dims;
    s.objects.swap(made);
    ++s.generation;
    while (!made.empty()) made.pop_back();  // newest first: their class need not close gaps
}

void Vm::define(Site& site) {
    Scope& scope = runtime_.scope();
    Symbol* known = declared_before(site.name);
    if (site.statement == Stmt::Kind::Template) {
        if (known) throw Error(ErrorKind::Name, site.span, fmt::format("template cannot be redefined: `{}` is already declared", site.name));
        Class& cls = runtime_.classes().add(std::make_unique<TemplateClass>(interpreter_, site.tmpl));
        scope.define_class(cls, false);
        interpreter_.keep(site.code);
        static_cast<TemplateClass&>(cls).define(*site.code);
        return;
    }
    if (known && known->kind != Symbol::Kind::Function) throw already_declared(site.name, site.span);
    if (known && known->built_in && !known->redefinable)
        throw Error(ErrorKind::Name, site.span, fmt::format("`{}` is a built-in function and cannot be defined again", site.name));
    if (known) known->built_in = false;
    interpreter_.keep(site.code);  // it may be running while it is defined anew
    scope.define_function(site.name, make_counted<HocFunction>(interpreter_, site.code));
}

/// delete x: the name is free for another declaration.
void Vm::forget(Symbol& s) {
    if (s.built_in) throw Error(ErrorKind::Name, fmt::format("`{}` is built in and cannot be deleted", s.name));
    if (s.kind == Symbol::Kind::Sections) throw Error(ErrorKind::Type, fmt::format("`{}` is a section: delete it with delete_section()", s.name));
    if (s.kind == Symbol::Kind::Class) throw Error(ErrorKind::Type, fmt::format("`{}` is a template and cannot be deleted", s.name));
    const std::vector<ObjectPtr> objects = std::move(s.objects);
    s.objects.clear();
    s.kind = Symbol::Kind::Undefined;
    s.dims.clear();
    ++s.generation;
}

void Vm::show(const Site& site, const Value& v) {
    if (site.symbol && site.symbol->kind == Symbol::Kind::Function) {
        const auto kind = site.symbol->callable->kind();
        if (kind == Callable::Kind::Procedure || kind == Callable::Kind::Iterator) return;
    }
    if (v.is_string()) runtime_.print(site.has_base ? "\t" + std::string(v.string()) + " \n" : v.string() + "\n");  // a member's as objects are shown
    else runtime_.print(v.is_number() ? fmt::format("\t{:.8g} \n", v.raw_number()) : fmt::format("\t{} \n", value_text(v)));
}

}  // namespace nrn::hoc
