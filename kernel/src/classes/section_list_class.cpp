// SPDX-License-Identifier: BSD-3-Clause
// Class SectionList: sets of sections for forsec, plots and scripts.
#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "classes/register_classes.hpp"
#include "classes/section_list.hpp"
#include "classes/section_order.hpp"
#include "model/model.hpp"
#include "nrn/api/class.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {
namespace {

SectionList& self(Object& o) { return static_cast<SectionList&>(o); }

/// The sections a call names: arguments that are sections, or sequences of them; else the accessed one.
std::vector<Section*> sections_of(CallArgs& a) {
    std::vector<Section*> all;
    for (std::size_t i = 0; i < a.count(); ++i) {
        Object* o = a.object(i);
        if (auto* s = dynamic_cast<Section*>(o)) {
            s->require_alive();
            all.push_back(s);
        } else if (o && o->cls().is_sequence()) {
            for (std::size_t k = 0; k < o->cls().size(*o); ++k) {
                const Value item = o->cls().item(*o, static_cast<long>(k));
                auto* member = item.is_object() ? dynamic_cast<Section*>(item.object()) : nullptr;
                if (!member) throw Error(ErrorKind::Type, fmt::format("{}: item {} is not a section", a.function(), k));
                all.push_back(member);
            }
        } else {
            a.wrong_type(i, "section");
        }
    }
    if (a.count() == 0) all.push_back(&a.section());
    return all;
}

Value add(Object& o, const std::vector<Section*>& sections) {
    for (Section* s : sections) self(o).sections.emplace_back(s);
    return 1.0;
}

template <class Gone>
void erase_if(SectionsInOrder& sections, Gone gone) {
    sections.erase(std::remove_if(sections.begin(), sections.end(), gone), sections.end());
}

Value append(Object& o, CallArgs& a) { return add(o, sections_of(a)); }

Section& one(CallArgs& a) {
    const auto given = sections_of(a);
    return *given.at(0);
}
Value children(Object& o, CallArgs& a) { return add(o, one(a).children()); }
Value subtree(Object& o, CallArgs& a) { return add(o, subtree_of(one(a))); }
Value wholetree(Object& o, CallArgs& a) { return add(o, subtree_of(one(a).root())); }

Value allroots(Object& o, CallArgs& a) {
    for (Section* s : a.runtime().model().sections())
        if (!s->parent()) self(o).sections.emplace_back(s);
    return 1.0;
}

Value remove(Object& o, CallArgs& a) {
    const auto named = sections_of(a);
    SectionsInOrder& all = self(o).sections;
    if (named.size() == 1) {
        (void)self(o).live();
        const auto found = std::find(all.begin(), all.end(), named[0]);
        if (found == all.end()) return 0.0;
        all.erase(found);
        return 1.0;
    }
    std::unordered_map<const Section*, int> gone;  // one entry for each time it is named
    for (const Section* s : named) ++gone[s];
    const auto before = self(o).live().size();
    erase_if(all, [&](const SectionPtr& s) {
        const auto found = gone.find(s.get());
        return found != gone.end() && found->second-- > 0;
    });
    return before - all.size();
}

Value unique(Object& o, CallArgs&) {
    const auto before = self(o).live().size();
    std::unordered_set<const Section*> seen;
    erase_if(self(o).sections, [&](const SectionPtr& s) { return !seen.insert(s.get()).second; });
    return before - self(o).sections.size();
}

Value contains(Object& o, CallArgs& a) {
    const Section& wanted = one(a);
    const auto& all = self(o).live();
    return std::any_of(all.begin(), all.end(), [&](const SectionPtr& s) { return s == &wanted; });
}

Value size(Object& o, CallArgs&) { return self(o).live().size(); }

Value printnames(Object& o, CallArgs& a) {
    for (const auto& s : self(o).live()) a.runtime().print(s->name() + "\n");
    return 1.0;
}

constexpr Method methods[] = {
    {"append", append, Returns::Number, "append([sections...]): the accessed section when none is given"},
    {"remove", remove, Returns::Number, "remove([section or SectionList]) -> number removed"},
    {"children", children, Returns::Number, "children(): appends the accessed section's children"},
    {"subtree", subtree, Returns::Number, "subtree(): appends the accessed section and all below it"},
    {"wholetree", wholetree, Returns::Number, "wholetree(): appends the whole cell of the accessed section"},
    {"allroots", allroots, Returns::Number, "allroots(): appends all root sections"},
    {"unique", unique, Returns::Int, "unique() -> number of duplicates removed"},
    {"contains", contains, Returns::Bool, "contains([section]) -> bool"},
    {"size", size, Returns::Int, "size() -> number of sections"},
    {"printnames", printnames, Returns::Number, "printnames(): prints one name a line"},
};

ObjectPtr construct_list(NativeClass& cls, CallArgs& a) {
    auto list = make_counted<SectionList>(cls);
    if (a.count() > 0) add(*list, sections_of(a));
    return list;
}

class SectionListClass final : public NativeClass {
  public:
    SectionListClass() : NativeClass("SectionList", construct_list, methods, {}, "SectionList([sections]): sections in order\nPython: sl = h.SectionList([soma, dend])\nHoc: soma sl.append()") {}
    [[nodiscard]] bool is_sequence() const override { return true; }
    [[nodiscard]] std::size_t size(const Object& o) const override { return static_cast<const SectionList&>(o).live().size(); }
    [[nodiscard]] Value item(Object& o, long i) const override {
        const auto& all = self(o).live();
        if (i < 0 || i >= static_cast<long>(all.size())) throw Error(ErrorKind::Index, fmt::format("index {} of {} is out of range 0 to {}", i, o.name(), static_cast<long>(all.size()) - 1));
        return Value(static_cast<Object*>(all[static_cast<std::size_t>(i)].get()));
    }
};

}  // namespace

void register_section_list(Runtime& runtime) { publish_class(runtime, std::make_unique<SectionListClass>()); }

}  // namespace nrn
