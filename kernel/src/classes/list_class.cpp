// SPDX-License-Identifier: BSD-3-Clause
// Class List: objects in order, or the live instances of a class. Its browsers keep their state without a screen.
#include <algorithm>

#include <fmt/format.h>

#include "classes/register_classes.hpp"
#include "nrn/api/class_registry.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/holder.hpp"
#include "nrn/api/runtime.hpp"
#include "object/list.hpp"

namespace nrn {
namespace {

void let_all_go(Objects& objects) noexcept;

/// A List with what its browser was given. Following a class it holds no references: `instances` is asked.
class BrowsableList final : public List, public Holder {
  public:
    using List::List;
    ~BrowsableList() override { let_all_go(items); }
    /// Lists in lists in lists: far down they wait for those that hold them, because each level takes room on the stack.
    void last_reference_gone() noexcept override {
        constexpr int deep = 500;
        if (going.depth >= deep) {
            going.waiting.push_back(this);
            return;
        }
        ++going.depth;
        delete this;
        while (going.depth == 1 && !going.waiting.empty()) {
            BrowsableList* next = going.waiting.back();
            going.waiting.pop_back();
            delete next;
        }
        --going.depth;
    }
    void visit_held(HeldVisitor& visitor) const override {
        for (const ObjectPtr& item : items) visitor.visit(item);
        visitor.visit(select_action);
        visitor.visit(accept_action);
    }
    Class* followed = nullptr;
    long selected = -1;
    CallablePtr select_action, accept_action;
    bool on_release = false;

    struct Going { int depth = 0; std::vector<BrowsableList*> waiting; };
    static thread_local Going going;  // of the deletion in progress on this thread

