// SPDX-License-Identifier: BSD-3-Clause
// Boxes, decks and their manager without a screen. A mapped box is open until it is unmapped or the manager closes it:
// it keeps itself and the tool it shows (ref) alive, as tools that sessions set up go on working without a name.
#include <algorithm>
#include <vector>

#include "classes/gui_object.hpp"
#include "classes/register_classes.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {
namespace gui {
namespace {

struct Windows {
    explicit Windows(Runtime&) {}
    std::vector<Ptr<GuiObject>> open;
    std::vector<Ptr<GuiObject>> intercepting;  // innermost last

    void close(GuiObject& window) {
        const auto at = std::find_if(open.begin(), open.end(), [&](const auto& w) { return w.get() == &window; });
        window.mapped = false;
        const ObjectPtr tool = std::move(window.kept);  // goes after the list is consistent: its end may close others
        if (at == open.end()) return;
        const Ptr<GuiObject> closed = *at;
        open.erase(at);
    }
};

Windows& windows(CallArgs& args) { return args.runtime().service<Windows>(); }

/// map(title, left, top, width, height)
Value map(Object& self, CallArgs& args) {
    GuiObject& o = object(self);
    o.place(args);
    if (o.mapped) return 0;
    o.mapped = true;
    Windows& w = windows(args);
    if (!w.intercepting.empty() && w.intercepting.back().get() != &o) w.intercepting.back()->parts.emplace_back(&o);
    else w.open.emplace_back(&o);
    return 0;
}
Value unmap(Object& self, CallArgs& args) {
    windows(args).close(object(self));
    return 0;
}
Value ismapped(Object& self, CallArgs&) { return object(self).mapped; }

Value intercept(Object& self, CallArgs& args) {
    auto& stack = windows(args).intercepting;
    if (args.number(0) != 0) {
        stack.emplace_back(&object(self));
    } else if (const auto at = std::find_if(stack.begin(), stack.end(), [&](const auto& w) { return w.get() == &self; }); at != stack.end()) {
        stack.erase(at, stack.end());
    }
    return 0;
}

Value keep(Object& self, CallArgs& args) {
    object(self).kept = ObjectPtr(args.object(0));
    return 0;
}
/// save(statement) or save(text): what sessions write to make the box again.
Value save(Object& self, CallArgs& args) {
    if (args.is_string(0)) object(self).saved.push_back(args.string(0));
    return 0;
}

constexpr Method box_methods[] = {
    {"intercept", intercept, Returns::Number, "intercept(flag) -> 0\nWhile the flag is 1, windows made become parts of the box."},
    {"map", map, Returns::Number, "map(title, left, top, width, height) -> 0\nOpens the box; shown where there is a screen."},
    {"unmap", unmap, Returns::Number, "unmap() -> 0\nCloses the box and lets go what it keeps."},
    {"ismapped", ismapped, Returns::Bool, "ismapped() -> whether the box is open"},
    {"adjust", accept, Returns::Number, "adjust(size, index) -> 0"},
    {"adjuster", accept, Returns::Number, "adjuster(size) -> 0"},
    {"full_request", accept, Returns::Number, "full_request(flag) -> 0"},
    {"priority", accept, Returns::Number, "priority(i) -> 0"},
    {"dialog", accept, Returns::Bool, "dialog(question, accept, cancel) -> whether accepted: 0 without a screen"},
    {"dismiss_action", action, Returns::Number, "dismiss_action(statement) -> 0"},
    {"ref", keep, Returns::Number, "ref(object) -> 0\nKeeps the object alive until the box is closed."},
    {"save", save, Returns::Number, "save(statement) -> 0"},
    {"size", size, Returns::Number, "size(ref) -> 0\nCopies left, top, width, height to an array of 4."},
};

constexpr Method deck_methods[] = {
    {"intercept", intercept, Returns::Number, "intercept(flag) -> 0"},
    {"map", map, Returns::Number, "map(title, left, top, width, height) -> 0"},
    {"unmap", unmap, Returns::Number, "unmap() -> 0"},
    {"save", save, Returns::Number, "save(statement) -> 0"},
    {"flip_to", accept, Returns::Number, "flip_to(i) -> 0"},
    {"remove", accept, Returns::Number, "remove(i) -> 0"},
    {"remove_last", accept, Returns::Number, "remove_last() -> 0"},
    {"move_last", accept, Returns::Number, "move_last(i) -> 0"},
};

// ---- window manager ------------------------------------------------------------------------------------

Value count(Object&, CallArgs& args) { return static_cast<double>(windows(args).open.size()); }

/// The window of that number, or null: numbers that screens would have used are asked for, too.
GuiObject* window(CallArgs& args) {
    const auto& open = windows(args).open;
    const long i = args.integer(0);
    return i >= 0 && static_cast<std::size_t>(i) < open.size() ? open[static_cast<std::size_t>(i)].get() : nullptr;
}
Value is_mapped(Object&, CallArgs& args) { return window(args) != nullptr; }
Value close(Object&, CallArgs& args) {
    if (GuiObject* w = window(args)) windows(args).close(*w);
    return 0;
}
Value name(Object&, CallArgs& args) {
    const GuiObject* w = window(args);
    args.string_cell(1).text = w ? w->text : "";
    return 0;
}

constexpr Method manager_methods[] = {
    {"count", count, Returns::Int, "count() -> number of open boxes"},
    {"is_mapped", is_mapped, Returns::Bool, "is_mapped(i) -> whether window i is open"},
    {"map", accept, Returns::Number, "map(i) -> 0"},
    {"hide", accept, Returns::Number, "hide(i) -> 0"},
    {"close", close, Returns::Number, "close(i) -> 0\nCloses window i: later ones move up."},
    {"iconify", accept, Returns::Number, "iconify() -> 0"},
    {"deiconify", accept, Returns::Number, "deiconify() -> 0"},
    {"leader", accept, Returns::Int, "leader() -> 0"},
    {"manager", accept, Returns::Int, "manager() -> 0"},
    {"save", accept, Returns::Number, "save(file, group, header) -> 0"},
    {"group", accept, Returns::Int, "group(i) -> 0"},
    {"snap", accept, Returns::Number, "snap() -> 0"},
    {"scale", accept, Returns::Number, "scale(factor) -> 0"},
    {"name", name, Returns::Number, "name(i, string) -> 0\nCopies the title of window i."},
    {"window_place", accept, Returns::Number, "window_place(i, left, top) -> 0"},
    {"paper_place", accept, Returns::Number, "paper_place(i, show, x, y, scale) -> 0"},
    {"printfile", accept, Returns::Number, "printfile(file, mode, selected) -> 0"},
    {"landscape", accept, Returns::Number, "landscape(flag) -> 0"},
    {"deco", accept, Returns::Number, "deco(mode) -> 0"},
    {"jwindow", accept, Returns::Number, "jwindow(...) -> 0"},
};

constexpr Method group_methods[] = {
    {"ses_gid", accept, Returns::Number, "ses_gid(iconify, group, mode, name) -> 0\nWhich group the next windows of a session belong to."},
    {"make", accept, Returns::Number, "make(...) -> 0"},
    {"map", accept, Returns::Number, "map(...) -> 0"},
};

constexpr Method menu_methods[] = {
    {"miscellaneous_add", accept, Returns::Number, "miscellaneous_add(label, statement) -> 0\nAn entry of the menu Miscellaneous, which nobody can choose without a screen."},
};

}  // namespace
}  // namespace gui

void register_window_classes(Runtime& runtime) {
    using namespace gui;
    struct Row { const char* name; std::span<const Method> methods; const char* doc; };
    const Row rows[] = {
        {"VBox", box_methods, "Windows above each other in one. VBox(frame, scroll)\nHoc: b = new VBox()  b.intercept(1)  ...  b.intercept(0)  b.map(\"title\")"},
        {"HBox", box_methods, "Windows beside each other in one. HBox(frame)"},
        {"Deck", deck_methods, "Windows of which one is seen at a time."},
        {"WindowMenu", group_methods, "Groups of windows, as sessions name them."},
        {"NEURONMainMenu", menu_methods, "The menu of the graphical library: nrnmainmenu_ of load_file(\"nrngui.hoc\")."},
        {"PWManager", manager_methods, "All open windows.\nHoc: print PWManager[0].count()"},
    };
    for (const auto& r : rows)
        publish_class(runtime, std::make_unique<NativeClass>(r.name, construct, r.methods, std::span<const Property>{}, r.doc));
}

}  // namespace nrn
