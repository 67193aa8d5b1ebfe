// SPDX-License-Identifier: BSD-3-Clause
// The Hoc machine: calls of built-ins, members of objects, and everything that concerns sections.
#include <cmath>
#include <optional>
#include <regex>

#include <fmt/format.h>

#include "classes/section_pattern.hpp"
#include "error/closest_name.hpp"
#include "hoc_interpreter.hpp"
#include "model/model.hpp"
#include "model/point_process.hpp"
#include "model/point_process_class.hpp"
#include "nrn/api/class_registry.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/scope.hpp"
#include "section_loop.hpp"
#include "section_properties.hpp"
#include "template_class.hpp"
#include "vm.hpp"

namespace nrn::hoc {

// ---- calls ----------------------------------------------------------------------------------------------------

Value Vm::call_native(Site& site, Callable& callable, const Value* operands) {
    const CallablePtr keep(&callable);  // it may define itself anew
    CallArgs args(runtime_, site.name, {operands, site.n_arguments});
    args.span = site.span;
    args.context = self();
    if (site.written.empty()) return leaving_if_asked(callable.call(args));
    const std::function<RefPtr(std::size_t)> variable = [&](std::size_t i) { return written_variable(site, operands, i); };
    args.object_variable = &variable;
    return leaving_if_asked(callable.call(args));
}

/// A name with parentheses, or a bare name of a function.
Value Vm::call_function(Site& site, Symbol& symbol, const Value* operands, bool own_function) {
    const Value* const arguments = operands + site.n_index;
    switch (symbol.kind) {
    case Symbol::Kind::Function: {
        if (site.n_index) throw Error(ErrorKind::Index, fmt::format("function `{}` has no subscripts", site.name));
        Callable& callable = *symbol.callable;
        const auto* own = dynamic_cast<const HocFunction*>(&callable);
        if (!own) return call_native(site, callable, arguments);
        CallArgs args(runtime_, site.name, {arguments, site.n_arguments});
        args.span = site.span;
        return call(own->code(), args, own_function ? self() : nullptr);
    }
    case Symbol::Kind::RangeVariable:
    case Symbol::Kind::SectionProperty: return section_value(model_.stack().accessed(), symbol, site, operands);
    case Symbol::Kind::Undefined: {
        Error error = undefined(site.name);
        throw Error(ErrorKind::Name, fmt::format("undefined function {}: nothing called `{}` was defined", site.name, site.name)).hint(error.hint_text());
    }
    case Symbol::Kind::Class: throw Error(ErrorKind::Type, fmt::format("`{}` is a class: use `new {}(...)`", site.name, site.name));
    case Symbol::Kind::Sections: throw Error(ErrorKind::Type, fmt::format("`{}` is a section, not a function: name a variable, as in `{}.v(0.5)`", site.name, site.name));
    case Symbol::Kind::Mechanism: throw Error(ErrorKind::Type, fmt::format("`{}` is a mechanism, not a function", site.name));
    default: throw Error(ErrorKind::Type, fmt::format("`{}` is a variable, not a function", site.name));
    }
}

Value Vm::new_object(Site& site, const Value* operands) {
    Symbol& s = site.symbol ? *site.symbol : runtime_.scope().intern(site.name);
    Class* cls = s.kind == Symbol::Kind::Class ? s.cls : runtime_.classes().find(site.name);
    if (!cls) {
        std::string closest;
        try {
            (void)runtime_.classes().get(site.name);
        } catch (const Error& error) {
            closest = error.hint_text();
        }
        throw Error(ErrorKind::Name, fmt::format("`{}` is not a template or class: cannot make a new {}", site.name, site.name)).hint(closest);
    }
    CallArgs args(runtime_, site.name, {operands, site.n_arguments});
    args.span = site.span;
    args.context = self();
    return cls->construct(args);
}

// ---- members --------------------------------------------------------------------------------------------------

Object& Vm::base_object(const Site& site, const Value& base) const {
    if (base.is_object()) return *base.object();
    if (base.is_none()) throw Error(ErrorKind::Type, fmt::format("object prefix is NULL: `{}` is a NULLobject and has no `{}`", site.base_text, site.name));
    throw Error(ErrorKind::Type, fmt::format("`{}` is a {}, not an object with a member `{}`", site.base_text, base.type_name(), site.name));
}

/// Fills the site's cache for the object's class.
void Vm::find_member(Site& site, Object& object) const {
    Class& cls = object.cls();
    if (site.cls == &cls) return;
    const Member* m = cls.member(site.name);
    if (!m) {
        ClosestName closest(site.name);
        for (const auto& n : cls.member_names()) closest.offer(n);
        throw Error(ErrorKind::Name, fmt::format("`{}` has no public member `{}`: {} not a public member of {}", cls.name(), site.name, site.name, cls.name())).hint(closest.hint());
    }
    site.member = m;
    site.found = m->kind() == Member::Kind::Method ? Site::Found::Method : Site::Found::Variable;
    if (m->kind() == Member::Kind::Dynamic && site.has_arguments) site.found = Site::Found::Method;
    auto* tmpl = dynamic_cast<TemplateClass*>(&cls);
    if (tmpl && m->kind() == Member::Kind::Method) {
        const int slot = tmpl->slot_of(site.name);
        const Callable* callable = slot >= 0 && static_cast<std::size_t>(slot) < tmpl->procedures.size() ? tmpl->procedures[static_cast<std::size_t>(slot)].callable.get() : nullptr;
        if (const auto* own = dynamic_cast<const HocFunction*>(callable)) {
            site.target = &own->code();
            site.found = Site::Found::Procedure;
        }
    } else if (m->kind() == Member::Kind::Number && site.n_index == 1 && !site.has_arguments && !m->read_only()) {
        site.found = Site::Found::Element;
    } else if (tmpl && m->kind() == Member::Kind::Number && site.n_index == 0 && !site.has_arguments) {
        site.found = Site::Found::Own;
        site.found_slot = tmpl->slot_of(site.name);
    }
    site.cls = m->kind() == Member::Kind::Dynamic ? nullptr : &cls;
}

std::vector<long> Vm::member_indices(const Site& site, Object& object, const Member& member, const Value* indices) const {
    std::vector<long> found;
    if (site.n_index == 0 && site.n_arguments == 0) return found;
    const std::vector<long> dims = member.dims(object);
    // v.x(3) is v.x[3]: old models write both.
    const std::size_t n = site.n_index ? site.n_index : dims.empty() ? 0 : site.n_arguments;
    for (std::size_t k = 0; k < n; ++k) {
        const long i = whole(indices[k]);
        if (k < dims.size() && (i < 0 || i >= dims[k]))
            throw Error(ErrorKind::Index, fmt::format("subscript out of range: index {} of `{}.{}` is not within 0 to {}", i, object.name(), site.name, dims[k] - 1));
        found.push_back(i);
    }
    return found;
}

Value Vm::call_method(Site& site, Object& object, const Value* arguments) {
    CallArgs args(runtime_, site.name, {arguments, site.n_arguments});
    args.span = site.span;
    args.context = self();
    if (site.written.empty()) return site.member->call(object, args);
    const std::function<RefPtr(std::size_t)> variable = [&](std::size_t i) { return written_variable(site, arguments, i); };
    args.object_variable = &variable;
    return site.member->call(object, args);
}

Value Vm::load_member(Site& site, const Value* operands) {
    Object& object = base_object(site, operands[0]);
    if (&object.cls() == section_class_) {
        auto& section = static_cast<Section&>(object);
        if (!site.section_symbol) site.section_symbol = &runtime_.scope().intern(site.name);
        Symbol& s = *site.section_symbol;
        if (s.kind != Symbol::Kind::Function) return section_value(section, s, site, operands + 1);
        SectionStack::Guard guard(model_.stack(), &section);
        return call_function(site, s, operands + 1, false);
    }
    find_member(site, object);
    const Member& m = *site.member;
    const Value* const arguments = operands + 1 + site.n_index;
    if (site.found == Site::Found::Method || site.found == Site::Found::Procedure) {
        if (site.n_index && m.kind() != Member::Kind::Dynamic) {  // list.o[i] is list.o(i)
            if (site.n_arguments) throw Error(ErrorKind::Index, fmt::format("`{}.{}` is a method and has no subscripts", object.name(), site.name));
            CallArgs call(runtime_, site.name, {operands + 1, site.n_index});
            call.span = site.span;
            return m.call(object, call);
        }
        return call_method(site, object, arguments);
    }
    const std::vector<long> indices = member_indices(site, object, m, operands + 1);
    return m.get(object, indices);
}

Value Vm::store_member(Site& site, const Value* operands) {
    const Value& base = operands[0];
    if (!base.is_object()) (void)base_object(site, base);
    Object& object = *base.object();
    if (&object.cls() == section_class_) {
        if (!site.section_symbol) site.section_symbol = &runtime_.scope().intern(site.name);
        return section_store(static_cast<Section&>(object), *site.section_symbol, site, operands + 1);
    }
    find_member(site, object);
    const Member& m = *site.member;
    const Value& value = operands[1 + site.n_index + site.n_arguments];
    if (m.kind() == Member::Kind::Number && value.is_number() && (site.n_index == 1 || (site.n_index == 0 && site.n_arguments == 1)) && !m.read_only()) {
        const long index = whole(operands[1]);
        if (double* x = m.data(object, {&index, 1})) {
            *x = combine(site.op, *x, value.raw_number());
            return *x;
        }
    }
    const std::vector<long> indices = member_indices(site, object, m, operands + 1);
    if (site.op == Operator::None) {
        m.set(object, indices, value);
        return value;
    }
    const double next = combine(site.op, required_number(m.get(object, indices)), required_number(value));
    m.set(object, indices, Value(next));
    return next;
}

Value Vm::refer_member(Site& site, const Value* operands) {
    Object& object = base_object(site, operands[0]);
    if (&object.cls() == section_class_) return section_reference(static_cast<Section&>(object), runtime_.scope().intern(site.name), site, operands + 1);
    find_member(site, object);
    const std::vector<long> indices = member_indices(site, object, *site.member, operands + 1);
    return site.member->ref(object, indices);
}

const Code* Vm::iterator_target(Site& site, const Value* operands, TemplateInstance*& self_object) {
    const Callable* callable = nullptr;
    if (site.has_base) {
        Object& object = base_object(site, operands[0]);
        self_object = dynamic_cast<TemplateInstance*>(&object);
        if (self_object) {
            find_member(site, object);
            auto& cls = static_cast<TemplateClass&>(object.cls());
            const int slot = cls.slot_of(site.name);
            if (slot >= 0 && static_cast<std::size_t>(slot) < cls.procedures.size()) callable = cls.procedures[static_cast<std::size_t>(slot)].callable.get();
        }
    } else {
        Symbol& s = symbol_of(site);
        if (s.kind == Symbol::Kind::Function) callable = s.callable.get();
        if (s.kind == Symbol::Kind::Undefined) throw Error(ErrorKind::Name, fmt::format("undefined iterator `{}`", site.name)).hint(undefined(site.name).hint_text());
        if (site.own >= 0) self_object = self();
    }
    const auto* own = dynamic_cast<const HocFunction*>(callable);
    if (!own || own->kind() != Callable::Kind::Iterator) throw Error(ErrorKind::Type, fmt::format("`{}` is not an iterator", site.name));
    return &own->code();
}

// ---- sections -------------------------------------------------------------------------------------------------

bool Vm::is_section(const Value& value) const { return value.is_object() && &value.object()->cls() == section_class_; }

Section& Vm::section_of(const Value& value, SourceSpan span, const std::string& text) const {
    if (is_section(value)) {
        auto& section = static_cast<Section&>(*value.object());
        section.require_alive();
        return section;
    }
    throw Error(ErrorKind::Type, span, text.empty() ? fmt::format("syntax error: a section is needed here, not a {}", value.type_name()) : fmt::format("`{}` is not a section", text));
}

long Vm::range_index(const RangeVariable& variable, const Site& site, const Value* operands) const {
    if (!variable.is_array) {
        if (site.n_index) throw Error(ErrorKind::Index, fmt::format("`{}` is not an array: wrong number of subscripts", variable.name));
        return 0;
    }
    // vext means vext[0], as models from before there were layers expect.
    if (site.n_index == 0 && variable.mechanism && variable.mechanism->name() == "extracellular") return 0;
    if (site.n_index != 1) throw Error(ErrorKind::Index, fmt::format("array `{}` needs one subscript: wrong number of subscripts", variable.name));
    return whole(operands[0]);
}

namespace {

[[noreturn]] void unknown(Section& section, const std::string& name) {
    throw Error(ErrorKind::Name, fmt::format("section `{}` has no variable `{}`", section.name(), name));
}

double place_of(const Site& site, const Value* operands) {
    if (site.n_arguments == 0) return 0.5;
    if (site.n_arguments > 1) throw Error(ErrorKind::Syntax, fmt::format("syntax error: a range `{}(x0:x1)` can only be assigned to", site.name));
    return required_number(operands[site.n_index]);
}

}  // namespace

Value Vm::section_value(Section& section, Symbol& s, const Site& site, const Value* operands) {
    if (s.kind == Symbol::Kind::RangeVariable && s.range->is_stream) return range_stream(*s.range, section, place_of(site, operands));
    if (s.kind == Symbol::Kind::RangeVariable) return range_get(*s.range, section, place_of(site, operands), range_index(*s.range, site, operands));
    if (s.kind == Symbol::Kind::SectionProperty) return section_property(section, s.name);
    unknown(section, site.name);
}

RefPtr Vm::section_reference(Section& section, Symbol& s, const Site& site, const Value* operands) {
    if (s.kind == Symbol::Kind::RangeVariable) return range_ref(*s.range, section, place_of(site, operands), range_index(*s.range, site, operands));
    if (s.kind == Symbol::Kind::SectionProperty) return section_property_ref(section, s.name);
    unknown(section, site.name);
}

/// operands: indices, places, value and, for a ramp, the value at its end.
Value Vm::section_store(Section& section, Symbol& s, const Site& site, const Value* operands) {
    const Value* const values = operands + site.n_index + site.n_arguments;
    const double value = required_number(values[0]);
    const bool plain = site.op == Operator::None;
    if (s.kind == Symbol::Kind::SectionProperty) {
        const double next = plain ? value : combine(site.op, section_property(section, s.name), value);
        set_section_property(section, s.name, next);
        return next;
    }
    if (s.kind != Symbol::Kind::RangeVariable) {
        if (s.kind == Symbol::Kind::Undefined) throw Error(ErrorKind::Name, fmt::format("`{}` is neither a function nor a variable of `{}`", site.name, section.name())).hint(undefined(site.name).hint_text());
        unknown(section, site.name);
    }
    const RangeVariable& variable = *s.range;
    const long i = range_index(variable, site, operands);
    if (site.is_range) {
        const double x0 = required_number(operands[site.n_index]), x1 = required_number(operands[site.n_index + 1]);
        range_set_ramp(variable, section, x0, x1, value, site.has_high ? required_number(values[1]) : value, i);
        return value;
    }
    if (site.n_arguments == 0) {
        if (plain) {
            range_set_all(variable, section, value, i);
            return value;
        }
        for (int k = 0; k < section.nseg(); ++k) {
            const double x = section.segment_x(k);
            range_set(variable, section, x, combine(site.op, range_get(variable, section, x, i), value), i);
        }
        return value;
    }
    const double x = place_of(site, operands);
    const double next = plain ? value : combine(site.op, range_get(variable, section, x, i), value);
    range_set(variable, section, x, next, i);
    return next;
}

/// operands: child, its end, then a number (how = 0), indices and x of a name (1), or a parent and x (2).
void Vm::connect(const Site& site, int how, const Value* operands) {
    Section& child = section_of(operands[0], location(), "");
    const double child_end = operands[1].raw_number();
    const Value* const rest = operands + 2;
    if (how == 2) {
        model_.connect(child, child_end, section_of(rest[0], site.span, site.name), rest[1].raw_number());
        return;
    }
    if (how == 1) {
        Symbol& s = symbol_of(site);
        if (s.kind == Symbol::Kind::Sections) {
            Site element = site;
            element.n_arguments = 0;
            const Value parent = value_of(s, &element, rest);
            model_.connect(child, child_end, section_of(parent, site.span, site.name), rest[site.n_index].raw_number());
            return;
        }
        Site copy = site;
        model_.connect(child, child_end, model_.stack().accessed(), required_number(call_function(copy, s, rest, site.own >= 0)));
        return;
    }
    model_.connect(child, child_end, model_.stack().accessed(), rest[0].raw_number());
}

/// operands: reference, then the object before the dot and the place, where written.
void Vm::set_pointer(const Site& site, const Value* operands) {
    const RefPtr target(&operands[0].ref());
    const Value* const place = operands + 1 + (site.has_base ? 1 : 0);
    const auto on_section = [&](Section& section) {
        const RangeVariable* variable = model_.range_variable(site.name);
        if (!variable) throw Error(ErrorKind::Name, fmt::format("`{}` is not a POINTER variable", site.name));
        set_range_pointer(*variable, section, site.n_arguments ? place[0].raw_number() : 0.5, target);
    };
    if (!site.has_base) {
        on_section(model_.stack().accessed());
        return;
    }
    Object* base = operands[1].is_object() ? operands[1].object() : nullptr;
    if (auto* p = dynamic_cast<PointProcess*>(base)) set_point_pointer(*p, site.name, target);
    else if (auto* section = dynamic_cast<Section*>(base)) on_section(*section);
    else throw Error(ErrorKind::Type, fmt::format("`{}` has no POINTER variables", site.base_text));
}

/// kind: 0 forall, 1 forsec, 2 ifsec.
Value Vm::begin_sections(int kind, const Value& what, SourceSpan span) {
    constexpr std::size_t many = 64;  // to look through them takes longer than to look at the clock
    if (model_.sections().size() > many) check_interrupt(span);
    TemplateInstance* const owner = self();
    const auto visible = [&](Section* section) { return !owner || section->owner() == owner; };
    std::vector<SectionPtr> chosen;
    if (kind == 0) {
        for (Section* section : model_.sections())
            if (visible(section)) chosen.emplace_back(section);
    } else if (what.is_string()) {
        std::optional<SectionPattern> pattern;
        try {
            pattern.emplace(std::string(what.string()), SectionPattern::Means::Part);
        } catch (const std::regex_error&) {
            throw Error(ErrorKind::Value, span, fmt::format("`{}` is no regular expression for section names", what.string()));
        }
        std::vector<SectionPtr> candidates;
        if (kind == 2) {
            candidates.emplace_back(&model_.stack().accessed());
        } else {
            for (Section* section : model_.sections())
                if (visible(section)) candidates.emplace_back(section);
        }
        for (SectionPtr& section : candidates) {
            if (interruption_point_.due()) [[unlikely]] check_interrupt(span);  // others may do anything meanwhile
            // Inside a template sections go by their own names, without the object's.
            if (section->alive() && pattern->matches(owner ? section->local_name : section->name())) chosen.push_back(std::move(section));
        }
    } else if (what.is_object() && what.object()->cls().is_sequence()) {
        Object& list = *what.object();
        Section* const wanted = kind == 2 ? &model_.stack().accessed() : nullptr;
        for (std::size_t i = 0; i < list.cls().size(list); ++i) {
            const Value item = list.cls().item(list, static_cast<long>(i));
            auto* section = item.is_object() ? dynamic_cast<Section*>(item.object()) : nullptr;
            if (section && (!wanted || wanted == section)) chosen.emplace_back(section);
        }
    } else {
        throw Error(ErrorKind::Type, span, fmt::format("a string or a SectionList is needed here, not a {}", what.type_name()));
    }
    return Value(static_cast<Ref*>(new SectionLoop(std::move(chosen))));
}

Value Vm::begin_segments(bool ends) {
    const Section& section = model_.stack().accessed();
    std::vector<double> places;
    if (ends) places.push_back(0);
    for (int i = 0; i < section.nseg(); ++i) places.push_back(section.segment_x(i));
    if (ends) places.push_back(1);
    return Value(static_cast<Ref*>(new SegmentLoop(std::move(places))));
}

}  // namespace nrn::hoc
