// SPDX-License-Identifier: BSD-3-Clause
// Panels, dialogs and session functions without a screen: they accept what they are given.
#include "classes/register_classes.hpp"
#include "nrn/api/callable.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"

namespace nrn {
namespace {

Value accept(CallArgs&) { return 0; }
Value accept_with_1(CallArgs&) { return 1; }  // what the reference answers without a screen

constexpr Function functions[] = {
    {"xpanel", accept, Returns::Number, "xpanel(title), xpanel(), xpanel(left, top) -> 0\nBegins and ends a panel; nothing is shown without a screen."},
    {"xbutton", accept, Returns::Number, "xbutton(label, statement) -> 0"},
    {"xstatebutton", accept, Returns::Number, "xstatebutton(label, ref, statement) -> 0"},
    {"xcheckbox", accept, Returns::Number, "xcheckbox(label, ref, statement) -> 0"},
    {"xradiobutton", accept, Returns::Number, "xradiobutton(label, statement, selected) -> 0"},
    {"xmenu", accept, Returns::Number, "xmenu(title), xmenu(title, statement), xmenu() -> 0"},
    {"xlabel", accept, Returns::Number, "xlabel(text) -> 0"},
    {"xvarlabel", accept, Returns::Number, "xvarlabel(string) -> 0"},
    {"xvalue", accept, Returns::Number, "xvalue(label, variable, default, statement, ...) -> 0"},
    {"xpvalue", accept, Returns::Number, "xpvalue(label, ref, default, statement, ...) -> 0"},
    {"xfixedvalue", accept, Returns::Number, "xfixedvalue(label, variable, ...) -> 0"},
    {"xslider", accept, Returns::Number, "xslider(ref, low, high, statement, ...) -> 0"},
    {"boolean_dialog", accept, Returns::Number, "boolean_dialog(question, accept, cancel) -> whether accepted: 0 without a screen"},
    {"continue_dialog", accept, Returns::Number, "continue_dialog(text) -> 0"},
    {"string_dialog", accept, Returns::Number, "string_dialog(question, string) -> whether accepted: 0 without a screen"},
    {"doNotify", accept, Returns::Number, "doNotify() -> 0\nUpdates windows."},
    {"doEvents", accept_with_1, Returns::Number, "doEvents() -> 1\nServes windows once."},
    {"pwman_place", accept, Returns::Number, "pwman_place(left, top, show = 1) -> 0"},
    {"save_session", accept, Returns::Number, "save_session(file, header) -> 0"},
    {"print_session", accept, Returns::Number, "print_session(...) -> 0"},
    {"ivoc_style", accept, Returns::Number, "ivoc_style(path, value) -> 0"},
    {"nrnallpointmenu", accept_with_1, Returns::Number, "nrnallpointmenu() -> 1"},
    {"nrnallsectionmenu", accept_with_1, Returns::Number, "nrnallsectionmenu() -> 1"},
    {"nrnglobalmechmenu", accept_with_1, Returns::Number, "nrnglobalmechmenu(name) -> 1"},
    {"nrnmechmenu", accept_with_1, Returns::Number, "nrnmechmenu() -> 1"},
    {"nrnpointmenu", accept_with_1, Returns::Number, "nrnpointmenu(object) -> 1"},
    {"nrnsecmenu", accept_with_1, Returns::Number, "nrnsecmenu(x, type) -> 1"},
    {"show_winio", accept, Returns::Number, "show_winio(flag) -> 0"},
    // The graphics of terminals, from before windows.
    {"graph", accept, Returns::Number, "graph(...) -> 0\nObsolete: terminal graphics."},
    {"graphmode", accept, Returns::Number, "graphmode(mode) -> 0\nObsolete: terminal graphics."},
    {"plt", accept, Returns::Number, "plt(mode, x, y) -> 0\nObsolete: terminal graphics."},
    {"plot", accept, Returns::Number, "plot(...) -> 0\nObsolete: terminal graphics."},
    {"plotx", accept, Returns::Number, "plotx(...) -> 0\nObsolete: terminal graphics."},
    {"ploty", accept, Returns::Number, "ploty(...) -> 0\nObsolete: terminal graphics."},
    {"axis", accept, Returns::Number, "axis(...) -> 0\nObsolete: terminal graphics."},
    {"regraph", accept, Returns::Number, "regraph() -> 0\nObsolete: terminal graphics."},
    {"setcolor", accept, Returns::Number, "setcolor(i) -> 0\nObsolete: terminal graphics."},
    {"settext", accept, Returns::Number, "settext(...) -> 0\nObsolete: terminal graphics."},
};

}  // namespace

void register_panel_functions(Runtime& runtime) { runtime.scope().define_functions(functions); }

}  // namespace nrn
