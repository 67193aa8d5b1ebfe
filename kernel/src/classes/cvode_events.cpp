// SPDX-License-Identifier: BSD-3-Clause
// Methods of class CVode that list connections and pending events.
#include <algorithm>
#include <regex>

#include <fmt/format.h>

#include "classes/cvode_class.hpp"
#include "classes/regular_expression.hpp"
#include "engine/simulation.hpp"
#include "engine/variable_step.hpp"
#include "events/event_rounding.hpp"
#include "model/section_cell.hpp"
#include "nrn/api/class.hpp"
#include "nrn/api/class_registry.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "object/list.hpp"

namespace nrn {
namespace {

Network& network(CallArgs& a) { return a.runtime().simulation().network(); }

/// An argument of netconlist: anything, one object, or a pattern that names match from their beginning.
class Wanted {
  public:
    Wanted(CallArgs& a, std::size_t i) {
        if (!a.has(i) || a.is_none(i)) return;
        if (a.is_string(i)) {
            if (a.string(i).empty()) return;
            text_ = a.string(i);
            try {
                pattern_ = regular_expression(escaped(text_));
            } catch (const std::regex_error&) {
                throw Error(ErrorKind::Value, fmt::format("CVode.netconlist: `{}` is no regular expression", text_));
            }
            return;
        }
        object_ = a.object(i);
    }
    [[nodiscard]] bool any() const { return !object_ && text_.empty(); }
    [[nodiscard]] bool accepts(const Object* o) const {
        if (any()) return true;
        if (!o) return false;
        if (object_) return o == object_;
        const std::string name = o->name();
        return name == text_ || std::regex_match(name, pattern_) || std::regex_match(o->cls().name(), pattern_);
    }

