// SPDX-License-Identifier: BSD-3-Clause
// Methods of class CVode that list connections and pending events.
#include <algorithm>
#include <regex>

#include <fmt/format.h>

#include "classes/cvode_class.hpp"
#include "engine/simulation.hpp"
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
                pattern_ = std::regex(escaped(text_));
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

Value spike_stat(Object&, CallArgs& a) {
    auto& v = a.object<Vector>(0, "Vector");
    v.resize(11);
    std::fill(v.values.begin(), v.values.end(), 0.0);
    v.values[1] = static_cast<double>(network(a).net_cons().size());
    return 0.0;
}

Value queue_mode(Object&, CallArgs& a) {
    auto& rounding = a.runtime().service<EventRounding>();
    if (a.has(0)) {
        const long mode = a.integer(0);
        if (mode != 0 && mode != 1) throw Error(ErrorKind::Range, fmt::format("CVode.queue_mode: the mode must be 0 or 1, not {}", mode));
        rounding.step = mode == 1 ? &a.runtime().simulation().dt : nullptr;
    }
    return rounding.step ? 1.0 : 0.0;
}

constexpr Method methods[] = {
    {"netconlist", netconlist, Returns::Object,
     "netconlist(precell, postcell, target[, List]) -> List of NetCons; each argument an object, a name or pattern, or \"\" for any"},
    {"print_event_queue", print_event_queue, Returns::Number, "print_event_queue([Vector]): prints the pending events, or their times into the Vector"},
    {"event_queue_info", print_event_queue, Returns::Number, "event_queue_info(): prints the pending events"},
    {"spike_stat", spike_stat, Returns::Number, "spike_stat(Vector): counts of the event system"},
    {"queue_mode", queue_mode, Returns::Int, "queue_mode([mode]) -> 0: events keep their exact times, 1: rounded to multiples of dt"},
};

}  // namespace

void add_cvode_event_methods(NativeClass& cls) { cls.add_methods(methods); }

}  // namespace nrn