    [[nodiscard]] std::size_t count() const { return followed ? followed->instances().size() : items.size(); }
    [[nodiscard]] Object* at(std::size_t i) const { return followed ? followed->instances()[i] : items[i].get(); }
};

thread_local BrowsableList::Going BrowsableList::going;

BrowsableList& list(Object& self) { return static_cast<BrowsableList&>(self); }

/// In their order. Lists may hold Lists to any depth: what only one that goes held goes next, not inside its end.
void let_all_go(Objects& objects) noexcept {
    Objects going;
    going.swap(objects);
    while (!going.empty()) {
        ObjectPtr o = std::move(going.front());
        going.pop_front();
        if (o && o->use_count() == 1) {
            if (auto* inner = dynamic_cast<BrowsableList*>(o.get())) {
                for (auto held = inner->items.rbegin(); held != inner->items.rend(); ++held) going.push_front(std::move(*held));
                inner->items.clear();
            }
        }
        replace_held(o, nullptr);
    }
}

class ListClass final : public NativeClass {
  public:
    using NativeClass::NativeClass;
    [[nodiscard]] bool is_sequence() const override { return true; }
    [[nodiscard]] std::size_t size(const Object& o) const override { return static_cast<const BrowsableList&>(o).count(); }
    [[nodiscard]] Value item(Object& o, long i) const override {
        const BrowsableList& l = list(o);
        const long n = static_cast<long>(l.count()), k = i < 0 ? i + n : i;
        if (k < 0 || k >= n)
            throw Error(ErrorKind::Index, n ? fmt::format("index {} of `{}` is out of range 0 to {}", i, o.name(), n - 1)
                                            : fmt::format("index {} of `{}`: the List is empty", i, o.name()));
        return l.at(static_cast<std::size_t>(k));
    }
    [[nodiscard]] bool truth(const Object& o) const override { return size(o) > 0; }
};

ObjectPtr construct(NativeClass& cls, CallArgs& args) {
    auto made = make_counted<BrowsableList>(cls);
    if (args.has(0) && !args.is_number(0)) {  // old models give a size
        const std::string& name = args.string(0);
        made->followed = args.runtime().classes().find(name);
        if (!made->followed) throw Error(ErrorKind::Runtime, args.span, fmt::format("there is no class `{}` for a List to follow", name));
    }
    return made;
}

Objects& items(Object& self, const CallArgs& args) {
    if (const Class* followed = list(self).followed)
        throw Error(ErrorKind::Runtime, args.span,
                    fmt::format("`{}` follows the instances of `{}` and cannot be changed by `{}`", self.name(), followed->name(), args.function()));
    return list(self).items;
}

std::size_t position(Object& self, CallArgs& args, std::size_t i, std::size_t end) {
    const long k = args.integer(i);
    if (k < 0 || static_cast<std::size_t>(k) >= end)
        throw Error(ErrorKind::Index, args.span, end ? fmt::format("index {} of `{}` is out of range 0 to {}", k, self.name(), end - 1)
                                                     : fmt::format("index {} of `{}`: the List is empty", k, self.name()));
    return static_cast<std::size_t>(k);
}


Value append(Object& self, CallArgs& args) {
    auto& all = items(self, args);
    for (std::size_t i = 0; i < std::max<std::size_t>(1, args.count()); ++i) if (Object* o = args.object(i)) all.push_back(o);  // a NULLobject is left out, as in the reference
    return all.size();
}

Value prepend(Object& self, CallArgs& args) {
    auto& all = items(self, args);
    if (Object* o = args.object(0)) all.insert(all.begin(), o);
    return all.size();
}

Value insrt(Object& self, CallArgs& args) {
    auto& all = items(self, args);
    const std::size_t at = position(self, args, 0, all.size() + 1);
    if (Object* o = args.object(1)) all.insert(all.begin() + static_cast<long>(at), o);
    return all.size();
}

Value remove(Object& self, CallArgs& args) {
    auto& all = items(self, args);
    const std::size_t at = position(self, args, 0, all.size());
    ObjectPtr going = std::move(all[at]);  // its destructor may look at the list
    all.erase(all.begin() + static_cast<long>(at));
    replace_held(going, nullptr);
    return all.size();
}

Value remove_all(Object& self, CallArgs& args) {
    let_all_go(items(self, args));
    return 0;
}

Value count(Object& self, CallArgs&) { return list(self).count(); }

Value object_at(Object& self, CallArgs& args) {
    const std::size_t at = position(self, args, 0, list(self).count());
    return list(self).at(at);
}

Value index(Object& self, CallArgs& args) {
    const Object* wanted = args.object(0);
    const std::size_t n = list(self).count();
    for (std::size_t i = 0; i < n; ++i)
        if (list(self).at(i) == wanted) return i;
    return -1;
}

// ---- browser ----------------------------------------------------------------------------------------

Value browser(Object&, CallArgs&) { return 0; }
Value selected(Object& self, CallArgs&) {
    return list(self).selected < static_cast<long>(list(self).count()) ? list(self).selected * 1.0 : -1.0;
}

Value select(Object& self, CallArgs& args) {
    list(self).selected = args.integer(0);
    return 0;
}

Value select_action(Object& self, CallArgs& args) {
    list(self).select_action = args.callable(0);
    list(self).on_release = args.number_or(1, 0) != 0;
    return 0;
}

Value accept_action(Object& self, CallArgs& args) {
    list(self).accept_action = args.callable(0);
    return 0;
}

Value scroll_pos(Object&, CallArgs& args) { return args.number_or(0, 0); }

constexpr Method methods[] = {
    {"append", append, Returns::Number, "append(object, ...) -> number of items\nPython: l.append(v)     Hoc: l.append(v)"},
    {"prepend", prepend, Returns::Number, "prepend(object) -> number of items\nPuts an object first."},
    {"insrt", insrt, Returns::Number, "insrt(index, object) -> number of items\nInserts before the item at index."},
    {"remove", remove, Returns::Number, "remove(index) -> number of items left"},
    {"remove_all", remove_all, Returns::Number, "remove_all() -> 0"},
    {"count", count, Returns::Int, "count() -> number of items\nPython: len(l)     Hoc: l.count()"},
    {"object", object_at, Returns::Object, "object(index) -> item\nPython: l[0]     Hoc: l.object(0)"},
    {"o", object_at, Returns::Object, "o(index) -> item\nShort for object."},
    {"index", index, Returns::Int, "index(object) -> where it is, or -1"},
    {"browser", browser, Returns::Number, "browser(title, string or function) -> 0\nShows the items where there is a screen."},
    {"selected", selected, Returns::Int, "selected() -> index of the item chosen in the browser, or -1"},
    {"select", select, Returns::Number, "select(index) -> 0\nChooses an item; -1 chooses none."},
    {"select_action", select_action, Returns::Number, "select_action(statement, on_release = 0) -> 0\nWhat to run when an item is chosen."},
    {"accept_action", accept_action, Returns::Number, "accept_action(statement) -> 0\nWhat to run when an item is double-clicked."},
    {"scroll_pos", scroll_pos, Returns::Number, "scroll_pos(), scroll_pos(index) -> index of the first visible item"},
};

}  // namespace

void register_list(Runtime& runtime) {
    publish_class(runtime, std::make_unique<ListClass>(
        "List", construct, methods, std::span<const Property>{},
        "Objects in order. List(), or List(\"Class\"), which follows the live instances of a class\nPython: l = h.List('IClamp')     Hoc: l = new List(\"IClamp\")"));
}

}  // namespace nrn
