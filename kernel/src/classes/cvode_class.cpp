// SPDX-License-Identifier: BSD-3-Clause
// Class CVode: settings of the variable step, stepping, events, and the state vector. All objects of the class
// are views of the one method of their Runtime. What only inspects events and connections is in cvode_events.cpp.
#include <cmath>

#include <fmt/format.h>

#include "classes/once_told.hpp"
#include "classes/cvode_class.hpp"
#include "classes/register_classes.hpp"
#include "engine/circuit_system.hpp"
#include "engine/extracellular.hpp"
#include "engine/run_guard.hpp"
#include "engine/variable_step.hpp"
#include "model/model.hpp"
#include "nrn/api/class.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"

namespace nrn {
namespace {

VariableStepMethod& method(CallArgs& a) { return a.runtime().service<VariableStepMethod>(); }
Simulation& simulation(CallArgs& a) { return a.runtime().simulation(); }
CVodeFlags& flags(CallArgs& a) { return a.runtime().service<CVodeFlags>(); }

/// Sets a member of the settings when there is an argument; the value afterwards in any case.
template <class T>
Value setting(CallArgs& a, T VariableStepMethod::Settings::*member, double low, double high) {
    if (a.has(0)) method(a).change_settings().*member = static_cast<T>(a.number_in(0, low, high));
    return static_cast<double>(method(a).settings().*member);
}
template <class T>
Value solver_option(CallArgs& a, T SolverOptions::*member, double low, double high) {
    if (a.has(0)) {
        const auto value = static_cast<T>(a.number_in(0, low, high));
        if (method(a).settings().solver.*member != value) method(a).change_settings().solver.*member = value;
    }
    return static_cast<double>(method(a).settings().solver.*member);
}

/// A flag that is kept and given back, for choices that this simulator makes by itself.
Value kept(CallArgs& a, bool CVodeFlags::*flag) {
    if (a.has(0)) flags(a).*flag = a.number(0) != 0;
    return flags(a).*flag;
}

Value active(Object&, CallArgs& a) {
    if (a.has(0)) method(a).set_active(a.number(0) != 0);
    return method(a).active();
}

Value atol(Object&, CallArgs& a) { return solver_option(a, &SolverOptions::atol, 1e-300, 1e300); }
Value rtol(Object&, CallArgs& a) { return solver_option(a, &SolverOptions::rtol, 0, 1); }
Value minstep(Object&, CallArgs& a) { return solver_option(a, &SolverOptions::min_step, 0, 1e9); }
Value maxorder(Object&, CallArgs& a) { return solver_option(a, &SolverOptions::max_order, 0, 12); }
Value jacobian(Object&, CallArgs& a) { return solver_option(a, &SolverOptions::jacobian, 0, 2); }
Value stiff(Object&, CallArgs& a) { return solver_option(a, &SolverOptions::stiff, 0, 2); }
Value condition_order(Object&, CallArgs& a) { return setting(a, &VariableStepMethod::Settings::condition_order, 1, 2); }
Value maxstep(Object&, CallArgs& a) {
    if (a.has(0) && a.number(0) == 0) method(a).change_settings().solver.max_step = 1e9;
    else return solver_option(a, &SolverOptions::max_step, 1e-15, 1e9);
    return method(a).settings().solver.max_step;
}

Value use_local_dt(Object&, CallArgs& a) {
    if (a.has(0)) method(a).change_settings().local = a.number(0) != 0;
    return method(a).settings().local;
}

/// Extracellular medium has it anyway.
Value use_daspk(Object&, CallArgs& a) {
    // As in the reference, not while every cell has its own step.
    if (a.has(0) && !method(a).settings().local) method(a).change_settings().daspk = a.number(0) != 0;
    const bool needed = method(a).active() && (extracellular(a.runtime()).active() || circuits(a.runtime()).active());
    return method(a).settings().daspk || needed;
}

Value dae_init_dteps(Object&, CallArgs& a) {
    if (a.has(0)) flags(a).dae_init_dteps = a.number(0);
    if (a.has(1)) flags(a).dae_init_style = a.number(1);
    return flags(a).dae_init_dteps;
}

/// Ones: 0 no sections, 1 ordinary, 2 with extracellular or LinearMechanism; tens: 1 sparse equations; hundreds: the
/// method (secondorder, 3 variable step, 4 differential-algebraic); thousands: local steps.
Value current_method(Object&, CallArgs& a) {
    const bool sparse = extracellular(a.runtime()).active() || circuits(a.runtime()).active();
    const double model = a.runtime().model().sections().empty() ? 0 : sparse ? 12 : 1;
    if (!method(a).active()) return model + 100 * simulation(a).secondorder;
    const auto& s = method(a).settings();
    return model + 100 * (s.daspk || sparse ? 4 : 3) + 1000 * (s.local ? 1 : 0);
}

/// order(i): of the last step of integration i, 0 for the global step.
Value order(Object&, CallArgs& a) {
    const long i = a.has(0) ? a.integer(0) : 0;
    if (i < 0) throw Error(ErrorKind::Index, fmt::format("CVode.order: index {} is negative", i));
    return static_cast<double>(method(a).order(static_cast<std::size_t>(i)));
}

Value atolscale(Object&, CallArgs& a) {
    std::string name;
    if (a.is_string(0)) name = a.string(0);
    else name = a.ref(0).name();
    if (const auto bracket = name.find_first_of("[("); bracket != std::string::npos) name.resize(bracket);
    if (const auto dot = name.rfind('.'); dot != std::string::npos && !a.is_string(0)) name.erase(0, dot + 1);
    const auto& scales = method(a).settings().scales;
    if (a.has(1)) {
        const double scale = a.number(1);
        if (!(scale > 0)) throw Error(ErrorKind::Range, fmt::format("CVode.atolscale: the factor must be > 0, not {:g}", scale));
        method(a).change_settings().scales[name] = scale;
    }
    const auto found = scales.find(name);
    return found == scales.end() ? 1.0 : found->second;
}

// ---- stepping ------------------------------------------------------------------------------------

void require_initialized(CallArgs& a) {
    if (!simulation(a).initialized())
        throw Error(ErrorKind::Runtime, fmt::format("CVode.{}: the model has not been initialised", a.function())).hint("call finitialize(v) first");
}

Value solve(Object&, CallArgs& a) {
    require_initialized(a);
    const RunGuard alone(a.runtime());
    if (a.has(0)) simulation(a).advance_to(a.number(0));
    else simulation(a).fadvance();
    return 0.0;
}

Value fixed_step(Object&, CallArgs& a) {
    Simulation& s = simulation(a);
    auto* const keep = std::exchange(s.variable_step, nullptr);
    try {
        s.fadvance();
    } catch (...) {
        s.variable_step = keep;
        throw;
    }
    s.variable_step = keep;
    return 0.0;
}

Value re_init(Object&, CallArgs& a) {
    method(a).re_init();
    return 0.0;
}

Value event(Object&, CallArgs& a) {
    Simulation& s = simulation(a);
    const double t = a.number(0);
    if (std::isnan(t)) throw Error(ErrorKind::Range, "CVode.event: the time is not a number");
    if (t < s.t - 1e-9)
        throw Error(ErrorKind::Range, fmt::format("CVode.event: time {:g} ms is before the present time t = {:g} ms", t, s.t));
    CallablePtr callable;
    if (a.has(1) && !a.is_none(1)) callable = a.callable(1, a.has(2) ? a.object_or_null(2) : a.context);
    s.network().call_at(t, callable);
    return t;
}

// ---- the state vector ----------------------------------------------------------------------------

Value fill(CallArgs& a, void (VariableStepMethod::*read)(std::vector<double>&)) {
    auto& vector = a.object<Vector>(0, "Vector");
    std::vector<double> values;
    (method(a).*read)(values);
    vector.resize(values.size());
    std::copy(values.begin(), values.end(), vector.values.begin());
    return 0.0;
}

Value states(Object&, CallArgs& a) { return fill(a, &VariableStepMethod::states); }
Value dstates(Object&, CallArgs& a) { return fill(a, &VariableStepMethod::derivatives); }
Value acor(Object&, CallArgs& a) { return fill(a, &VariableStepMethod::errors); }
Value error_weights(Object&, CallArgs& a) { return fill(a, &VariableStepMethod::weights); }

/// Sums up the magnitudes by the states' names.
void sum_up_magnitudes(CallArgs& a) {
    std::vector<double> states, errors;
    method(a).magnitudes(states, errors);
    auto& largest = flags(a).largest;
    largest.clear();
    for (std::size_t i = 0; i < states.size(); ++i) {
        auto& [state, error] = largest.try_emplace(method(a).state_base_name(i), 0.0, 0.0).first->second;
        state = std::max(state, states[i]);
        error = std::max(error, errors[i]);
    }
}

Value state_magnitudes(Object&, CallArgs& a) {
    if (a.is_string(0)) {
        const auto found = flags(a).largest.find(a.string(0));
        const auto [state, error] = found == flags(a).largest.end() ? std::pair{-1e9, -1e9} : found->second;
        if (a.has(1)) a.ref(1).set(error);
        return state;
    }
    if (a.object_if<Vector>(0)) {
        auto& vector = a.object<Vector>(0, "Vector");
        std::vector<double> states, errors;
        method(a).magnitudes(states, errors);
        const auto& wanted = a.has(1) && a.number(1) != 0 ? errors : states;
        vector.resize(wanted.size());
        std::copy(wanted.begin(), wanted.end(), vector.values.begin());
        return 0.0;
    }
    const long what = a.integer(0);
    if (what < 0 || what > 2) throw Error(ErrorKind::Range, fmt::format("CVode.state_magnitudes: the argument must be 0, 1 or 2, not {}", what));
    if (what == 2) sum_up_magnitudes(a);
    else method(a).watch_magnitudes(what == 1);
    return 0.0;
}

Value yscatter(Object&, CallArgs& a) {
    const auto& v = a.object<Vector>(0, "Vector").values;
    method(a).set_states({v.begin(), v.end()});
    return 0.0;
}

/// f(t, y, ydot)
Value derivative(Object&, CallArgs& a) {
    const double t = a.number(0);
    const auto& y = a.object<Vector>(1, "Vector").values;
    auto& out = a.object<Vector>(2, "Vector");
    std::vector<double> dy;
    method(a).evaluate(t, {y.begin(), y.end()}, dy);
    out.resize(dy.size());
    std::copy(dy.begin(), dy.end(), out.values.begin());
    return 0.0;
}

/// statename(i, strdef[, style])
Value statename(Object&, CallArgs& a) {
    const long i = a.integer(0);
    if (i < 0) throw Error(ErrorKind::Index, fmt::format("CVode.statename: index {} is negative", i));
    const long style = a.has(2) ? a.integer(2) : 0;
    if (style < 0 || style > 2) throw Error(ErrorKind::Range, fmt::format("CVode.statename: the style must be 0, 1 or 2, not {}", style));
    const auto index = static_cast<std::size_t>(i);
    a.string_cell(1).text = style == 2 ? method(a).state_base_name(index) : method(a).state_name(index);
    return 0.0;
}

Value statistics(Object&, CallArgs& a) {
    const SolverStatistics s = method(a).statistics();
    a.runtime().print(fmt::format("CVode statistics: {} advance_tn (steps), {} evaluations of f, {} linear solver setups, {} nonlinear iterations, {} error test failures, order {}\n",
                                  s.steps, s.rhs_calls, s.linear_solves, s.nonlinear_iterations, s.error_test_failures, s.order));
    return 0.0;
}

// ---- recording and callbacks ---------------------------------------------------------------------

/// record(&variable, values, times): one pair per step of the variable's cell.
Value record(Object&, CallArgs& a) {
    auto& values = a.object<Vector>(1, "Vector");
    auto& times = a.object<Vector>(2, "Vector");
    Recording& recording = simulation(a).recording();
    recording.record(values, RefPtr(&a.ref(0)));
    recording.record(times, symbol_ref(*a.runtime().scope().find("t")));
    method(a).record_with(times, values);
    return 0.0;
}

Value record_remove(Object&, CallArgs& a) {
    simulation(a).recording().remove(a.object<Vector>(0, "Vector"));
    return 0.0;
}

/// Direction 0: after the state has been put into the model, before currents; 1: before the state is gathered.
Value extra_scatter_gather(Object&, CallArgs& a) {
    const long direction = a.integer(0);
    if (direction != 0 && direction != 1)
        throw Error(ErrorKind::Range, fmt::format("CVode.extra_scatter_gather: the direction must be 0 (scatter) or 1 (gather), not {}", direction));
    auto& list = direction == 0 ? simulation(a).after_solve : simulation(a).before_solve;
    list.push_back(a.callable(1));
    flags(a).scatter_gather.emplace_back(a.values()[1], list.back());
    return 0.0;
}

Value extra_scatter_gather_remove(Object&, CallArgs& a) {
    auto& known = flags(a).scatter_gather;
    const Value& wanted = a.at(0);
    for (std::size_t i = 0; i < known.size(); ++i) {
        const Value& v = known[i].first;
        if (v.kind() != wanted.kind() || v.is_none() || v.is_number() || v.raw_pointer() != wanted.raw_pointer()) continue;
        const Callable* callable = known[i].second.get();
        for (auto* list : {&simulation(a).after_solve, &simulation(a).before_solve})
            std::erase_if(*list, [&](const CallablePtr& c) { return c.get() == callable; });
        known.erase(known.begin() + static_cast<long>(i--));
    }
    return 0.0;
}

// ---- choices that have no effect here or belong elsewhere ------------------------------------------

Value cache_efficient(Object&, CallArgs& a) { return kept(a, &CVodeFlags::cache_efficient); }
Value kept_without_effect(CallArgs& a, bool CVodeFlags::*flag) {
    if (a.has(0) && a.number(0) != 0) tell_once(a, "CVode", "the flag is kept, and nothing else changes");
    return kept(a, flag);
}
Value use_long_double(Object&, CallArgs& a) { return kept_without_effect(a, &CVodeFlags::use_long_double); }
Value use_mxb(Object&, CallArgs& a) { return kept_without_effect(a, &CVodeFlags::use_mxb); }
Value use_parallel(Object&, CallArgs& a) {
    if (a.has(0)) method(a).change_settings().parallel = a.number(0) != 0;
    return method(a).settings().parallel;
}
Value debug_event(Object&, CallArgs& a) { return kept_without_effect(a, &CVodeFlags::debug_event); }
Value nothing(Object&, CallArgs&) { return 0.0; }

Value use_fast_imem(Object&, CallArgs& a) {
    const bool before = simulation(a).fast_imem;
    if (a.has(0)) a.runtime().model().keeps_membrane_current = simulation(a).fast_imem = a.number(0) != 0;
    return before;
}

Value structure_change_count(Object&, CallArgs& a) { return static_cast<double>(a.runtime().model().structure_version()); }

constexpr Method methods[] = {
    {"active", active, Returns::Bool, "active([flag]) -> is the variable time step in use?\nPython: h.CVode().active(True)\nHoc: cvode.active(1)"},
    {"atol", atol, Returns::Number, "atol([tolerance]) -> absolute tolerance of each state, 1e-3 by default"},
    {"rtol", rtol, Returns::Number, "rtol([tolerance]) -> relative tolerance, 0 by default"},
    {"atolscale", atolscale, Returns::Number, "atolscale(\"name\" or &variable[, factor]) -> factor of atol for the state, e.g. atolscale(\"cai\", 1e-4)"},
    {"minstep", minstep, Returns::Number, "minstep([ms]) -> smallest step, 0 by default"},
    {"maxstep", maxstep, Returns::Number, "maxstep([ms]) -> largest step, 1e9 by default"},
    {"maxorder", maxorder, Returns::Int, "maxorder([order]) -> highest order of the method, 5 by default"},
    {"order", order, Returns::Int, "order([i]) -> order of the last step of integration i"},
    {"stiff", stiff, Returns::Int, "stiff([0..2]) -> 0: Adams with functional iteration, 1: Adams with Newton's iteration, 2: BDF with Newton's iteration (default)"},
    {"jacobian", jacobian, Returns::Int, "jacobian([0..2]) -> 0: tree elimination (default), 1: dense, 2: diagonal"},
    {"condition_order", condition_order, Returns::Int, "condition_order([1 or 2]) -> 1: thresholds at the end of steps, 2: interpolated"},
    {"use_local_dt", use_local_dt, Returns::Bool, "use_local_dt([flag]) -> does every cell have its own step?"},
    {"use_local_variable_time_step", use_local_dt, Returns::Bool, "as use_local_dt"},
    {"use_daspk", use_daspk, Returns::Bool, "use_daspk([flag]) -> is the differential-algebraic method in use?"},
    {"dae_init_dteps", dae_init_dteps, Returns::Number, "dae_init_dteps([ms[, style]]) -> step of the initialisation of algebraic variables"},
    {"current_method", current_method, Returns::Int, "current_method() -> code: hundreds 0..2 fixed step (secondorder), 3 variable, 4 daspk; thousands 1 local; tens 1 with extracellular or LinearMechanism"},
    {"solve", solve, Returns::Number, "solve([t [ms]]): one step, or exactly to t; an event without action ends it early"},
    {"fixed_step", fixed_step, Returns::Number, "fixed_step(): one step dt of the fixed step method"},
    {"re_init", re_init, Returns::Number, "re_init(): restarts the integration from the present state; needed after states or parameters were changed"},
    {"event", event, Returns::Number,
     "event(t [ms][, statement or callable[, object]]): calls at t\nPython: h.cvode.event(5, (f, 3))\nHoc: cvode.event(5, \"f(3)\")"},
    {"states", states, Returns::Number, "states(Vector): all states"},
    {"dstates", dstates, Returns::Number, "dstates(Vector): their derivatives"},
    {"error_weights", error_weights, Returns::Number, "error_weights(Vector)"},
    {"acor", acor, Returns::Number, "acor(Vector): local errors of the last step"},
    {"statename", statename, Returns::Number, "statename(i, strdef[, style]): name of state i; with style 2 without its place, as atolscale takes it"},
    {"ygather", states, Returns::Number, "ygather(Vector): all states"},
    {"yscatter", yscatter, Returns::Number, "yscatter(Vector): sets all states"},
    {"f", derivative, Returns::Number, "f(t, y, ydot): derivatives at state y, left in ydot"},
    {"statistics", statistics, Returns::Number, "statistics(): prints counts of steps, evaluations and failures"},
    {"record", record, Returns::Number, "record(&variable, values, times): at each step of the variable's cell"},
    {"record_remove", record_remove, Returns::Number, "record_remove(Vector)"},
    {"extra_scatter_gather", extra_scatter_gather, Returns::Number, "extra_scatter_gather(direction, callable): called after scatter (0) or before gather (1)"},
    {"extra_scatter_gather_remove", extra_scatter_gather_remove, Returns::Number, "extra_scatter_gather_remove(callable)"},
    {"cache_efficient", cache_efficient, Returns::Bool, "cache_efficient([flag]): kept; memory is always contiguous here"},
    {"use_long_double", use_long_double, Returns::Bool, "use_long_double([flag]): kept, without effect"},
    {"use_mxb", use_mxb, Returns::Bool, "use_mxb([flag]): kept, without effect"},
    {"use_parallel", use_parallel, Returns::Number, "use_parallel([flag]) -> do all ranks take the same steps? They do anyway where values are transferred between them (gap junctions)"},
    {"debug_event", debug_event, Returns::Int, "debug_event([flag])"},
    {"poolshrink", nothing, Returns::Number, "poolshrink([flag]): without effect"},
    {"free_event_queues", nothing, Returns::Number, "free_event_queues(): without effect, memory is reused"},
    {"simgraph_remove", nothing, Returns::Number, "simgraph_remove(): without effect"},
    {"state_magnitudes", state_magnitudes, Returns::Number,
     "state_magnitudes(1 or 0): keeps the largest magnitudes of states and of their local errors, or no longer\n"
     "state_magnitudes(2): sums them up by the states' names\n"
     "state_magnitudes(Vector, 0 or 1): those of all states, or of their errors\n"
     "state_magnitudes(\"name\", &error) -> the largest of all states of that name, as summed up; -1e9 when there is none"},
    {"use_fast_imem", use_fast_imem, Returns::Bool, "use_fast_imem([flag]): computes the membrane currents i_membrane_ [nA]"},
    {"structure_change_count", structure_change_count, Returns::Int, "structure_change_count() -> grows with changes of topology and mechanisms"},
    {"diam_change_count", structure_change_count, Returns::Int, "diam_change_count() -> grows with changes of diameters"},
};

ObjectPtr construct(NativeClass& cls, CallArgs&) {
    if (!cls.instances().empty()) return ObjectPtr(cls.instances().front());  // one method, one object
    return make_counted<Object>(cls);
}

}  // namespace

void register_cvode(Runtime& runtime) {
    auto cls = std::make_unique<NativeClass>("CVode", construct, methods, std::span<const Property>(),
                                             "CVode(): the variable time step method and the event queue\n"
                                             "Python: cv = h.CVode(); cv.active(1)\nHoc: cvode.active(1)");
    add_cvode_event_methods(*cls);
    publish_class(runtime, std::move(cls));
}

}  // namespace nrn