  private:
    /// `Cell[2]` means the object, as the reference's patterns do: brackets stand for themselves.
    static std::string escaped(const std::string& text) {
        std::string out;
        for (const char c : text) {
            // `<` and `>` enclose ranges of characters instead.
            if (c == '[' || c == ']' || c == '{' || c == '}') out += '\\';
            out += c == '<' ? '[' : c == '>' ? ']' : c;
        }
        return out;
    }
    const Object* object_ = nullptr;
    std::string text_;
    std::regex pattern_;
};

ObjectPtr owner_of(CallArgs& a, Section* s) { return s && s->alive() ? cell_of(a.runtime(), *s) : nullptr; }

/// netconlist(precell, postcell, target[, list])
Value netconlist(Object&, CallArgs& a) {
    const Wanted pre(a, 0), post(a, 1), target(a, 2);
    ObjectPtr keep;
    List* list = a.object_if<List>(3);
    if (list) {
        keep = ObjectPtr(list);
    } else {
        CallArgs none(a.runtime(), "List");
        keep = a.runtime().classes().get("List").construct(none);
        list = static_cast<List*>(keep.get());
    }
    for (NetCon* c : network(a).net_cons()) {
        if (!pre.any()) {
            if (!c->source) continue;
            Section* section = c->source->cell ? c->source->cell->section() : c->source->section.get();
            if (!pre.accepts(c->source->cell) && !pre.accepts(owner_of(a, section).get())) continue;
        }
        if (!post.any() && !(c->target() && (post.accepts(owner_of(a, c->target()->section()).get()) || (c->target()->type().is_artificial() && post.accepts(c->target()))))) continue;
        if (!target.any() && !target.accepts(c->target())) continue;
        list->items.emplace_back(c);
    }
    return keep;
}

const char* kind_name(Event::Kind kind) {
    switch (kind) {
    case Event::Kind::NetCon: return "NetCon";
    case Event::Kind::Self: return "SelfEvent";
    case Event::Kind::Callback: return "HocEvent";
    case Event::Kind::Play: return "PlayRecordEvent";
    case Event::Kind::RecordTick: return "PlayRecordEvent";
    case Event::Kind::Source: return "PreSyn";
    case Event::Kind::Condition: return "STETransition";
    }
    return "";
}

/// print_event_queue() prints; print_event_queue(Vector) gives the times.
Value print_event_queue(Object&, CallArgs& a) {
    const auto events = network(a).pending();
    if (auto* v = a.object_if<Vector>(0)) {
        v->resize(events.size());
        for (std::size_t i = 0; i < events.size(); ++i) v->values[i] = events[i].time;
        return 0.0;
    }
    for (const Event& e : events) a.runtime().print(fmt::format("{:g} {}\n", e.time, kind_name(e.kind)));
    return 0.0;
}

/// event_queue_info(2, times, List of NetCons), event_queue_info(3, times, flags, List of targets of self events)
Value event_queue_info(Object& self, CallArgs& a) {
    if (a.count() == 0) return print_event_queue(self, a);
    const long what = a.integer(0);
    if (what != 2 && what != 3) throw Error(ErrorKind::Range, fmt::format("CVode.event_queue_info: the kind must be 2 (NetCon) or 3 (self events), not {}", what));
    auto& times = a.object<Vector>(1, "Vector");
    Vector* flags = what == 3 ? &a.object<Vector>(2, "Vector") : nullptr;
    auto& list = a.object<List>(what == 3 ? 3 : 2, "List");
    times.resize(0);
    if (flags) flags->resize(0);
    for (const auto& event : network(a).in_flight()) {
        if (event.self != (what == 3)) continue;
        times.resize(times.values.size() + 1, event.time);
        if (flags) flags->resize(flags->values.size() + 1, event.flag);
        if (what == 3) list.items.emplace_back(event.target);
        else list.items.emplace_back(event.connection);
    }
    return 0.0;
}

/// What the reference counts: states, NetCons, events put into the queue and taken out of it; the rest is 0 there too.
Value spike_stat(Object&, CallArgs& a) {
    auto& v = a.object<Vector>(0, "Vector");
    v.resize(11);
    std::fill(v.values.begin(), v.values.end(), 0.0);
    auto& method = a.runtime().service<VariableStepMethod>();
    if (method.active()) v.values[0] = static_cast<double>(method.state_count());
    v.values[1] = static_cast<double>(network(a).net_cons().size());
    v.values[8] = static_cast<double>(network(a).inserted_count());
    v.values[10] = v.values[8] - static_cast<double>(network(a).pending().size());
    return 0.0;
}

Value store_events(Object&, CallArgs& a) {
    network(a).log_events(a.has(0) && !a.is_none(0) ? VectorPtr(&a.object<Vector>(0, "Vector")) : VectorPtr());
    return 0.0;
}

Value queue_mode(Object&, CallArgs& a) {
    auto& rounding = a.runtime().service<EventRounding>();
    if (a.has(0)) {
        const long mode = a.integer(0);
        if (mode != 0 && mode != 1) throw Error(ErrorKind::Range, fmt::format("CVode.queue_mode: the mode must be 0 or 1, not {}", mode));
        rounding.step = mode == 1 ? &a.runtime().simulation().dt : nullptr;
    }
    if (a.has(1)) rounding.self_apart = a.number(1) != 0;
    return (rounding.step ? 1.0 : 0.0) + (rounding.self_apart ? 2.0 : 0.0);
}

constexpr Method methods[] = {
    {"netconlist", netconlist, Returns::Object,
     "netconlist(precell, postcell, target[, List]) -> List of NetCons; each argument an object, a name or pattern, or \"\" for any"},
    {"print_event_queue", print_event_queue, Returns::Number, "print_event_queue([Vector]): prints the pending events, or their times into the Vector"},
    {"event_queue_info", event_queue_info, Returns::Number,
     "event_queue_info(2, times, List): pending events of NetCons\nevent_queue_info(3, times, flags, List): pending self events and their point processes"},
    {"spike_stat", spike_stat, Returns::Number, "spike_stat(Vector): 11 counts: states (0), NetCons (1), events put into the queue (8) and taken out (10)"},
    {"store_events", store_events, Returns::Number, "store_events(Vector): appends, for each event, when it is sent and when it is due\nstore_events(): no longer"},
    {"queue_mode", queue_mode, Returns::Int, "queue_mode([mode[, self]]) -> mode + 2 self\nmode 0: events keep their exact times, 1: rounded to multiples of dt. The second flag is kept: the order of self events does not depend on a queue of their own."},
};

}  // namespace

void add_cvode_event_methods(NativeClass& cls) { cls.add_methods(methods); }

}  // namespace nrn
