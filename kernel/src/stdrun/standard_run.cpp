// SPDX-License-Identifier: BSD-3-Clause
// The standard run system: its variables and procedures.
#include "stdrun/standard_run.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/run_guard.hpp"
#include "engine/simulation.hpp"
#include "engine/variable_step.hpp"
#include "nrn/api/class_registry.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"
#include "object/list.hpp"
#include "stdrun/library_procedure.hpp"

namespace nrn {

double call_top_level(Runtime& runtime, std::string_view name, std::initializer_list<double> arguments) {
    const Symbol* symbol = runtime.scope().find(name);
    if (!symbol || symbol->kind != Symbol::Kind::Function) throw Error(ErrorKind::Name, fmt::format("there is no function `{}`", name));
    const std::vector<Value> values(arguments.begin(), arguments.end());
    const CallablePtr callable = symbol->callable;
    CallArgs args(runtime, symbol->name, values);
    const Value result = callable->call(args);
    return result.is_number() ? result.raw_number() : 0;
}

double& top_level_number(Runtime& runtime, std::string_view name) {
    Symbol* symbol = runtime.scope().find(name);
    if (!symbol || symbol->kind != Symbol::Kind::Number) throw Error(ErrorKind::Name, fmt::format("there is no number `{}`", name));
    return *symbol->data;
}

namespace {

double& number(CallArgs& a, const char* name) { return top_level_number(a.runtime(), name); }
Simulation& simulation(CallArgs& a) { return a.runtime().simulation(); }
bool variable_step(CallArgs& a) { return simulation(a).variable_step != nullptr; }

/// dt becomes 1/steps_per_ms, or that divided by a whole number if it already is.
Value setdt(CallArgs& a) {
    if (number(a, "using_cvode_") != 0) return 0.0;
    const double per_ms = number(a, "steps_per_ms");
    if (!(per_ms > 0)) throw Error(ErrorKind::Range, fmt::format("steps_per_ms must be > 0, not {:g}", per_ms));
    double& dt = simulation(a).dt;
    double steps = std::floor(1 / per_ms / dt + 1e-11);
    if (!(steps >= 1)) steps = 1;
    number(a, "nstep_steprun") = steps;
    if (std::fabs(dt * steps * per_ms - 1) > 1e-6) {
        a.runtime().print("Changed dt\n");
        dt = 1 / per_ms / steps;
    }
    return 0.0;
}

Value stdinit(CallArgs& a) {
    number(a, "realtime") = 0;
    call_top_level(a.runtime(), "setdt");
    call_top_level(a.runtime(), "init");
    call_top_level(a.runtime(), "initPlot");
    return 0.0;
}

Value init(CallArgs& a) {
    call_top_level(a.runtime(), "finitialize", {number(a, "v_init")});
    return 0.0;
}

Value advance(CallArgs& a) {
    call_top_level(a.runtime(), "fadvance");
    return 0.0;
}

Value step(CallArgs& a) {
    if (variable_step(a)) {
        call_top_level(a.runtime(), "advance");
    } else {
        const double steps = number(a, "nstep_steprun");
        for (double i = 0; i < steps; ++i) call_top_level(a.runtime(), "advance");
    }
    call_top_level(a.runtime(), "Plot");
    return 0.0;
}

Value steprun(CallArgs& a) {
    call_top_level(a.runtime(), "step");
    call_top_level(a.runtime(), "flushPlot");
    return 0.0;
}

/// Does a step do nothing but advance? Not where users have their own step, advance or Plot, and with graphs.
bool only_advances(CallArgs& a) {
    const Scope& scope = a.runtime().scope();
    const auto own = [&](const char* name) {
        const Symbol* s = scope.find(name);
        return s && s->kind == Symbol::Kind::Function && dynamic_cast<const LibraryProcedure*>(s->callable.get());
    };
    if (variable_step(a) || number(a, "nstep_steprun") != 1 || !own("step") || !own("advance") || !own("Plot")) return false;
    const Symbol* lists = scope.find("graphList");
    return lists && lists->kind == Symbol::Kind::ObjectVar && std::all_of(lists->objects.begin(), lists->objects.end(), [](const ObjectPtr& o) {
        const auto* list = dynamic_cast<const List*>(o.get());
        return list && list->items.empty();
    });
}

Value continuerun(CallArgs& a) {
    const double t_stop = a.number(0);
    const RunGuard alone(a.runtime());
    Simulation& s = simulation(a);
    const auto start = std::chrono::steady_clock::now();
    s.stop_requested = 0;
    s.heading_for = std::max(s.heading_for, t_stop);
    number(a, "realtime") = 0;
    // cvode_active(1) has runs end exactly at tstop; CVode.active(1) alone has them end with the step that passes it.
    const bool exact = variable_step(a) && number(a, "using_cvode_") != 0;
    const bool local = exact && a.runtime().service<VariableStepMethod>().settings().local;
    if (exact) s.network().call_at(t_stop, nullptr);
    if (local) s.advance_to(t_stop);
    // Half a step short: the sum of many dt need not hit tstop exactly. The step that dt is now, as the reference has it.
    const double end = exact ? t_stop : t_stop - 0.5 * s.dt;
    bool planned = false;
    while (!local && s.t < end && s.stop_requested == 0) {
        const double before = s.t;
        const bool windows = only_advances(a) && s.dt > 0;
        if (windows && !planned) s.plan_windows();
        planned = windows;
        if (windows) s.advance_window_or_step(end + 0.5 * s.dt);
        else call_top_level(a.runtime(), "step");
        s.require_finite();
        if (s.t == before && !variable_step(a))
            throw Error(ErrorKind::Runtime, fmt::format("continuerun does not advance: t stays at {:g} ms", s.t)).hint("is dt > 0, and does advance() call fadvance()?");
    }
    if (exact && !local && s.stop_requested == 0) call_top_level(a.runtime(), "step");  // what is due at tstop
    number(a, "realtime") = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    call_top_level(a.runtime(), "flushPlot");
    return 0.0;
}

Value run(CallArgs& a) {
    const RunGuard alone(a.runtime());
    number(a, "running_") = 1;
    call_top_level(a.runtime(), "stdinit");
    call_top_level(a.runtime(), "continuerun", {number(a, "tstop")});
    return 0.0;
}

/// The step to go back to when the variable step is switched off.
struct FixedStep {
    explicit FixedStep(Runtime&) {}
    std::optional<double> dt;
};

Value call_cvode(CallArgs& a, Object& cvode, const char* method, bool flag) {
    const Value value(flag);
    CallArgs args(a.runtime(), method, {&value, 1});
    return cvode.cls().member(method)->call(cvode, args);
}

/// cvode_active(), cvode_active(flag): with the same step for all cells (cvode_local(1) comes after it); off, dt is what it was before.
Value cvode_active(CallArgs& a) {
    if (a.has(0)) {
        const Symbol* cvode = a.runtime().scope().find("cvode");
        if (!cvode || cvode->objects.empty() || !cvode->objects[0])
            throw Error(ErrorKind::Plugin, "cvode_active: there is no variable time step in this program").hint("build the plugin solver-cvode");
        const bool on = a.number(0) != 0, was_on = variable_step(a);
        auto& fixed = a.runtime().service<FixedStep>();
        if (on && !was_on) fixed.dt = simulation(a).dt;
        call_cvode(a, *cvode->objects[0], "use_local_dt", false);
        call_cvode(a, *cvode->objects[0], "active", on);
        if (!on && was_on && fixed.dt) simulation(a).dt = *std::exchange(fixed.dt, {});
        number(a, "using_cvode_") = on;
    }
    return variable_step(a);
}

Value nothing(CallArgs&) { return 0.0; }

/// Calls `method` of everything in graphList: graphs keep their lines without a window too.
void each_graph(CallArgs& a, const char* method, std::initializer_list<Value> arguments) {
    const Symbol* lists = a.runtime().scope().find("graphList");
    if (!lists || lists->kind != Symbol::Kind::ObjectVar) return;
    for (const ObjectPtr& o : std::vector<ObjectPtr>(lists->objects)) {
        const auto* list = dynamic_cast<const List*>(o.get());
        if (!list || list->items.empty()) continue;
        for (const ObjectPtr& graph : Objects(list->items)) {
            const Member* m = graph->cls().member(method);
            if (!m || m->kind() != Member::Kind::Method) continue;
            CallArgs args(a.runtime(), method, std::span<const Value>(arguments.begin(), arguments.size()));
            m->call(*graph, args);
        }
    }
}

Value plot(CallArgs& a) {
    each_graph(a, "plot", {Value(simulation(a).t)});
    return 0.0;
}

Value init_plot(CallArgs& a) {
    each_graph(a, "begin", {});
    call_top_level(a.runtime(), "Plot");  // perhaps the user's own
    call_top_level(a.runtime(), "flushPlot");
    return 0.0;
}

struct Row {
    const char* name;
    LibraryProcedure::Body body;
    Callable::Kind kind = Callable::Kind::Procedure;
};

constexpr Row procedures[] = {
    {"setdt", setdt}, {"stdinit", stdinit}, {"init", init}, {"advance", advance}, {"step", step}, {"steprun", steprun},
    {"continuerun", continuerun}, {"run", run},
    {"cvode_active", cvode_active, Callable::Kind::Function},
    {"initPlot", init_plot}, {"Plot", plot},
    // What only a window would show.
    {"plot", nothing}, {"flushPlot", nothing}, {"fastflushPlot", nothing},
    {"addplot", nothing}, {"graphmode", nothing}, {"nrncontrolmenu", nothing}, {"nrnmainmenu", nothing}, {"tstop_changed", nothing}, {"v_init_changed", nothing},
};

struct NumberRow {
    const char* name;
    double value;
};

constexpr NumberRow numbers[] = {
    {"tstop", 5}, {"v_init", -65}, {"steps_per_ms", 40}, {"nstep_steprun", 1}, {"realtime", 0}, {"screen_update_invl", 0.05},
    {"running_", 0}, {"using_cvode_", 0}, {"runStopAt", 5}, {"runStopIn", 1}, {"stdrun_quiet", 0}, {"eventcount", 0}, {"eventslow", 1}, {"using_fast_flush_", 1},
};

}  // namespace

bool standard_run_has(std::string_view name) noexcept {
    const auto called = [name](const auto& row) { return row.name == name; };
    return std::any_of(std::begin(procedures), std::end(procedures), called) || std::any_of(std::begin(numbers), std::end(numbers), called);
}

void define_standard_run(Runtime& runtime) {
    Scope& scope = runtime.scope();
    for (const NumberRow& n : numbers) {
        const Symbol* old = scope.find(n.name);
        if (!old || old->kind != Symbol::Kind::Number) scope.define_number(n.name, n.value);  // what the user has set stays
    }
    for (const Row& p : procedures) scope.define_function(p.name, make_counted<LibraryProcedure>(p.name, p.kind, p.body));
    for (const char* list : {"graphList", "graphItem", "flush_list", "fast_flush_list", "movierunbox"})
        if (!scope.find(list)) scope.define_object(list, list == std::string_view("graphList") ? std::vector<long>{4} : std::vector<long>{});
    const auto make = [&](const char* cls) {
        CallArgs none(runtime, cls);
        return runtime.classes().get(cls).construct(none);
    };
    for (const char* list : {"graphList", "flush_list", "fast_flush_list"})
        for (ObjectPtr& o : scope.find(list)->objects)
            if (!o) o = make("List");
    const Symbol* cvode = scope.find("cvode");
    if (runtime.classes().find("CVode") && (!cvode || cvode->kind != Symbol::Kind::ObjectVar || !cvode->objects[0]))
        scope.define_object("cvode").objects[0] = make("CVode");
    define_graphical_library(runtime);
}

}  // namespace nrn
