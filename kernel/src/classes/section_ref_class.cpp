// SPDX-License-Identifier: BSD-3-Clause
// Class SectionRef: a section as an object, with its parent, root and children.
#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "classes/register_classes.hpp"
#include "model/model.hpp"
#include "nrn/api/class.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"

namespace nrn {
namespace {

class SectionRef final : public Object {
  public:
    SectionRef(Class& cls, SectionPtr s) : Object(cls), section(std::move(s)) {}
    SectionPtr section;
};

Section& section(Object& o) {
    Section& s = *static_cast<SectionRef&>(o).section;
    s.require_alive();
    return s;
}
Value value(Section* s) { return Value(static_cast<Object*>(s)); }

/// The section that a parent's 0 end really belongs to: null when connected to the root's own start.
Section* true_parent(Section& s) {
    for (Section* child = &s; child->parent(); child = child->parent())
        if (child->parent_x() != child->parent()->child_end()) return child->parent();
    return nullptr;
}

Value sec(Object& o, Indices) { return value(&section(o)); }
Value root(Object& o, Indices) { return value(&section(o).root()); }
Value parent(Object& o, Indices) {
    if (Section* p = section(o).parent()) return value(p);
    throw Error(ErrorKind::Type, fmt::format("SectionRef.parent: `{}` has no parent", section(o).name())).hint("has_parent() tells");
}
Value trueparent(Object& o, Indices) {
    if (Section* p = true_parent(section(o))) return value(p);
    throw Error(ErrorKind::Type, fmt::format("SectionRef.trueparent: `{}` has no true parent", section(o).name())).hint("has_trueparent() tells");
}
Value child(Object& o, Indices indices) {
    const auto& all = section(o).children();
    const long i = indices.empty() ? 0 : indices[0];
    if (i < 0 || i >= static_cast<long>(all.size()))
        throw Error(ErrorKind::Index, fmt::format("SectionRef.child[{}]: `{}` has {} children", i, section(o).name(), all.size()));
    return value(all[static_cast<std::size_t>(i)]);
}
std::vector<long> child_dims(const Object& o) {
    return {static_cast<long>(static_cast<const SectionRef&>(o).section->children().size())};
}

constexpr Member::Kind kSections = Member::Kind::Sections;
const Property properties[] = {
    {"sec", sec, nullptr, nullptr, nullptr, kSections, "the section"},
    {"parent", parent, nullptr, nullptr, nullptr, kSections, "its parent"},
    {"trueparent", trueparent, nullptr, nullptr, nullptr, kSections, "the parent whose inside it is joined to"},
    {"root", root, nullptr, nullptr, nullptr, kSections, "root of its cell"},
    {"child", child, nullptr, nullptr, child_dims, kSections, "its children, by position"},
};

Value has_parent(Object& o, CallArgs&) { return section(o).parent() != nullptr; }
Value has_trueparent(Object& o, CallArgs&) { return true_parent(section(o)) != nullptr; }
Value nchild(Object& o, CallArgs&) { return section(o).children().size(); }
Value exists(Object& o, CallArgs&) { return static_cast<SectionRef&>(o).section->alive(); }
Value is_cas(Object& o, CallArgs& a) { return a.section_or_null() == static_cast<SectionRef&>(o).section.get(); }

/// The variable that holds the section, and where; null when there is none (an object's, or made in Python).
Symbol* variable_of(Runtime& runtime, const Section& s, std::size_t& index) {
    for (const Symbol* known : runtime.scope().mentioned()) {
        if (known->kind != Symbol::Kind::Sections) continue;
        for (index = 0; index < known->objects.size(); ++index)
            if (known->objects[index] == &s) return runtime.scope().find(known->name);
    }
    return nullptr;
}

Value unname(Object& o, CallArgs& a) {
    Section& s = section(o);
    if (s.name().empty()) throw Error(ErrorKind::Runtime, "SectionRef.unname: section is unnamed");
    std::size_t index = 0;
    if (Symbol* variable = variable_of(a.runtime(), s, index)) {
        variable->objects[index] = nullptr;
        if (variable->dims.empty()) a.runtime().scope().undefine(variable->name);
    }
    s.rename("");
    return 1.0;
}

/// Prints why not, and tells that nothing was done.
Value not_renamed(CallArgs& a, const std::string& why) {
    a.runtime().print(why + "\n");
    return 0.0;
}

/// rename(name), or rename(name, list): the sections of the List of SectionRefs become name[0], name[1] ...
Value rename(Object& o, CallArgs& a) {
    const std::string& name = a.string(0);
    const auto letter = [](char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_'; };
    if (name.empty() || !letter(name[0]) || !std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); }))
        throw Error(ErrorKind::Value, fmt::format("SectionRef.rename: `{}` is no name of a variable", name));
    std::vector<SectionPtr> sections;
    if (a.has(1)) {
        Object* list = a.object(1);
        if (!list || !list->cls().is_sequence()) a.wrong_type(1, "List of SectionRefs");
        for (std::size_t i = 0; i < list->cls().size(*list); ++i) {
            const Value item = list->cls().item(*list, static_cast<long>(i));
            auto* ref = item.is_object() ? dynamic_cast<SectionRef*>(item.object()) : nullptr;
            if (!ref) throw Error(ErrorKind::Type, fmt::format("SectionRef.rename: item {} of the List is no SectionRef", i));
            sections.emplace_back(&section(*ref));
        }
    } else {
        sections.emplace_back(&section(o));
    }
    for (const SectionPtr& s : sections)
        if (!s->name().empty()) return not_renamed(a, fmt::format("{} must first be unnamed", s->name()));
    if (const Symbol* known = a.runtime().scope().find(name); known && (known->kind != Symbol::Kind::Sections || known->dims.size() > 1))
        return not_renamed(a, "The new name already exists and is not a SECTION or has a dimension > 1");
    std::vector<ObjectPtr> objects;
    for (std::size_t i = 0; i < sections.size(); ++i) {
        sections[i]->rename(a.has(1) ? fmt::format("{}[{}]", name, i) : name);
        objects.emplace_back(sections[i].get());
    }
    if (Symbol* known = a.runtime().scope().find(name)) {
        for (std::size_t i = 0; i < known->objects.size(); ++i) {
            if (!known->objects[i]) continue;
            a.runtime().print(fmt::format("Previously existing {}[{}] points to a section which is being deleted\n", name, i));
            a.runtime().model().delete_section(static_cast<Section&>(*known->objects[i]));
        }
    }
    std::vector<long> dims;
    if (a.has(1)) dims.push_back(static_cast<long>(sections.size()));
    a.runtime().scope().define_sections(name, std::move(objects), dims);
    return 1.0;
}

