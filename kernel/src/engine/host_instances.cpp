// SPDX-License-Identifier: BSD-3-Clause
// Other instances, and named variables, as the text of VERBATIM blocks reaches them.
#include <fmt/format.h>

#include "engine/host_instances.hpp"
#include "engine/host_functions.hpp"
#include "events/network.hpp"
#include "model/mechanism_store.hpp"
#include "model/mechanism_type.hpp"
#include "model/point_process.hpp"
#include "nrn/api/class.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"

namespace nrn {
namespace {

PointProcess* instance_of(void* object) { return dynamic_cast<PointProcess*>(static_cast<Object*>(object)); }

PointProcess& required_instance(void* object) {
    PointProcess* p = instance_of(object);
    if (!p || !p->type().store().alive(p->row_id())) throw Error(ErrorKind::Reference, "this is no point process or artificial cell, or it does not exist any more");
    return *p;
}

std::int32_t object_row(nrn_context*, void* object, nrn_mech_view** view) {
    PointProcess* p = instance_of(object);
    if (!p || !p->type().store().alive(p->row_id())) return -1;
    *view = &p->type().store().view();
    return static_cast<std::int32_t>(p->type().store().row(p->row_id()));
}

nrn_status object_receive(nrn_context* c, void* object, double* weight, double flag) {
    if (worker_of(c)) {
        late_fault(c, "calls NET_RECEIVE of another instance, which one thread alone may do: use pc.nthread(1)");
        return NRN_FAILED;
    }
    Simulation& s = simulation_of(c);
    return guarded(s, [&] {
        PointProcess& p = required_instance(object);
        s.network().hooks.net_receive(p.type(), p.row_id(), weight, flag, c->t);
    }) ? NRN_OK : NRN_FAILED;
}

void object_send(nrn_context* c, void* object, double* weight, double t, double flag) {
    Simulation& s = simulation_of(c);
    if (!(t >= c->t)) return s.late_fault(fmt::format("net_send into the past: t is {:g} ms, the event's time {:g} ms", c->t, t));
    guarded(s, [&] {
        PointProcess& p = required_instance(object);
        s.network().net_send(p.type(), p.row_id(), weight, t, flag, static_cast<EventLane*>(c->worker));
    });
}

void object_event(nrn_context* c, void* object, double t) {
    Simulation& s = simulation_of(c);
    guarded(s, [&] { s.network().net_event(required_instance(object), t, static_cast<EventLane*>(c->worker)); });
}

void object_move(nrn_context* c, void* object, double t) {
    Simulation& s = simulation_of(c);
    guarded(s, [&] {
        PointProcess& p = required_instance(object);
        if (t < c->t) throw Error(ErrorKind::Range, "net_move into the past");
        if (!s.network().net_move(p.type(), p.row_id(), t, static_cast<EventLane*>(c->worker))) throw Error(ErrorKind::Runtime, "No event with flag=1 for net_move");
    });
}

double events_waiting(nrn_context* c) { return static_cast<double>(simulation_of(c).network().pending().size()); }

/// `text` points into the variable's own cell: it is good until the variable is assigned.
void describe(const Value& v, nrn_named_variable& out) {
    if (v.is_string()) out.text = v.string_cell().text.c_str();
    else if (v.is_object()) out.object = v.object();
}

nrn_status variable(nrn_context* c, void* object, const char* name, nrn_named_variable* out) {
    Simulation& s = simulation_of(c);
    *out = {nullptr, nullptr, nullptr};
    return guarded(s, [&] {
        if (!object) {
            Symbol* symbol = s.runtime().scope().find(name);
            if (!symbol) throw Error(ErrorKind::Name, fmt::format("there is no variable `{}`", name));
            if (symbol->kind == Symbol::Kind::Number) out->number = symbol->data;
            else if (symbol->kind == Symbol::Kind::String) out->text = symbol->string->text.c_str();
            else if (symbol->kind == Symbol::Kind::ObjectVar) out->object = symbol->objects.at(0).get();
            return;
        }
        Object& o = *static_cast<Object*>(object);
        const std::string member_name = *name ? name : "s";
        const Member* member = o.cls().member(member_name);
        // String, and templates that models wrote for the same purpose.
        if (!*name && (!member || member->kind() != Member::Kind::String)) throw Error(ErrorKind::Type, fmt::format("VERBATIM text takes {} for a String", o.name()));
        if (!member) throw Error(ErrorKind::Name, fmt::format("{} has no variable `{}`", o.name(), member_name));
        out->number = member->kind() == Member::Kind::Number ? member->data(o, {}) : nullptr;
        if (!out->number && member->kind() != Member::Kind::Method) describe(member->get(o, {}), *out);
    }) ? NRN_OK : NRN_FAILED;
}

}  // namespace

const nrn_instance_services& instance_services() {
    static constexpr nrn_instance_services table{object_row, object_receive, object_send, object_event, object_move, events_waiting, variable};
    return table;
}

}  // namespace nrn
