// SPDX-License-Identifier: BSD-3-Clause
// Evaluating expressions.
#include <cmath>

#include <fmt/format.h>

#include "model/model.hpp"
#include "model/point_process.hpp"
#include "nrn/api/class_registry.hpp"
#include "nrn/api/class_traits.hpp"
#include "nrn/api/error.hpp"
#include "section_access.hpp"
#include "template_class.hpp"

namespace nrn::hoc {

std::string value_text(const Value& v) {
    switch (v.kind()) {
    case Value::Kind::Number: return fmt::format("{:.8g}", v.number());
    case Value::Kind::String: return v.string();
    case Value::Kind::None: return "NULLobject";
    case Value::Kind::Object: return v.object()->name();
    case Value::Kind::Ref: return value_text(v.ref().get());
    case Value::Kind::Callable: return v.callable().name();
    }
    return {};
}

double HocInterpreter::number(const Expr& e) {
    const Value v = evaluate(e);
    if (v.is_number()) return v.raw_number();
    throw Error(ErrorKind::Type, e.span, fmt::format("a number is needed here, not a {}", v.type_name()));
}

bool HocInterpreter::truth(const Expr& e) { return number(e) != 0; }

Symbol& HocInterpreter::symbol(const Expr& e, bool) {
    auto& cache = const_cast<Expr&>(e);
    if (e.slot >= 0 && instance_) return instance_->slot(static_cast<std::size_t>(e.slot));
    if (!cache.symbol) cache.symbol = &runtime_.scope().intern(e.text);
    return *cache.symbol;
}

std::vector<Value> HocInterpreter::arguments(const std::vector<ExprPtr>& list, bool by_reference) {
    std::vector<Value> values;
    values.reserve(list.size());
    for (const auto& a : list) {
        if (by_reference && a->kind == Expr::Kind::Name && !a->object && a->local < 0 && !a->has_arguments) {
            Symbol& s = symbol(*a);
            if (s.kind == Symbol::Kind::ObjectVar && !(a->slot == 0 && instance_)) {
                const std::size_t i = flat_index(*a, s.dims, a->index.size());
                values.emplace_back(a->slot >= 0 && instance_ ? instance_ref(*instance_, s, i) : symbol_ref(s, i));
                continue;
            }
        }
        values.push_back(evaluate(*a));
    }
    return values;
}

RefPtr HocInterpreter::object_variable(const std::vector<ExprPtr>& list, std::size_t i) {
    if (i >= list.size() || list[i]->kind != Expr::Kind::Name || list[i]->object || list[i]->local >= 0) return {};
    Symbol& s = symbol(*list[i]);
    if (s.kind != Symbol::Kind::ObjectVar) return {};
    const std::size_t k = flat_index(*list[i], s.dims, list[i]->index.size());
    return list[i]->slot >= 0 && instance_ ? instance_ref(*instance_, s, k) : symbol_ref(s, k);
}

std::vector<long> HocInterpreter::dimensions(const Expr& e) {
    std::vector<long> dims;
    for (const auto& i : e.index) {
        const double n = number(*i);
        if (!(n >= 1 && n < 2147483647.0)) throw Error(ErrorKind::Range, i->span, fmt::format("the size of array `{}` must be at least 1, not {:g}: bad array dimension", e.text, n));
        dims.push_back(static_cast<long>(n + kFloatEpsilon));
    }
    return dims;
}

std::size_t HocInterpreter::flat_index(const Expr& e, const std::vector<long>& dims, std::size_t given) {
    if (given != dims.size()) {
        if (given == 0) throw Error(ErrorKind::Index, e.span, fmt::format("array `{}` needs {} subscript{}: wrong number of subscripts", e.text, dims.size(), dims.size() == 1 ? "" : "s"));
        throw Error(ErrorKind::Index, e.span, fmt::format("`{}` has {} subscript{}, not {}: wrong number of subscripts{}", e.text, dims.size(), dims.size() == 1 ? "" : "s", given, dims.empty() ? ", it is not an array" : ""));
    }
    std::size_t flat = 0;
    for (std::size_t k = 0; k < dims.size(); ++k) {
        const double x = number(*e.index[k]);
        const long i = static_cast<long>(std::floor(x + *float_epsilon_));
        if (i < 0 || i >= dims[k])
            throw Error(ErrorKind::Index, e.index[k]->span, fmt::format("subscript out of range: index {} of `{}` is not within 0 to {}", i, e.text, dims[k] - 1));
        flat = flat * static_cast<std::size_t>(dims[k]) + static_cast<std::size_t>(i);
    }
    return flat;
}

Value HocInterpreter::binary(const Expr& e) {
    const Value a = evaluate(*e.left), b = evaluate(*e.right);
    const std::string& op = e.text;
    if (a.is_number() && b.is_number()) {
        const double x = a.raw_number(), y = b.raw_number(), epsilon = *float_epsilon_;
        switch (op[0]) {
        case '+': return x + y;
        case '-': return x - y;
        case '*': return x * y;
        case '/':
            if (y == 0) throw Error(ErrorKind::Runtime, e.span, "division by zero");
            return x / y;
        case '%':
            if (!(y > 0)) throw Error(ErrorKind::Runtime, e.span, fmt::format("division by zero: the right side of % must be > 0, not {:g}", y));
            return x - y * std::floor(x / y);
        case '^': return std::pow(x, y);
        case '<': return op.size() == 2 ? x <= y + epsilon : x < y - epsilon;
        case '>': return op.size() == 2 ? x >= y - epsilon : x > y + epsilon;
        case '=': return std::fabs(x - y) < epsilon || x == y;
        case '!': return !(std::fabs(x - y) < epsilon || x == y);
        case '&': return x != 0 && y != 0;
        case '|': return x != 0 || y != 0;
        default: break;
        }
    }
    const auto is_object = [](const Value& v) { return v.is_object() || v.is_none(); };
    if (is_object(a) && is_object(b) && (op == "==" || op == "!=")) return same_or_equal(a.object(), b.object()) == (op == "==");
    throw Error(ErrorKind::Type, e.span, fmt::format("`{}` does not work on a {} and a {}: bad stack access", op, a.type_name(), b.type_name()));
}

Value HocInterpreter::make_object(const Expr& e) {
    Symbol* s = runtime_.scope().find(e.text);
    Class* cls = s && s->kind == Symbol::Kind::Class ? s->cls : runtime_.classes().find(e.text);
    if (!cls) {
        std::string closest;
        try {
            (void)runtime_.classes().get(e.text);
        } catch (const Error& error) {
            closest = error.hint_text();
        }
        throw Error(ErrorKind::Name, e.span, fmt::format("`{}` is not a template or class: cannot make a new {}", e.text, e.text)).hint(closest);
    }
    const bool by_reference = dynamic_cast<TemplateClass*>(cls) != nullptr;
    const std::vector<Value> values = arguments(e.arguments, by_reference);
    CallArgs args(runtime_, e.text, values);
    args.span = e.span;
    args.context = instance_;
    return cls->construct(args);
}

Value HocInterpreter::evaluate(const Expr& e) {
    switch (e.kind) {
    case Expr::Kind::Number: return e.number;
    case Expr::Kind::String: return Value(e.constant->text);
    case Expr::Kind::Group: return evaluate(*e.left);
    case Expr::Kind::Unary: {
        const double x = number(*e.left);
        return e.text == "-" ? Value(-x) : Value(x == 0);
    }
    case Expr::Kind::Binary: return binary(e);
    case Expr::Kind::Assign: return assign(e);
    case Expr::Kind::New: return make_object(e);
    case Expr::Kind::Reference: return reference(*e.left);
    case Expr::Kind::Argument: return argument(e);
    case Expr::Kind::Name: return e.object ? member_value(e) : name_value(e);
    }
    return {};
}

const Value& HocInterpreter::argument_value(const Expr& e) {
    if (!frame_) throw Error(ErrorKind::Runtime, e.span, fmt::format("${}{:g} belongs inside a procedure or function", e.text, e.number));
    double n = e.number;
    if (n < 0) {
        if (e.local < 0) throw Error(ErrorKind::Runtime, e.span, "$i needs a local variable i");
        n = frame_->locals[static_cast<std::size_t>(e.local)].number();
    }
    const auto values = frame_->own_arguments.empty() ? frame_->arguments : std::span<const Value>(frame_->own_arguments);
    if (n < 1 || n > static_cast<double>(values.size()))
        throw Error(ErrorKind::Argument, e.span, fmt::format("`{}` was not called with an argument {:g}: not enough arguments", frame_->function ? frame_->function->name : "?", n));
    return values[static_cast<std::size_t>(n + kFloatEpsilon) - 1];
}

Value HocInterpreter::argument(const Expr& e) {
    const Value v = argument_value(e);
    const auto wrong = [&](const char* wanted) {
        throw Error(ErrorKind::Type, e.span, fmt::format("${}{:g} is a {}, not a {}: bad argument type", e.text, e.number, v.type_name(), wanted));
    };
    if (e.text == "&") {
        if (!v.is_ref()) wrong("reference");
        const std::size_t i = e.index.empty() ? 0 : static_cast<std::size_t>(std::max(0.0, number(*e.index[0]) + kFloatEpsilon));
        if (i >= v.ref().length()) throw Error(ErrorKind::Index, e.span, fmt::format("index {} is beyond what $&{:g} refers to: subscript out of range", i, e.number));
        return v.ref().data()[i];
    }
    if (e.text == "s") {
        const Value target = v.is_ref() ? v.ref().get() : v;
        if (!target.is_string()) wrong("string");
        return target;
    }
    if (e.text == "o") {
        const Value target = v.is_ref() ? v.ref().get() : v;
        if (!target.is_object() && !target.is_none()) wrong("object");
        return target;
    }
    if (!v.is_number()) wrong("number");
    return v;
}

Value HocInterpreter::reference(const Expr& e) {
    if (e.kind == Expr::Kind::Argument) {
        const Value v = argument_value(e);
        if (v.is_ref()) return v;
        return make_cell(v);
    }
    if (e.object) {
        const Value base = evaluate(*e.object);
        if (auto* section = dynamic_cast<Section*>(base.is_object() ? base.object() : nullptr)) return section_reference(*this, *section, e);
        if (!base.is_object()) throw Error(ErrorKind::Type, e.span, fmt::format("`{}` is a NULLobject: object prefix is NULL", to_text(*e.object)));
        const Member& m = find_member(*base.object(), e);
        std::vector<long> indices = member_indices(*base.object(), m, e);
        return m.ref(*base.object(), indices);
    }
    if (e.local >= 0) {
        // A reference to a local outlives the call: it refers to a copy, as documented.
        return make_cell(frame_->locals[static_cast<std::size_t>(e.local)]);
    }
    Symbol& s = symbol(e);
    switch (s.kind) {
    case Symbol::Kind::RangeVariable:
    case Symbol::Kind::SectionProperty: return section_reference(*this, runtime_.model().stack().accessed(), e);
    case Symbol::Kind::Number:
    case Symbol::Kind::String:
    case Symbol::Kind::ObjectVar: {
        const std::size_t i = e.index.empty() ? 0 : flat_index(e, s.dims, e.index.size());
        return e.slot >= 0 && instance_ ? instance_ref(*instance_, s, i) : symbol_ref(s, i);
    }
    default: throw undefined(e);
    }
}

Error HocInterpreter::undefined(const Expr& e) {
    const std::string closest = runtime_.scope().closest(e.text);
    return Error(ErrorKind::Name, e.span, fmt::format("undefined variable {}: `{}` was never assigned", e.text, e.text)).hint(closest.empty() ? "" : fmt::format("did you mean `{}`?", closest));
}

Value HocInterpreter::call_symbol(Symbol& s, const Expr& e, Section* section) {
    const CallablePtr callable = s.callable;
    auto* own = dynamic_cast<HocFunction*>(callable.get());
    const std::vector<Value> values = arguments(e.arguments, own != nullptr);
    CallArgs args(runtime_, e.text, values);
    args.span = e.span;
    args.explicit_section = section;
    args.context = instance_;
    if (own) return call_function(own->body(), args, e.slot >= 0 ? instance_ : nullptr);
    try {
        return callable->call(args);
    } catch (Error& error) {
        error.locate(e.span);
        throw;
    }
}

Value HocInterpreter::name_value(const Expr& e) {
    if (e.local >= 0 && frame_) {
        const Value& v = frame_->locals[static_cast<std::size_t>(e.local)];
        if (e.index.empty()) return v;
        if (v.is_ref()) {
            const double i = number(*e.index[0]);
            if (i < 0 || i >= static_cast<double>(v.ref().length())) throw Error(ErrorKind::Index, e.span, fmt::format("subscript out of range: index {:g} of `{}`", i, e.text));
            return v.ref().data()[static_cast<std::size_t>(i + kFloatEpsilon)];
        }
        return v;
    }
    if (e.slot == 0 && instance_ && e.text == "this") return Value(static_cast<Object*>(instance_));
    Symbol& s = symbol(e);
    switch (s.kind) {
    case Symbol::Kind::Number:
        if (e.index.empty()) return *s.data;  // of an array the first element
        return s.data[flat_index(e, s.dims, e.index.size())];
    case Symbol::Kind::String: return s.string;
    case Symbol::Kind::ObjectVar: return s.objects[flat_index(e, s.dims, e.index.size())];
    case Symbol::Kind::Sections: {
        const ObjectPtr& o = s.objects[s.dims.empty() ? 0 : flat_index(e, s.dims, e.index.size())];
        if (!o) throw Error(ErrorKind::Reference, e.span, fmt::format("section `{}` was deleted", e.text));
        return o;
    }
    case Symbol::Kind::Function: return call_symbol(s, e, nullptr);
    case Symbol::Kind::Class: {
        if (e.index.empty()) throw Error(ErrorKind::Type, e.span, fmt::format("`{}` is a class: use `new {}` or `{}[0]`", e.text, e.text, e.text));
        const double n = number(*e.index[0]);
        Object* o = n >= 0 ? s.cls->instance(static_cast<std::uint32_t>(n + kFloatEpsilon)) : nullptr;
        if (!o) throw Error(ErrorKind::Name, e.span, fmt::format("there is no object {}[{:g}]", e.text, n));
        return o;
    }
    case Symbol::Kind::RangeVariable:
    case Symbol::Kind::SectionProperty: return section_value(*this, runtime_.model().stack().accessed(), s, e);
    case Symbol::Kind::Mechanism: throw Error(ErrorKind::Type, e.span, fmt::format("`{}` is a mechanism, not a variable", e.text));
    case Symbol::Kind::Undefined: throw undefined(e);
    }
    return {};
}

const Member& HocInterpreter::find_member(Object& o, const Expr& e) {
    auto& cache = const_cast<Expr&>(e);
    Class& cls = o.cls();
    if (e.cached_class == &cls) return *e.cached_member;
    const Member* m = cls.member(e.text);
    if (!m) {
        std::vector<std::string> names = cls.member_names();
        throw Error(ErrorKind::Name, e.span, fmt::format("`{}` has no public member `{}`: {} not a public member of {}", cls.name(), e.text, e.text, cls.name())).hint(nearest(e.text, names));
    }
    cache.cached_class = &cls;
    cache.cached_member = m;
    return *m;
}

std::vector<long> HocInterpreter::member_indices(Object& o, const Member& m, const Expr& e) {
    std::vector<long> indices;
    if (e.index.empty()) return indices;
    const std::vector<long> dims = m.dims(o);
    for (std::size_t k = 0; k < e.index.size(); ++k) {
        const long i = static_cast<long>(std::floor(number(*e.index[k]) + kFloatEpsilon));
        if (k < dims.size() && (i < 0 || i >= dims[k]))
            throw Error(ErrorKind::Index, e.index[k]->span, fmt::format("subscript out of range: index {} of `{}.{}` is not within 0 to {}", i, o.name(), e.text, dims[k] - 1));
        indices.push_back(i);
    }
    return indices;
}

Value HocInterpreter::member_value(const Expr& e) {
    const Value base = evaluate(*e.object);
    if (base.is_none()) throw Error(ErrorKind::Type, e.span, fmt::format("object prefix is NULL: `{}` is a NULLobject and has no `{}`", to_text(*e.object), e.text));
    if (!base.is_object()) throw Error(ErrorKind::Type, e.span, fmt::format("`{}` is a {}, not an object", to_text(*e.object), base.type_name()));
    Object& o = *base.object();
    if (auto* section = dynamic_cast<Section*>(&o)) {
        Symbol& s = runtime_.scope().intern(e.text);
        if (s.kind == Symbol::Kind::Function) {
            SectionStack::Guard guard(runtime_.model().stack(), section);
            return call_symbol(s, e, nullptr);
        }
        return section_value(*this, *section, s, e);
    }
    const Member& m = find_member(o, e);
    const bool call = m.kind() == Member::Kind::Method || (m.kind() == Member::Kind::Dynamic && e.has_arguments);
    try {
        if (call) {
            const std::vector<Value> values = arguments(e.arguments, dynamic_cast<TemplateInstance*>(&o) != nullptr);
            CallArgs args(runtime_, e.text, values);
            args.span = e.span;
            args.context = instance_;
            const std::function<RefPtr(std::size_t)> variable = [&](std::size_t i) { return object_variable(e.arguments, i); };
            args.object_variable = &variable;
            return m.call(o, args);
        }
        const std::vector<long> indices = member_indices(o, m, e);
        return m.get(o, indices);
    } catch (Error& error) {
        error.locate(e.span);
        throw;
    }
}

Value HocInterpreter::assign(const Expr& e) {
    const Expr& target = *e.left;
    const auto updated = [&](double old, double value) {
        switch (e.text[0]) {
        case '+': return old + value;
        case '-': return old - value;
        case '*': return old * value;
        case '/':
            if (value == 0) throw Error(ErrorKind::Runtime, e.span, "division by zero");
            return old / value;
        default: return value;
        }
    };
    const bool plain = e.text == "=";
    if (target.kind == Expr::Kind::Argument) return assign_argument(e, updated);
    if (target.object) {
        const Value base = evaluate(*target.object);
        if (!base.is_object()) throw Error(ErrorKind::Type, target.span, fmt::format("object prefix is NULL: `{}` is a NULLobject", to_text(*target.object)));
        Object& o = *base.object();
        if (auto* section = dynamic_cast<Section*>(&o)) return section_assign(*this, *section, runtime_.scope().intern(target.text), e, updated);
        const Member& m = find_member(o, target);
        const std::vector<long> indices = member_indices(o, m, target);
        const Value value = evaluate(*e.right);
        try {
            m.set(o, indices, plain ? value : Value(updated(m.get(o, indices).number(), value.number())));
        } catch (Error& error) {
            error.locate(target.span);
            throw;
        }
        return value;
    }
    if (target.local >= 0 && frame_) {
        const Value value = evaluate(*e.right);
        Value& local = frame_->locals[static_cast<std::size_t>(target.local)];
        if (!target.index.empty() && local.is_ref()) {
            const double i = number(*target.index[0]);
            if (i < 0 || i >= static_cast<double>(local.ref().length())) throw Error(ErrorKind::Index, target.span, fmt::format("subscript out of range: index {:g} of `{}`", i, target.text));
            double& cell = local.ref().data()[static_cast<std::size_t>(i + kFloatEpsilon)];
            cell = updated(cell, value.number());
            return cell;
        }
        if (local.is_number() && !value.is_number()) throw Error(ErrorKind::Type, target.span, fmt::format("`{}` is a local number and cannot become a {}", target.text, value.type_name()));
        local = plain ? value : Value(updated(local.number(), value.number()));
        return local;
    }
    Symbol& s = symbol(target);
    switch (s.kind) {
    case Symbol::Kind::Undefined:
        if (!plain) throw undefined(target);
        if (!target.index.empty()) throw Error(ErrorKind::Index, target.span, fmt::format("`{}` is not an array: declare it with double or objref", target.text));
        {
            const Value value = evaluate(*e.right);
            if (!value.is_number()) throw Error(ErrorKind::Type, target.span, fmt::format("`{}` must be declared with {} first", target.text, value.is_string() ? "strdef" : "objref"));
            if (s.kind == Symbol::Kind::Undefined) {
                if (target.slot >= 0 && instance_) define_slot_number(s, {});
                else runtime_.scope().define_number(s.name);
            }
            *s.data = value.raw_number();
            return value;
        }
    case Symbol::Kind::Number: {
        const double value = number(*e.right);
        double& x = s.data[s.dims.empty() && target.index.empty() ? 0 : flat_index(target, s.dims, target.index.size())];
        if (s.read_only) throw Error(ErrorKind::Type, target.span, fmt::format("`{}` cannot be assigned to", target.text));
        const double old = x;
        x = updated(old, value);
        if (s.assigned) s.assigned(s, old);
        return x;
    }
    case Symbol::Kind::String: {
        const Value value = evaluate(*e.right);
        if (!value.is_string()) throw Error(ErrorKind::Type, target.span, fmt::format("strdef `{}` cannot become a {}", target.text, value.type_name()));
        s.string->text = std::string(value.string());
        return s.string;
    }
    case Symbol::Kind::ObjectVar: {
        const Value value = evaluate(*e.right);
        if (!value.is_object() && !value.is_none()) throw Error(ErrorKind::Type, target.span, fmt::format("objref `{}` cannot become a {}", target.text, value.type_name()));
        ObjectPtr fresh(value.object());
        s.objects[flat_index(target, s.dims, target.index.size())].swap(fresh);
        return value;
    }
    case Symbol::Kind::RangeVariable:
    case Symbol::Kind::SectionProperty: return section_assign(*this, runtime_.model().stack().accessed(), s, e, updated);
    default: throw Error(ErrorKind::Type, target.span, fmt::format("`{}` cannot be assigned to: it is no variable", target.text));
    }
}

Value HocInterpreter::assign_argument(const Expr& e, const std::function<double(double, double)>& updated) {
    const Expr& target = *e.left;
    const Value held = argument_value(target);
    const Value value = evaluate(*e.right);
    if (target.text == "&") {
        const std::size_t i = target.index.empty() ? 0 : static_cast<std::size_t>(std::max(0.0, number(*target.index[0]) + kFloatEpsilon));
        if (!held.is_ref() || i >= held.ref().length()) throw Error(ErrorKind::Index, target.span, "subscript out of range of what the argument refers to");
        double& x = held.ref().data()[i];
        x = updated(x, value.number());
        return x;
    }
    if (target.text == "s") {
        if (!value.is_string()) throw Error(ErrorKind::Type, target.span, "a string is needed here");
        const Value cell = held.is_ref() ? held.ref().get() : held;
        cell.string_cell().text = std::string(value.string());
        return value;
    }
    if (target.text == "o") {
        if (held.is_ref()) {
            held.ref().set(value);
            return value;
        }
    }
    if (frame_->own_arguments.empty()) frame_->own_arguments.assign(frame_->arguments.begin(), frame_->arguments.end());
    const double n = target.number < 0 ? frame_->locals[static_cast<std::size_t>(target.local)].number() : target.number;
    Value& slot = frame_->own_arguments[static_cast<std::size_t>(n + kFloatEpsilon) - 1];
    slot = target.text.empty() ? Value(updated(held.number(), value.number())) : value;
    return slot;
}

void HocInterpreter::define_slot_number(Symbol& s, std::vector<long> dims) {
    s.kind = Symbol::Kind::Number;
    s.dims = std::move(dims);
    s.numbers.assign(s.total(), 0);
    s.data = s.numbers.data();
    ++s.generation;
}

std::string to_text(const Expr& e) {
    std::string text = e.object ? to_text(*e.object) + "." + e.text : e.kind == Expr::Kind::Argument ? fmt::format("${}{:g}", e.text, e.number) : e.text;
    if (!e.index.empty()) text += "[...]";
    if (e.has_arguments) text += "(...)";
    return text;
}

}  // namespace nrn::hoc
