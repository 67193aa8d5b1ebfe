// SPDX-License-Identifier: BSD-3-Clause
// Contents of windows without a screen: choosers, editors, timers, glyphs.
#include <algorithm>
#include <cmath>

#include "classes/gui_object.hpp"
#include "classes/register_classes.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {
namespace gui {

ObjectPtr construct(NativeClass& cls, CallArgs& args) {
    auto made = make_counted<GuiObject>(cls);
    if (args.is_string(0)) made->text = args.string(0);
    return made;
}

Value accept(Object&, CallArgs&) { return 0; }
Value accept_with_1(Object&, CallArgs&) { return 1; }

Value save_name(Object& self, CallArgs& args) {
    object(self).save_name = args.string(0);
    return 0;
}

Value size(Object& self, CallArgs& args) {
    GuiObject& o = object(self);
    if (args.is_ref(0)) {
        const Ref& to = args.ref(0);
        if (to.length() < 4) throw Error(ErrorKind::Runtime, args.span, "`size` needs an array of 4 elements");
        std::copy(o.size, o.size + 4, to.data());
    } else {
        for (std::size_t i = 0; i < std::min<std::size_t>(4, args.count()); ++i) o.size[i] = args.number(i);
    }
    return 0;
}

Value action(Object& self, CallArgs& args) {
    object(self).action = args.is_string(0) && args.string(0).empty() ? CallablePtr{} : args.callable(0);
    return 0;
}

namespace {

// ---- choosers and editors ------------------------------------------------------------------------------

Value get_text(Object& self, CallArgs& args) {
    if (args.has(0) && args.is_string(0)) {
        if (self.cls().name() == "TextEditor") object(self).text = args.string(0);
        else args.string_cell(0).text = object(self).text;
    }
    return object(self).text;
}
Value map(Object& self, CallArgs& args) {
    GuiObject& o = object(self);
    o.mapped = true;
    o.place(args);
    return 0;
}
Value read_only(Object& self, CallArgs& args) {
    if (args.has(0)) object(self).read_only = args.number(0) != 0;
    return object(self).read_only;
}

/// Nothing was chosen: the string stays as it is.
Value choice(Object&, CallArgs& args) {
    (void)args.string_cell(0);
    return 0;
}
Value browser_action(Object& self, CallArgs& args) {
    action(self, args);
    return 1;
}

constexpr Method chooser_methods[] = {
    {"run", accept, Returns::Bool, "run() -> whether the user chose: 0 without a screen"},
    {"text", choice, Returns::Number, "text(string) -> 0\nThe string becomes what was chosen; without a screen it stays as it is."},
};
constexpr Method browser_methods[] = {
    {"select", accept_with_1, Returns::Number, "select() -> 1"},
    {"select_action", browser_action, Returns::Number, "select_action(statement) -> 1"},
    {"accept_action", browser_action, Returns::Number, "accept_action(statement) -> 1"},
};
constexpr Method editor_methods[] = {
    {"text", get_text, Returns::String, "text(), text(string) -> the text"},
    {"readonly", read_only, Returns::Bool, "readonly(), readonly(flag) -> flag"},
    {"map", map, Returns::Number, "map(title, left, top, width, height) -> 0"},
};
constexpr Method value_editor_methods[] = {
    {"default", accept, Returns::Number, "default() -> 0"},
};

// ---- timer ------------------------------------------------------------------------------------------------

ObjectPtr construct_timer(NativeClass& cls, CallArgs& args) {
    auto made = make_counted<GuiObject>(cls);
    made->action = args.callable(0);
    return made;
}
Value seconds(Object& self, CallArgs& args) {
    if (args.has(0)) object(self).number = args.number(0);
    return object(self).number;
}
Value start(Object& self, CallArgs&) {
    object(self).mapped = true;
    return 0;
}
Value end(Object& self, CallArgs&) {
    object(self).mapped = false;
    return 0;
}
constexpr Method timer_methods[] = {
    {"seconds", seconds, Returns::Number, "seconds(), seconds(interval [s]) -> interval"},
    {"start", start, Returns::Number, "start() -> 0\nThe statement runs at each interval while windows are served; without a screen never."},
    {"end", end, Returns::Number, "end() -> 0"},
};

// ---- glyph ------------------------------------------------------------------------------------------------

Value chain(Object& self, CallArgs&) { return &self; }
constexpr Method glyph_methods[] = {
    {"path", chain, Returns::Object, "path() -> self\nBegins a path."},
    {"m", chain, Returns::Object, "m(x, y) -> self\nMoves."},
    {"l", chain, Returns::Object, "l(x, y) -> self\nDraws a line."},
    {"curve", chain, Returns::Object, "curve(x, y, x1, y1, x2, y2) -> self"},
    {"close", chain, Returns::Object, "close() -> self"},
    {"circle", chain, Returns::Object, "circle(x, y, r) -> self"},
    {"cpt", chain, Returns::Object, "cpt(index, x, y, ...) -> self"},
    {"s", chain, Returns::Object, "s(color, brush) -> self\nStrokes the path."},
    {"fill", chain, Returns::Object, "fill(color) -> self"},
    {"erase", chain, Returns::Object, "erase() -> self"},
    {"label", chain, Returns::Object, "label(text, x, y, ...) -> self"},
    {"glyph", chain, Returns::Object, "glyph(other, ...) -> self"},
    {"gif", chain, Returns::Object, "gif(file) -> self"},
};

// ---- geometry of the plane -----------------------------------------------------------------------------------

/// Distance of (x, y) from the infinite line through two points.
Value d2line(Object&, CallArgs& args) {
    const double x = args.number(0), y = args.number(1), x1 = args.number(2), y1 = args.number(3), x2 = args.number(4), y2 = args.number(5);
    const double length = std::hypot(x2 - x1, y2 - y1);
    if (length == 0) return std::hypot(x - x1, y - y1);
    return std::fabs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length;
}
/// The same for the piece between them.
Value d2line_seg(Object&, CallArgs& args) {
    const double x = args.number(0), y = args.number(1), x1 = args.number(2), y1 = args.number(3), x2 = args.number(4), y2 = args.number(5);
    const double square = (x2 - x1) * (x2 - x1) + (y2 - y1) * (y2 - y1);
    const double along = square == 0 ? 0 : std::clamp(((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / square, 0.0, 1.0);
    return std::hypot(x - (x1 + along * (x2 - x1)), y - (y1 + along * (y2 - y1)));
}
/// inside(x, y, left, bottom, right, top)
Value inside(Object&, CallArgs& args) {
    const double x = args.number(0), y = args.number(1);
    return x >= args.number(2) && y >= args.number(3) && x <= args.number(4) && y <= args.number(5);
}
Value feround(Object&, CallArgs&) { return 1; }
constexpr Method math_methods[] = {
    {"d2line", d2line, Returns::Number, "d2line(x, y, x1, y1, x2, y2) -> distance of a point from the line through two others"},
    {"d2line_seg", d2line_seg, Returns::Number, "d2line_seg(x, y, x1, y1, x2, y2) -> distance of a point from the piece of line between two others"},
    {"inside", inside, Returns::Bool, "inside(x, y, left, bottom, right, top) -> whether the point is in the rectangle"},
    {"feround", feround, Returns::Int, "feround(mode) -> rounding mode: 1, to nearest"},
};

}  // namespace
}  // namespace gui

void register_gui_classes(Runtime& runtime) {
    using namespace gui;
    struct Row { const char* name; NativeClass::Construct make; std::span<const Method> methods; const char* doc; };
    const Row rows[] = {
        {"SymChooser", construct, chooser_methods, "Lets the user choose a name."},
        {"SectionBrowser", construct, browser_methods, "Lets the user choose a section."},
        {"TextEditor", construct, editor_methods, "An editor window. TextEditor(text, rows, columns)"},
        {"ValueFieldEditor", construct, value_editor_methods, "A field for a number. ValueFieldEditor(label, variable)"},
        {"Timer", construct_timer, timer_methods, "Runs a statement at intervals. Timer(statement)"},
        {"Glyph", construct, glyph_methods, "A drawing for Graphs."},
        {"GUIMath", construct, math_methods, "Geometry of the plane."},
    };
    for (const auto& r : rows)
        publish_class(runtime, std::make_unique<NativeClass>(r.name, r.make, r.methods, std::span<const Property>{}, r.doc));
}

}  // namespace nrn
