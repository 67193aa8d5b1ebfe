// SPDX-License-Identifier: BSD-3-Clause
// Class List: objects in order, or the live instances of a class. Its browsers keep their state without a screen.
#include <algorithm>
#include <memory>
#include <vector>

#include <fmt/format.h>

#include "classes/register_classes.hpp"
#include "nrn/api/class_registry.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/holder.hpp"
#include "nrn/api/runtime.hpp"
#include "object/list.hpp"

namespace nrn {
namespace {

void let_all_go(Objects& objects) noexcept {
    for (ObjectPtr& o : objects) replace_held(o, nullptr);
}

/// The object goes last: its end may look at the list and put others in.
void take_out(Objects& objects, Objects::iterator at) {
    ObjectPtr going = std::move(*at);
    objects.erase(at);
    replace_held(going, nullptr);
}

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
        if (edited)
            for (const ObjectPtr& guest : edited->guests) visitor.visit(guest);
        visitor.visit(select_action);
        visitor.visit(accept_action);
    }
    void let_go_of_held() noexcept override {
        Objects going;
        going.swap(items);
        if (edited) edited->guests.clear();
    }
    /// What is shown of a class that is followed, once it was edited: without what was taken out, with what came later.
    class Edited final : public Class::InstanceListener {
      public:
        explicit Edited(Class& cls) : shown(cls.instances()), cls_(cls) { cls.add_listener(this); }
        ~Edited() override { cls_.remove_listener(this); }
        Edited(const Edited&) = delete;
        Edited& operator=(const Edited&) = delete;
        void instance_changed(Object& o, bool born) override {
            if (born) shown.push_back(&o);
            else std::erase(shown, &o);
        }
        std::vector<Object*> shown;
        Objects guests;  // objects of other classes that were put in

      private:
        Class& cls_;
    };
    /// The instances that are shown, for editing.
    std::vector<Object*>& edited_instances() {
        if (!edited) edited = std::make_unique<Edited>(*followed);
        return edited->shown;
    }
    std::unique_ptr<Edited> edited;
    Class* followed = nullptr;
    long selected = -1;
    CallablePtr select_action, accept_action;
    bool on_release = false;

    struct Going { int depth = 0; std::vector<BrowsableList*> waiting; };
    static thread_local Going going;  // of the deletion in progress on this thread

    [[nodiscard]] std::size_t count() { return edited ? edited->shown.size() : followed ? followed->instances().size() : items.size(); }
    [[nodiscard]] Object* at(std::size_t i) { return edited ? edited->shown[i] : followed ? followed->instances()[i] : items[i].get(); }
};

thread_local BrowsableList::Going BrowsableList::going;

BrowsableList& list(Object& self) { return static_cast<BrowsableList&>(self); }

class ListClass final : public NativeClass {
  public:
    using NativeClass::NativeClass;
    [[nodiscard]] bool is_sequence() const override { return true; }
    [[nodiscard]] std::size_t size(const Object& o) const override { return list(const_cast<Object&>(o)).count(); }
    [[nodiscard]] Value item(Object& o, long i) const override {
        BrowsableList& l = list(o);
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

std::size_t position(Object& self, CallArgs& args, std::size_t i, std::size_t end) {
    long k = args.integer(i);  // whatever is no number of a size fails here
    if (args.number(i) >= 0) k = static_cast<long>(args.number(i));  // cut off, without the tolerance of array indices, as in the reference
    if (k < 0 || static_cast<std::size_t>(k) >= end)
        throw Error(ErrorKind::Index, args.span, end ? fmt::format("index {} of `{}` is out of range 0 to {}", k, self.name(), end - 1)
                                                     : fmt::format("index {} of `{}`: the List is empty", k, self.name()));
    return static_cast<std::size_t>(k);
}


/// Puts an object in. A List that follows a class holds no references to instances of that class.
void put(Object& self, std::size_t at, Object* o) {
    if (!o) return;  // a NULLobject is left out, as in the reference
    BrowsableList& l = list(self);
    if (!l.followed) {
        l.items.insert(l.items.begin() + static_cast<long>(at), o);
        return;
    }
    auto& shown = l.edited_instances();
    if (&o->cls() != l.followed) l.edited->guests.emplace_back(o);
    shown.insert(shown.begin() + static_cast<long>(at), o);
}

Value append(Object& self, CallArgs& args) {
    for (std::size_t i = 0; i < std::max<std::size_t>(1, args.count()); ++i) put(self, list(self).count(), args.object(i));
    return list(self).count();
}

Value prepend(Object& self, CallArgs& args) {
    put(self, 0, args.object(0));
    return list(self).count();
}

Value insrt(Object& self, CallArgs& args) {
    const std::size_t at = position(self, args, 0, list(self).count() + 1);
    put(self, at, args.object(1));
    return list(self).count();
}

Value remove(Object& self, CallArgs& args) {
    BrowsableList& l = list(self);
    const std::size_t at = position(self, args, 0, l.count());
    if (l.followed) {
        auto& shown = l.edited_instances();
        Object* const out = shown[at];
        shown.erase(shown.begin() + static_cast<long>(at));
        auto& guests = l.edited->guests;
        if (const auto guest = std::find(guests.begin(), guests.end(), out); guest != guests.end()) take_out(guests, guest);
    } else {
        take_out(l.items, l.items.begin() + static_cast<long>(at));
    }
    return l.count();
}

Value remove_all(Object& self, CallArgs&) {
    BrowsableList& l = list(self);
    if (l.followed) l.edited_instances().clear();
    Objects going;  // what ends may put others in
    going.swap(l.followed ? l.edited->guests : l.items);
    let_all_go(going);
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
