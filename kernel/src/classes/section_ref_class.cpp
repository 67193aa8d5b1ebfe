// SPDX-License-Identifier: BSD-3-Clause
// Class SectionRef: a section as an object, with its parent, root and children.
#include <fmt/format.h>

#include "classes/register_classes.hpp"
#include "model/model.hpp"
#include "nrn/api/class.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

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
Value renaming(Object&, CallArgs& a) { throw Error(ErrorKind::Unsupported, fmt::format("SectionRef.{} is not implemented", a.function())); }

constexpr Method methods[] = {
    {"has_parent", has_parent, Returns::Bool, "has_parent() -> bool\nPython: sr.has_parent()\nHoc: print sr.has_parent()"},
    {"has_trueparent", has_trueparent, Returns::Bool, "has_trueparent() -> bool\nPython: sr.has_trueparent()\nHoc: print sr.has_trueparent()"},
    {"nchild", nchild, Returns::Int, "nchild() -> number of children\nPython: sr.nchild()\nHoc: for i = 0, sr.nchild() - 1 sr.child[i] print secname()"},
    {"exists", exists, Returns::Bool, "exists() -> false once the section was deleted\nPython: sr.exists()\nHoc: print sr.exists()"},
    {"is_cas", is_cas, Returns::Bool, "is_cas() -> is it the accessed section?\nPython: sr.is_cas()\nHoc: print sr.is_cas()"},
    {"rename", renaming, Returns::Number, "rename(name)"},
    {"unname", renaming, Returns::Number, "unname()"},
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
