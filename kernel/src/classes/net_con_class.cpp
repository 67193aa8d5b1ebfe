// SPDX-License-Identifier: BSD-3-Clause
// Class NetCon: the connections of a network.
#include <cmath>

#include <fmt/format.h>

#include "classes/register_classes.hpp"
#include "engine/simulation.hpp"
#include "events/network.hpp"
#include "model/model.hpp"
#include "model/section_cell.hpp"
#include "nrn/api/class_registry.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "object/list.hpp"
#include "object/vector.hpp"

namespace nrn {
namespace {

NetCon& self(Object& o) { return static_cast<NetCon&>(o); }
Network& network(CallArgs& a) { return a.runtime().simulation().network(); }
Value object_value(Object* o) { return o ? Value(o) : Value(); }

/// A reference to a variable of a section, a cell that sends events, or nothing.
SpikeSourcePtr source_argument(CallArgs& a, std::size_t i) {
    if (a.is_ref(i)) {
        const RefPtr variable(&a.ref(i));
        if (variable->get().is_object() || variable->get().is_none()) {  // &objref: the object it holds
            auto* held = dynamic_cast<PointProcess*>(a.object_or_null(i));
            return held ? network(a).source_of_cell(*held) : nullptr;
        }
        Section* section = nullptr;
        double x = 0;
        const RangeVariable* what = nullptr;
        if (!range_ref_place(*variable, section, x, what)) section = a.section_or_null();
        return network(a).source_of_variable(variable, section, x);
    }
    Object* object = a.object(i);
    if (!object) return nullptr;
    if (auto* cell = dynamic_cast<PointProcess*>(object)) return network(a).source_of_cell(*cell);
    throw Error(ErrorKind::Type, fmt::format("NetCon: the source must be a reference to a variable, an artificial cell or None, not a {}", a.at(i).type_name()));
}

PointProcess* target_argument(CallArgs& a, std::size_t i) {
    Object* object = a.object(i);
    if (!object) return nullptr;
    if (auto* p = dynamic_cast<PointProcess*>(object)) return p;
    throw Error(ErrorKind::Type, fmt::format("NetCon: the target must be a point process, an artificial cell or None, not a {}", a.at(i).type_name()));
}

void require_delay(double delay) {
    if (!(delay >= 0)) throw Error(ErrorKind::Range, fmt::format("delay must be >= 0 ms, not {:g}", delay));
}

ObjectPtr construct(NativeClass& cls, CallArgs& a) {
    a.expect_count(2, 5);
    auto connection = make_counted<NetCon>(cls, network(a));
    connection->set_target(target_argument(a, 1));
    if (!connection->target()) connection->row().resize_weights(1);  // settable, for a target to come
    connection->set_source(source_argument(a, 0));
    if (a.has(2) && connection->source) connection->source->threshold = a.number(2);
    if (a.has(3)) {
        require_delay(a.number(3));
        connection->row().delay = a.number(3);
    }
    if (a.has(4) && connection->row().weight_count > 0) connection->row().weights()[0] = a.number(4);
    return connection;
}

// ---- properties ----------------------------------------------------------------------------------

Value get_delay(Object& o, Indices) { return self(o).row().delay; }
void set_delay(Object& o, Indices, const Value& v) {
    require_delay(v.number());
    self(o).row().delay = v.number();
    self(o).network().delays_change();
}
double* delay_data(Object& o, Indices) {
    self(o).network().delays_change();
    return &self(o).row().delay;
}

Value get_threshold(Object& o, Indices) { return self(o).source ? self(o).source->threshold : 10.0; }
void set_threshold(Object& o, Indices, const Value& v) {
    if (self(o).source) self(o).source->threshold = v.number();
}
double* threshold_data(Object& o, Indices) { return self(o).source ? &self(o).source->threshold : nullptr; }

double* weight_data(Object& o, Indices indices) {
    const auto weight = self(o).row().weight_span();
    const long i = indices.empty() ? 0 : indices[0];
    if (i < 0 || i >= static_cast<long>(weight.size())) {
        if (weight.empty()) throw Error(ErrorKind::Index, fmt::format("{} has no weight because it has no target", o.name()));
        throw Error(ErrorKind::Index, fmt::format("index {} of weight is out of range 0 to {}", i, weight.size() - 1));
    }
    return &weight[static_cast<std::size_t>(i)];
}
Value get_weight(Object& o, Indices indices) { return *weight_data(o, indices); }
void set_weight(Object& o, Indices indices, const Value& v) { *weight_data(o, indices) = v.number(); }
std::vector<long> weight_dims(const Object& o) { return {static_cast<long>(static_cast<const NetCon&>(o).row().weight_count)}; }

Value get_x(Object& o, Indices) {
    const SpikeSourcePtr& s = self(o).source;
    return s && s->variable ? s->variable->get() : Value(0.0);
}

const Property properties[] = {
    {"delay", get_delay, set_delay, delay_data, nullptr, Member::Kind::Number, "from the source's spike to its arrival", "ms"},
    {"threshold", get_threshold, set_threshold, threshold_data, nullptr, Member::Kind::Number, "of the source, shared by all its NetCons", "mV"},
    {"weight", get_weight, set_weight, weight_data, weight_dims, Member::Kind::Number, "arguments of the target's NET_RECEIVE"},
    {"x", get_x, nullptr, nullptr, nullptr, Member::Kind::Number, "present value of the source variable"},
};

// ---- methods -------------------------------------------------------------------------------------

bool source_valid(const NetCon& c) { return c.source && (c.source->cell || c.source->gid >= 0 || (c.source->variable && c.source->variable->valid())); }

/// Without a source it can still deliver what event() is given.
Value valid(Object& o, CallArgs&) { return (!self(o).source || source_valid(self(o))) && self(o).target() != nullptr; }

Value active(Object& o, CallArgs& a) {
    if (!self(o).target()) return false;  // as in the reference: nothing can be delivered
    const bool before = self(o).row().active;
    if (a.has(0)) self(o).row().active = a.number(0) != 0;
    return before;
}

Value event(Object& o, CallArgs& a) {
    NetCon& c = self(o);
    const double t = a.number(0);
    if (!c.target() || !c.row().active) return 0.0;
    if (!(t >= a.runtime().simulation().t - 1e-9))  // a NaN too
        throw Error(ErrorKind::Range, fmt::format("event time {:g} ms is before the present time t = {:g} ms", t, a.runtime().simulation().t));
    if (a.has(1)) network(a).net_send(c.target()->type(), c.target()->row_id(), c.row().weights(), t, a.number(1));
    else network(a).send(c, t);
    return 1.0;
}

Value syn(Object& o, CallArgs&) { return object_value(self(o).target()); }
Value pre(Object& o, CallArgs&) { return object_value(self(o).source ? self(o).source->cell : nullptr); }

Section* source_section(const NetCon& c) {
    if (!c.source) return nullptr;
    Section* s = c.source->cell ? c.source->cell->section() : c.source->section.get();
    return s && s->alive() ? s : nullptr;
}
Section* target_section(const NetCon& c) { return c.target() ? c.target()->section() : nullptr; }

ObjectPtr source_cell(CallArgs& a, const NetCon& c) {
    Section* s = source_section(c);
    return s ? cell_of(a.runtime(), *s) : nullptr;
}
ObjectPtr target_cell(CallArgs& a, const NetCon& c) {
    Section* s = target_section(c);
    return s ? cell_of(a.runtime(), *s) : nullptr;
}

Value precell(Object& o, CallArgs& a) { return object_value(source_cell(a, self(o)).get()); }
Value postcell(Object& o, CallArgs& a) { return object_value(target_cell(a, self(o)).get()); }

Value segment(CallArgs& a, Section* s, double x) {
    if (!s) return {};
    return ObjectPtr(new Segment(a.runtime().model().segment_class(), SectionPtr(s), x));
}
double source_x(const NetCon& c) { return c.source->cell ? c.source->cell->x() : c.source->x; }
Value preseg(Object& o, CallArgs& a) {
    Section* s = source_section(self(o));
    return segment(a, s, s ? source_x(self(o)) : 0);
}
Value postseg(Object& o, CallArgs& a) {
    Section* s = target_section(self(o));
    return segment(a, s, s ? self(o).target()->x() : 0);
}
/// Returns x and leaves the section pushed: the caller pops it.
Value location(CallArgs& a, Section* s, double x) {
    if (!s) return -1.0;
    a.runtime().model().stack().push(SectionPtr(s));
    return x;
}
Value preloc(Object& o, CallArgs& a) {
    Section* s = source_section(self(o));
    return location(a, s, s ? source_x(self(o)) : 0);
}
Value postloc(Object& o, CallArgs& a) {
    Section* s = target_section(self(o));
    return location(a, s, s ? self(o).target()->x() : 0);
}

Value setpost(Object& o, CallArgs& a) {
    self(o).set_target(a.has(0) ? target_argument(a, 0) : nullptr);
    return 0.0;
}

Value wcnt(Object& o, CallArgs&) { return static_cast<int>(self(o).row().weight_count); }
Value srcgid(Object& o, CallArgs&) { return static_cast<double>(self(o).source ? self(o).source->gid : -1); }

/// The given List, emptied, or a new one, with what `take` accepts of all NetCons.
template <class Accept>
Value list_of(CallArgs& a, Accept accept) {
    auto* given = a.object_if<List>(0);
    ObjectPtr keep(given);
    if (!given) {
        CallArgs none(a.runtime(), "List");
        keep = a.runtime().classes().get("List").construct(none);
        given = static_cast<List*>(keep.get());
    }
    given->items.clear();
    for (NetCon* c : network(a).net_cons())
        if (accept(*c)) given->items.emplace_back(c);
    return keep;
}

Value prelist(Object& o, CallArgs& a) {
    return list_of(a, [&](const NetCon& c) { return c.source && c.source == self(o).source; });
}
Value synlist(Object& o, CallArgs& a) {
    return list_of(a, [&](const NetCon& c) { return c.target() && c.target() == self(o).target(); });
}
Value precelllist(Object& o, CallArgs& a) {
    const ObjectPtr cell = source_cell(a, self(o));
    return list_of(a, [&](const NetCon& c) { return cell && source_cell(a, c) == cell; });
}
Value postcelllist(Object& o, CallArgs& a) {
    const ObjectPtr cell = target_cell(a, self(o));
    return list_of(a, [&](const NetCon& c) { return cell && target_cell(a, c) == cell; });
}

Value record(Object& o, CallArgs& a) {
    const SpikeSourcePtr& s = self(o).source;
    if (!s) throw Error(ErrorKind::Runtime, fmt::format("{} has no source to record", o.name()));
    if (a.count() == 0) {
        s->record_times = nullptr;
        s->record_ids = nullptr;
    } else if (auto* times = a.object_if<Vector>(0)) {
        s->record_times = VectorPtr(times);
        s->record_ids = a.has(1) ? VectorPtr(&a.object<Vector>(1, "Vector")) : nullptr;
        s->record_id = a.number_or(2, o.index());
    } else {
        s->record_call = a.callable(0, a.object_or_null(1));
        network(a).calls_at_spikes();
    }
    return 0.0;
}

Value get_recordvec(Object& o, CallArgs&) {
    const SpikeSourcePtr& s = self(o).source;
    return s ? object_value(s->record_times.get()) : Value();
}

constexpr Method methods[] = {
    {"valid", valid, Returns::Bool, "valid() -> are source and target both there?"},
    {"active", active, Returns::Bool, "active([flag]) -> previous flag; an inactive NetCon delivers nothing"},
    {"event", event, Returns::Number, "event(t [ms][, flag]): delivers at t, whatever the delay"},
    {"syn", syn, Returns::Object, "syn() -> target"},
    {"pre", pre, Returns::Object, "pre() -> source when an artificial cell"},
    {"precell", precell, Returns::Object, "precell() -> cell object that holds the source"},
    {"postcell", postcell, Returns::Object, "postcell() -> cell object that holds the target"},
    {"preseg", preseg, Returns::Object, "preseg() -> Segment of the source"},
    {"postseg", postseg, Returns::Object, "postseg() -> Segment of the target"},
    {"preloc", preloc, Returns::Number, "preloc() -> x of the source; its section is pushed (pop_section() afterwards)"},
    {"postloc", postloc, Returns::Number, "postloc() -> x of the target; its section is pushed (pop_section() afterwards)"},
    {"setpost", setpost, Returns::Number, "setpost(target)"},
    {"wcnt", wcnt, Returns::Number, "wcnt() -> number of weights"},
    {"srcgid", srcgid, Returns::Int, "srcgid() -> gid of the source, or -1"},
    {"prelist", prelist, Returns::Object, "prelist([List]) -> List of NetCons with this source"},
    {"synlist", synlist, Returns::Object, "synlist([List]) -> List of NetCons onto this target"},
    {"precelllist", precelllist, Returns::Object, "precelllist([List]) -> List of NetCons from this cell"},
    {"postcelllist", postcelllist, Returns::Object, "postcelllist([List]) -> List of NetCons onto this cell"},
    {"record", record, Returns::Number, "record(times[, ids[, id]]) or record(\"statement\" or callable): at each spike of the source"},
    {"get_recordvec", get_recordvec, Returns::Object, "get_recordvec() -> Vector of spike times"},
};

}  // namespace

void register_net_con(Runtime& runtime) {
    publish_class(runtime, std::make_unique<NativeClass>(
                               "NetCon", construct, methods, properties,
                               "NetCon(source, target[, threshold [mV], delay [ms], weight]): events from source to target\n"
                               "Python: nc = h.NetCon(soma(0.5)._ref_v, syn, sec=soma)\nHoc: soma nc = new NetCon(&v(0.5), syn)"));
}

}  // namespace nrn
