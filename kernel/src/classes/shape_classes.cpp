// SPDX-License-Identifier: BSD-3-Clause
// Pictures of cells without a screen: Shape, PlotShape and PPShape keep their settings.
#include "classes/gui_object.hpp"
#include "classes/register_classes.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {
namespace {

using gui::accept;
using gui::accept_with_1;
using gui::object;

Value observe(Object& self, CallArgs& args) {
    object(self).kept = ObjectPtr(args.object_or_null(0));
    return 0;
}
Value observed(Object& self, CallArgs&) { return Value(object(self).kept); }
Value variable(Object& self, CallArgs& args) {
    if (!args.has(0)) return object(self).text;
    object(self).text = args.string(0);
    return 1;
}
Value scale(Object& self, CallArgs& args) {
    object(self).size[2] = args.number(0);
    object(self).size[3] = args.number(1);
    return 1;
}
Value save_name(Object& self, CallArgs& args) {
    gui::save_name(self, args);
    return 1;
}
Value action(Object& self, CallArgs& args) {
    gui::action(self, args);
    return 1;
}
Value none_selected(Object&, CallArgs&) { return -1; }
Value no_segment(Object&, CallArgs&) { return {}; }

/// Rows that Shape and PlotShape share.
constexpr Method shared_methods[] = {
    {"view", accept_with_1, Returns::Number, "view(x, y, w, h, left, top, sx, sy) -> 1\nOpens a window where there is a screen."},
    {"size", gui::size, Returns::Number, "size(x0, x1, y0, y1), size(ref) -> 0"},
    {"view_count", accept, Returns::Int, "view_count() -> 0 without a screen"},
    {"show", accept_with_1, Returns::Number, "show(mode) -> 1\n0: diameters, 1: centroids, 2: schematic."},
    {"flush", accept_with_1, Returns::Number, "flush() -> 1"},
    {"fastflush", accept_with_1, Returns::Number, "fastflush() -> 1"},
    {"begin", accept_with_1, Returns::Number, "begin() -> 1"},
    {"save_name", save_name, Returns::Number, "save_name(name) -> 1"},
    {"unmap", accept, Returns::Number, "unmap() -> 0"},
    {"printfile", accept_with_1, Returns::Number, "printfile(file) -> 1"},
    {"color", accept, Returns::Number, "color(i) -> 0\nOf the accessed section."},
    {"color_all", accept, Returns::Number, "color_all(i) -> 0"},
    {"color_list", accept, Returns::Number, "color_list(SectionList, i) -> 0"},
    {"observe", observe, Returns::Number, "observe(), observe(SectionList) -> 0\nWhich sections are drawn."},
    {"observed", observed, Returns::Object, "observed() -> the SectionList that is drawn, or none where that is all sections"},
    {"rotate", accept, Returns::Number, "rotate(), rotate(x, y, z, rx, ry, rz) -> 0"},
    {"nearest", accept, Returns::Number, "nearest(x, y) -> distance"},
    {"nearest_seg", no_segment, Returns::Any, "nearest_seg(x, y) -> segment, none without a screen"},
    {"push_selected", none_selected, Returns::Number, "push_selected() -> -1: nothing is selected"},
    {"selected_seg", no_segment, Returns::Any, "selected_seg() -> segment, none without a screen"},
    {"exec_menu", accept, Returns::Number, "exec_menu(item) -> 0"},
    {"menu_action", accept, Returns::Number, "menu_action(label, statement) -> 0"},
    {"menu_tool", accept, Returns::Number, "menu_tool(label, statement) -> 0"},
    {"len_scale", accept, Returns::Number, "len_scale(factor) -> 0"},
    {"mark", accept, Returns::Number, "mark(x, y, ...) -> 0"},
    {"line", accept, Returns::Number, "line(x, y) -> 0"},
    {"beginline", accept, Returns::Number, "beginline(...) -> 0"},
    {"label", accept, Returns::Number, "label(...) -> 0"},
    {"erase", accept, Returns::Number, "erase() -> 0"},
    {"erase_all", accept, Returns::Number, "erase_all() -> 0"},
    {"gif", accept, Returns::Number, "gif(file, ...) -> 0"},
    {"glyph", accept, Returns::Number, "glyph(glyph, x, y, ...) -> 0"},
};

constexpr Method shape_methods[] = {
    {"action", action, Returns::Number, "action(statement) -> 1\nWhat to run when a section is selected."},
    {"select", accept_with_1, Returns::Number, "select() -> 1\nSelects the accessed section."},
    {"selected", accept, Returns::Number, "selected() -> 0"},
    {"point_mark", accept, Returns::Number, "point_mark(point process, color, ...) -> 0"},
    {"point_mark_remove", accept, Returns::Number, "point_mark_remove(point process) -> 0"},
};

constexpr Method plot_methods[] = {
    {"variable", variable, Returns::Any, "variable(name) -> 1, variable() -> name\nThe range variable that colors the picture."},
    {"scale", scale, Returns::Number, "scale(low, high) -> 1"},
    {"colormap", accept_with_1, Returns::Number, "colormap(n, global), colormap(i, r, g, b) -> 1"},
    {"hinton", accept_with_1, Returns::Number, "hinton(ref, x, y, width, height) -> 1"},
    {"plot", accept, Returns::Number, "plot(x) -> 0"},
};

constexpr Method pp_methods[] = {
    {"append", accept_with_1, Returns::Number, "append(point process) -> 1"},
};

ObjectPtr construct(NativeClass& cls, CallArgs& args) {
    auto made = make_counted<GuiObject>(cls);
    made->kept = ObjectPtr(args.object_or_null(0));
    made->text = "v";
    made->size[2] = -80;  // mV
    made->size[3] = 40;
    return made;
}

}  // namespace

void register_shape_classes(Runtime& runtime) {
    struct Row { const char* name; std::span<const Method> methods; const char* doc; };
    const Row rows[] = {
        {"Shape", shape_methods, "A picture of cells. Shape(), Shape(SectionList), each with 0 to show no window"},
        {"PlotShape", plot_methods, "A picture of cells colored by a variable. PlotShape(), PlotShape(SectionList)"},
        {"PPShape", pp_methods, "A picture of cells with point processes."},
    };
    for (const auto& r : rows) {
        auto cls = std::make_unique<NativeClass>(r.name, construct, shared_methods, std::span<const Property>{}, r.doc);
        cls->add_methods(r.methods);
        publish_class(runtime, std::move(cls));
    }
}

}  // namespace nrn