constexpr Method methods[] = {
    {"has_parent", has_parent, Returns::Bool, "has_parent() -> bool\nPython: sr.has_parent()\nHoc: print sr.has_parent()"},
    {"has_trueparent", has_trueparent, Returns::Bool, "has_trueparent() -> bool\nPython: sr.has_trueparent()\nHoc: print sr.has_trueparent()"},
    {"nchild", nchild, Returns::Int, "nchild() -> number of children\nPython: sr.nchild()\nHoc: for i = 0, sr.nchild() - 1 sr.child[i] print secname()"},
    {"exists", exists, Returns::Bool, "exists() -> false once the section was deleted\nPython: sr.exists()\nHoc: print sr.exists()"},
    {"is_cas", is_cas, Returns::Bool, "is_cas() -> is it the accessed section?\nPython: sr.is_cas()\nHoc: print sr.is_cas()"},
    {"rename", rename, Returns::Number, "rename(name [, list]) -> 1, or 0 with the reason printed\nNames an unnamed section; with a List of SectionRefs its sections become name[0], name[1] ...\nHoc: soma sr = new SectionRef()  sr.unname()  sr.rename(\"cell\")"},
    {"unname", unname, Returns::Number, "unname() -> 1\nTakes the section's name away, until rename gives it another.\nHoc: sr.unname()"},
};

ObjectPtr construct(NativeClass& cls, CallArgs& a) {
    auto* given = a.has(0) ? &a.object<Section>(0, "Section") : nullptr;
    return make_counted<SectionRef>(cls, SectionPtr(given ? given : &a.section()));
}

}  // namespace

void register_section_ref(Runtime& runtime) {
    publish_class(runtime, std::make_unique<NativeClass>("SectionRef", construct, methods, properties,
                                                         "SectionRef([section]): the accessed section as an object\nPython: sr = h.SectionRef(soma)\nHoc: soma sr = new SectionRef()"));
}

}  // namespace nrn
