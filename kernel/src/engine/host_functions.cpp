// SPDX-License-Identifier: BSD-3-Clause
// What mechanism code may ask of the simulator: events, errors, ions, tables, names. Random numbers and
// arguments are in host_random.cpp and host_arguments.cpp. No exception leaves these functions: what goes wrong
// becomes the simulation's fault text, which the kernel's caller raises.
#include "engine/host_functions.hpp"

#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <chrono>

#include "engine/function_table.hpp"
#include "engine/host_instances.hpp"
#include "engine/host_sections.hpp"
#include "engine/simulation.hpp"
#include "model/ion.hpp"
#include "model/mechanism_store.hpp"
#include "model/model.hpp"
#include "nrn/api/communicator.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/interpreter.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"

namespace nrn {
namespace {

MechanismType& type_of(nrn_mech_view* view) { return *static_cast<MechanismType*>(view->host_type); }
RowId id_of(nrn_mech_view* view, std::int32_t row) { return type_of(view).store().id(static_cast<std::uint32_t>(row)); }

nrn_status fail(nrn_context* context, nrn_mech_view*, std::int32_t row, const char* format, ...) {
    char text[1024];
    va_list list;
    va_start(list, format);
    std::vsnprintf(text, sizeof text, format, list);
    va_end(list);
    if (Worker* worker = worker_of(context)) {
        worker->fault = text;
        worker->fault_row = row;
    } else {
        simulation_of(context).fault = text;
        simulation_of(context).fault_row = row;
    }
    return NRN_FAILED;
}

void print(nrn_context* context, const char* format, ...) {
    char text[4096];
    va_list list;
    va_start(list, format);
    std::vsnprintf(text, sizeof text, format, list);
    va_end(list);
    if (Worker* worker = worker_of(context)) worker->printed += text;
    else simulation_of(context).runtime().print(text);
}

void net_send(nrn_context* context, nrn_mech_view* view, std::int32_t row, double* weight, double delay, double flag) {
    Simulation& s = simulation_of(context);
    if (!(context->t + delay >= context->t)) {
        s.late_fault(std::string("net_send into the past: delay ") + std::to_string(delay) + " ms is " + (delay < 0 ? "negative" : "no number"));
        return;
    }
    s.network().net_send(type_of(view), id_of(view, row), weight, context->t + delay, flag, static_cast<EventLane*>(context->worker));
}

void net_move(nrn_context* context, nrn_mech_view* view, std::int32_t row, double when) {
    Simulation& s = simulation_of(context);
    if (!(when >= context->t)) s.late_fault("net_move into the past");
    else if (!s.network().net_move(type_of(view), id_of(view, row), when, static_cast<EventLane*>(context->worker))) s.late_fault("No event with flag=1 for net_move");
}

void net_event(nrn_context* context, nrn_mech_view* view, std::int32_t row, double when) {
    Simulation& s = simulation_of(context);
    guarded(s, [&] {
        if (auto* p = static_cast<PointProcess*>(type_of(view).store().owner_of_row(static_cast<std::size_t>(row)))) s.network().net_event(*p, when, static_cast<EventLane*>(context->worker));
        return 0;
    });
}

void watch(nrn_context* context, nrn_mech_view* view, std::int32_t row, std::int32_t number, double flag, std::int32_t first) {
    simulation_of(context).network().add_watch(type_of(view), id_of(view, row), number, flag, first != 0, static_cast<EventLane*>(context->worker));
}

std::int32_t for_netcons(nrn_context* context, nrn_mech_view* view, std::int32_t row, double* const** weights) {
    Simulation& s = simulation_of(context);
    auto& list = s.netcon_weights;
    list.clear();
    if (auto* p = static_cast<PointProcess*>(type_of(view).store().owner_of_row(static_cast<std::size_t>(row))))
        list = s.network().weights_to(*p);
    *weights = list.data();
    return static_cast<std::int32_t>(list.size());
}

void state_discontinuity(nrn_context*, nrn_mech_view*, std::int32_t, double* state, double value) { *state = value; }

std::int32_t at_time(nrn_context* context, double when) {
    if (auto* method = simulation_of(context).variable_step) return method->at_time(when);
    // True in the step that crosses `when`, as seen from the middle of the step.
    const double end = context->t + 1e-9, begin = end - context->dt;
    return when > begin && when <= end;
}

double host_nernst(nrn_context* context, double ci, double co, double z) { return nernst(ci, co, z, context->celsius); }
double host_ghk(nrn_context* context, double v, double ci, double co, double z) { return ghk(v, ci, co, z, context->celsius); }

double function_table(nrn_context* context, nrn_mech_view* view, std::int32_t table, const double* arg, std::int32_t n_arg) {
    Simulation& s = simulation_of(context);
    double result = 0;
    if (!function_tables(s).look_up(type_of(view), table, arg, n_arg, result))
        late_fault(context, FunctionTables::missing(type_of(view), table));
    return result;
}

double* global_number(nrn_context* context, const char* name) {
    Symbol* symbol = simulation_of(context).runtime().scope().find(name);
    return symbol && symbol->kind == Symbol::Kind::Number ? symbol->data : nullptr;
}

nrn_status call_function(nrn_context* context, const char* name, const double* arg, std::int32_t n_arg, double* result) {
    if (worker_of(context)) return fail(context, nullptr, -1, "calls an interpreter, which one thread alone may do: use pc.nthread(1)");
    Simulation& s = simulation_of(context);
    return guarded(s, [&] {
        Symbol* symbol = s.runtime().scope().find(name);
        if (!symbol || symbol->kind != Symbol::Kind::Function) throw Error(ErrorKind::Name, std::string("there is no function `") + name + "`");
        const std::vector<Value> values(arg, arg + n_arg);
        CallArgs args(s.runtime(), name, values);
        const CallablePtr callable = symbol->callable;
        const Value value = callable->call(args);
        if (result) *result = value.is_number() ? value.number() : 0;
        return 0;
    }) ? NRN_OK : NRN_FAILED;
}

nrn_status execute(nrn_context* context, const char* statement) {
    if (worker_of(context)) return fail(context, nullptr, -1, "calls an interpreter, which one thread alone may do: use pc.nthread(1)");
    Simulation& s = simulation_of(context);
    return guarded(s, [&] {
        s.runtime().interpreter("hoc").execute(statement);
        return 0;
    }) ? NRN_OK : NRN_FAILED;
}

void* lookup(nrn_context* context, const char* name) {
    if (std::string_view(name) == NRN_INSTANCE_SERVICES) return const_cast<nrn_instance_services*>(&instance_services());
    if (std::string_view(name) == NRN_SECTION_SERVICES) return const_cast<nrn_section_services*>(&section_services());
    return simulation_of(context).runtime().scope().find(name);
}

void* instance_object(nrn_context*, nrn_mech_view* view, std::int32_t row) {
    return static_cast<PointProcess*>(type_of(view).store().owner_of_row(static_cast<std::size_t>(row)));
}

const char* instance_name(nrn_context* context, nrn_mech_view* view, std::int32_t row) {
    auto& text = worker_of(context) ? worker_of(context)->name_buffer : simulation_of(context).name_buffer;
    auto* p = static_cast<PointProcess*>(type_of(view).store().owner_of_row(static_cast<std::size_t>(row)));
    text = p ? p->name() : view->mechanism->name;
    return text.c_str();
}

const char* section_name(nrn_context* context, nrn_mech_view* view, std::int32_t row) {
    Simulation& s = simulation_of(context);
    const std::int32_t node = view->node && s.layout().is_of(s.model()) ? view->node[row] : -1;
    auto& text = worker_of(context) ? worker_of(context)->name_buffer : s.name_buffer;
    text = node >= 0 ? s.layout().place(node).section->name() : "";
    return text.c_str();
}

double* external_global(nrn_context* context, const char* mechanism, const char* name) {
    Model& m = simulation_of(context).model();
    if (MechanismType* type = m.mechanism(mechanism)) {
        const auto& d = type->description();
        for (int i = 0; i < d.n_global; ++i)
            if (std::string_view(d.global[i].name) == name) return type->globals().data() + d.global[i].column;
    }
    return global_number(context, name);
}

double elapsed_seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::int32_t rank(nrn_context* context) { return simulation_of(context).runtime().communicator().rank(); }
std::int32_t rank_count(nrn_context* context) { return simulation_of(context).runtime().communicator().size(); }

}  // namespace

const nrn_host& host_functions() {
    static const nrn_host table = [] {
        nrn_host h{};
        h.struct_size = sizeof(nrn_host);
        h.abi_major = NRN_ABI_MAJOR;
        h.abi_minor = NRN_ABI_MINOR;
        h.fail = fail;
        h.print = print;
        h.net_send = net_send;
        h.net_move = net_move;
        h.net_event = net_event;
        h.watch = watch;
        h.for_netcons = for_netcons;
        h.state_discontinuity = state_discontinuity;
        h.at_time = at_time;
        h.nernst = host_nernst;
        h.ghk = host_ghk;
        h.function_table = function_table;
        h.global_number = global_number;
        h.call_function = call_function;
        h.execute = execute;
        h.lookup = lookup;
        h.instance_object = instance_object;
        h.instance_name = instance_name;
        h.section_name = section_name;
        h.external_global = external_global;
        h.elapsed_seconds = elapsed_seconds;
        h.rank = rank;
        h.rank_count = rank_count;
        add_random_functions(h);
        add_argument_functions(h);
        return h;
    }();
    return table;
}

}  // namespace nrn
