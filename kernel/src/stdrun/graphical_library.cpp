// SPDX-License-Identifier: BSD-3-Clause
// What stdgui.hoc and the tools of the graphical library define, without a screen: plots are made and kept, menus and
// tool windows accept what they are given.
#include <array>
#include <utility>

#include "model/model.hpp"
#include "model/section.hpp"
#include "nrn/api/class.hpp"
#include "nrn/api/class_registry.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/interpreter.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"
#include "object/list.hpp"
#include "stdrun/library_procedure.hpp"
#include "stdrun/standard_run.hpp"

namespace nrn {
namespace {

Value nothing(CallArgs&) { return 0; }

ObjectPtr make(Runtime& runtime, const char* cls) {
    CallArgs none(runtime, cls);
    return runtime.classes().get(cls).construct(none);
}

void call_method(Runtime& runtime, Object& object, const char* method, std::initializer_list<Value> arguments) {
    const std::vector<Value> values(arguments);
    CallArgs args(runtime, method, values);
    object.cls().member(method)->call(object, args);
}

/// Puts a plot into graphList[list], whose plots follow the run in that way.
void follow(Runtime& runtime, const ObjectPtr& plot, long list) {
    const Symbol* lists = runtime.scope().find("graphList");
    if (!lists || lists->kind != Symbol::Kind::ObjectVar || list < 0 || static_cast<std::size_t>(list) >= lists->objects.size()) return;
    if (auto* l = dynamic_cast<List*>(lists->objects[static_cast<std::size_t>(list)].get())) l->items.push_back(plot);
}

/// The new plot, which becomes graphItem.
ObjectPtr new_plot(Runtime& runtime, const char* cls, const std::array<double, 4>& range) {
    ObjectPtr plot = make(runtime, cls);
    call_method(runtime, *plot, "size", {range[0], range[1], range[2], range[3]});
    Symbol& item = runtime.scope().intern("graphItem");
    if (item.kind != Symbol::Kind::ObjectVar) runtime.scope().define_object("graphItem");
    item.objects[0] = plot;
    return plot;
}

double end_of_run(Runtime& runtime) {
    const Symbol* tstop = runtime.scope().find("tstop");
    return tstop && tstop->data ? *tstop->data : 5;
}

/// newPlot(x0, x1, y0, y1): an empty graph.
Value new_empty_plot(CallArgs& args) {
    new_plot(args.runtime(), "Graph", {args.number_or(0, 0), args.number_or(1, 5), args.number_or(2, -80), args.number_or(3, 40)});
    return 0;
}
Value new_voltage_plot(CallArgs& args) {
    const ObjectPtr plot = new_plot(args.runtime(), "Graph", {0, end_of_run(args.runtime()), -80, 40});
    call_method(args.runtime(), *plot, "addexpr", {"v(.5)"});
    follow(args.runtime(), plot, 0);
    return 0;
}
Value new_current_plot(CallArgs& args) {
    follow(args.runtime(), new_plot(args.runtime(), "Graph", {0, end_of_run(args.runtime()), -1, 1}), 1);
    return 0;
}
Value new_state_plot(CallArgs& args) {
    follow(args.runtime(), new_plot(args.runtime(), "Graph", {0, end_of_run(args.runtime()), 0, 1}), 2);
    return 0;
}
Value new_phase_plane(CallArgs& args) {
    follow(args.runtime(), new_plot(args.runtime(), "Graph", {-80, 40, -1, 1}), 3);
    return 0;
}
Value new_vector_plot(CallArgs& args) {
    new_plot(args.runtime(), "Graph", {0, end_of_run(args.runtime()), -80, 40});
    return 0;
}
Value new_shape_plot(CallArgs& args) {
    new_plot(args.runtime(), "PlotShape", {-100, 100, -100, 100});
    return 0;
}

/// addplot(graph, i)
Value add_plot(CallArgs& args) {
    const ObjectPtr plot(args.object(0));
    if (plot) follow(args.runtime(), plot, args.integer_or(1, 0));
    return 0;
}

// ---- helpers of stdlib.hoc ---------------------------------------------------------------------------

Value class_name(CallArgs& args) {
    const Object* o = args.object(0);
    args.string_cell(1).text = o ? o->cls().name() : "NULLobject";
    return 0;
}

Value object_number(CallArgs& args) {
    const Object* o = args.object(0);
    return o ? static_cast<double>(o->index()) : -1.0;
}

Value valid_name(CallArgs& args) {
    const std::string& name = args.string(0);
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    if (name.empty() || !letter(name[0])) return 0;
    for (char c : name)
        if (!letter(c) && !(c >= '0' && c <= '9')) return 0;
    return 1;
}

/// set_v_init(), set_v_init(mV) -> what it was
Value set_v_init(CallArgs& args) {
    double& v_init = top_level_number(args.runtime(), "v_init");
    return std::exchange(v_init, args.number_or(0, v_init));
}

Value stopped_run(CallArgs& args) {
    const Symbol* stop = args.runtime().scope().find("stoprun");
    return stop && stop->data && *stop->data != 0;
}

/// cvode_local(), cvode_local(flag): what cvode.use_local_dt says; with a flag it switches the variable step on or off, too.
Value cvode_local(CallArgs& args) {
    const Symbol* cvode = args.runtime().scope().find("cvode");
    if (!cvode || cvode->objects.empty() || !cvode->objects[0]) return 0;
    Object& object = *cvode->objects[0];
    const Member* member = object.cls().member("use_local_dt");
    if (!member) return 0;
    if (args.has(0)) call_top_level(args.runtime(), "cvode_active", {args.number(0)});
    CallArgs call(args.runtime(), "use_local_dt", args.values());
    return member->call(object, call);
}

/// set_ra(), set_ra(ohm cm): of all sections, global_ra without an argument.
Value set_ra(CallArgs& args) {
    const double ohm_cm = args.number_or(0, top_level_number(args.runtime(), "global_ra"));
    for (Section* section : args.runtime().model().sections()) section->set_axial_resistivity(ohm_cm);
    top_level_number(args.runtime(), "global_ra") = ohm_cm;
    return 0;
}

struct Row {
    const char* name;
    LibraryProcedure::Body body;
    Callable::Kind kind = Callable::Kind::Procedure;
};

constexpr Row rows[] = {
    {"newPlot", new_empty_plot}, {"newPlotV", new_voltage_plot}, {"newPlotI", new_current_plot}, {"newPlotS", new_state_plot},
    {"newphaseplane", new_phase_plane}, {"newvectorplot", new_vector_plot}, {"newshapeplot", new_shape_plot}, {"addplot", add_plot},
    {"classname", class_name}, {"object_index", object_number, Callable::Kind::Function},
    {"valid_name_syntax", valid_name, Callable::Kind::Function}, {"set_v_init", set_v_init, Callable::Kind::Function}, {"set_ra", set_ra}, {"stoppedrun", stopped_run, Callable::Kind::Function},
    {"cvode_local", cvode_local, Callable::Kind::Function},
};

/// Sessions restore the choice of the integration method through the first object of this template. restore(method,
/// order): as CVode.current_method counts, hundreds 2 second order, 3 CVODE, 4 DAE solver, thousands a local step;
/// the order of threshold detection.
constexpr const char* method_panel =
    "begintemplate AtolTool\n"
    "public scales, map, vbox\n"
    "objref vbox, this\n"
    "proc init() { vbox = new VBox()  vbox.ref(this) }\n"
    "proc scales() {}\n"
    "proc map() {}\n"
    "endtemplate AtolTool\n"
    "begintemplate NumericalMethodPanel\n"
    "external cvode, cvode_active\n"
    "public atol_, b1, restore, map, atoltool_, ats, varstep\n"
    "objref b1, this, atoltool_\n"
    "proc init() { atol_ = 0.001  b1 = new VBox()  b1.ref(this) }\n"
    "proc restore() { local method\n"
    "    method = int($1/100) % 10\n"
    "    cvode.condition_order($2)\n"
    "    cvode_active(method > 2)\n"
    "    if (method <= 2) { secondorder = 2*(method == 2) }\n"
    "    if (method == 3) { cvode.use_daspk(0)  cvode.use_local_dt(int($1/1000) % 10 == 1) }\n"
    "    if (method == 4) { cvode.use_daspk(1) }\n"
    "}\n"
    "proc varstep() { cvode_active($1) }\n"
    "proc ats() { if ($2 > 0) { cvode.atolscale($s1, $2) } }\n"
    "proc map() { b1.map($s1) }\n"
    "endtemplate NumericalMethodPanel\n"
    "objref numerical_method_panel_\n"
    "numerical_method_panel_ = new NumericalMethodPanel()\n";

/// Iterators exist in the language alone: `for case(&x, 1, 4, 9) ...` and `for ltr(object, list) ...`.
constexpr const char* iterators =
    "iterator case() { local i\n"
    "    for i = 2, numarg() { $&1 = $i  iterator_statement }\n"
    "}\n"
    "iterator ltr() { local i\n"
    "    for i = 0, $o2.count() - 1 {\n"
    "        $o1 = $o2.object(i)\n"
    "        if (numarg() > 2) { $&3 = i }\n"
    "        iterator_statement\n"
    "    }\n"
    "}\n";

/// Menus and tool windows.
constexpr const char* windows[] = {
    "celsius_panel", "channel_builder", "cvode_simgraph",
    "distmechmenu", "fittingmenu", "globalra_panel", "graph_menu_remove_most", "graphmenu", "helpmenu", "impedancemenu", "makecellbuilder",
    "makeCircuit", "makeelectrode", "makeFamily", "makefitter", "makeGatherVec", "makegrapher", "makeImp1", "makeImpRatio", "makeImpShape",
    "makeImpx", "makeinserter", "makelogax", "makeMakeCurve", "makeMenuExplore", "makemulrunfitter", "makenetbuilder", "makePointBrowser",
    "makeppgm", "makeppm", "makerunfitter", "makeshowmechanism", "makesinglecompartment", "makeVectorPlay", "makeVecWrap", "miscellaneousmenu",
    "movierun", "movierunpanel", "movierunsave", "moviestep", "mview", "nrncontrolmenu", "nrnmainmenu",
    "numericalmethodpanel", "pointmenu", "pointprocessesmenu", "prjnrn", "runbutton", "screen_update", "toolmenu",
    "vectormenu", "windowmenu", "distmechviewers", "newcommand", "ExecCommand", "initnrn",
};

/// i, j, cnt ...: the library's own scratch variables, which models use without having assigned to them.
constexpr const char* numbers[] = {"n_graph_lists", "global_ra", "rtstart", "movie_frame_dur_", "i", "j", "cnt", "itmp"};
constexpr const char* object_variables[] = {"graphItem", "pwman", "window_groups_", "nrnmainmenu_", "tobj", "tobj1", "movierunbox", "movie_timer", "tempobj", "tempobj2"};
constexpr const char* strings[] = {"temp_string_", "temp_string2_", "tstr", "clipboard_file", "tempstr1", "tempstr2"};

}  // namespace

void define_graphical_library(Runtime& runtime) {
    Scope& scope = runtime.scope();
    for (const Row& r : rows) scope.define_function(r.name, make_counted<LibraryProcedure>(r.name, r.kind, r.body));
    define_clipboard(runtime);
    for (const char* name : windows)
        if (!scope.find(name)) scope.define_function(name, make_counted<LibraryProcedure>(name, Callable::Kind::Procedure, nothing));
    for (const char* name : numbers)
        if (!scope.find(name)) scope.define_number(name);
    if (Symbol* last = scope.find("i"); last->kind == Symbol::Kind::Number && last->dims.empty()) *last->data = 4;  // it counted the graph lists
    if (double& n = top_level_number(runtime, "n_graph_lists"); n == 0) n = 4;
    if (double& ra = top_level_number(runtime, "global_ra"); ra == 0) ra = 35.4;
    for (const char* name : object_variables)
        if (!scope.find(name)) scope.define_object(name);
    // The window manager exists as soon as the graphical library does: sessions and models ask PWManager[0].
    if (ObjectPtr& manager = scope.find("pwman")->objects[0]; !manager) manager = make(runtime, "PWManager");
    if (ObjectPtr& groups = scope.find("window_groups_")->objects[0]; !groups) groups = make(runtime, "WindowMenu");
    if (ObjectPtr& menu = scope.find("nrnmainmenu_")->objects[0]; !menu) menu = make(runtime, "NEURONMainMenu");
    for (const char* name : strings)
        if (!scope.find(name)) scope.define_string(name);
    if (Interpreter* hoc = runtime.loaded_interpreter("hoc"); hoc && !scope.find("case")) {
        hoc->execute(iterators, nullptr, "stdlib.hoc");
        hoc->execute(method_panel, nullptr, "stdgui.hoc");
    }
}

}  // namespace nrn
