// SPDX-License-Identifier: BSD-3-Clause
// Class KSChan and its helpers KSState, KSGate and KSTrans: building a channel without a mod file.
#include <algorithm>

#include <fmt/format.h>

#include "classes/channel_scheme.hpp"
#include "classes/register_classes.hpp"
#include "model/mechanism_store.hpp"
#include "model/model.hpp"
#include "nrn/api/class_registry.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"

namespace nrn {
namespace {

class KSChan final : public Object {
  public:
    KSChan(Class& cls, std::shared_ptr<ChannelScheme> s) : Object(cls), scheme(std::move(s)) {}
    std::shared_ptr<ChannelScheme> scheme;
};

/// A helper object: a view of a part that may have been removed since.
template <class Part>
class PartObject final : public Object {
  public:
    PartObject(Class& cls, std::shared_ptr<ChannelScheme> s, const std::shared_ptr<Part>& p) : Object(cls), scheme(std::move(s)), part(p) {}
    std::shared_ptr<ChannelScheme> scheme;
    std::weak_ptr<Part> part;
    [[nodiscard]] Part& get() const {
        if (const auto p = part.lock()) return *p;
        throw Error(ErrorKind::Reference, fmt::format("`{}` refers to a part that was removed from KSChan `{}`", name(), scheme->name));
    }
};
using StateObject = PartObject<ChannelState>;
using GateObject = PartObject<ChannelGate>;
using TransitionObject = PartObject<ChannelTransition>;

ChannelScheme& scheme(Object& o) { return *static_cast<KSChan&>(o).scheme; }
const std::shared_ptr<ChannelScheme>& shared(Object& o) { return static_cast<KSChan&>(o).scheme; }
ChannelState& state(Object& o) { return static_cast<StateObject&>(o).get(); }
ChannelGate& gate(Object& o) { return static_cast<GateObject&>(o).get(); }
ChannelTransition& transition(Object& o) { return static_cast<TransitionObject&>(o).get(); }

template <class Part>
Value view(Runtime& runtime, const char* class_name, const std::shared_ptr<ChannelScheme>& s, const std::shared_ptr<Part>& p) {
    Class& cls = runtime.classes().get(class_name);
    for (Object* known : cls.instances())  // one part, one object, as long as somebody holds it
        if (static_cast<PartObject<Part>*>(known)->part.lock() == p) return known;
    return ObjectPtr(make_counted<PartObject<Part>>(cls, s, p));
}

Value view_state(Runtime& r, const std::shared_ptr<ChannelScheme>& s, const ChannelState* wanted) {
    for (const auto& g : s->gates)
        for (const auto& p : g->states)
            if (p.get() == wanted) return view(r, "KSState", s, p);
    return {};
}
Value view_gate(Runtime& r, const std::shared_ptr<ChannelScheme>& s, const ChannelGate* wanted) {
    for (const auto& p : s->gates)
        if (p.get() == wanted) return view(r, "KSGate", s, p);
    return {};
}
Value view_transition(Runtime& r, const std::shared_ptr<ChannelScheme>& s, const ChannelTransition* wanted) {
    for (const auto& g : s->gates)
        for (const auto& p : g->transitions)
            if (p.get() == wanted) return view(r, "KSTrans", s, p);
    return {};
}

template <class T>
T* at(const std::vector<T*>& all, CallArgs& a, std::size_t i, const char* what) {
    const long k = a.integer(i);
    if (k < 0 || k >= static_cast<long>(all.size()))
        throw Error(ErrorKind::Index, all.empty() ? fmt::format("KSChan.{}: there is no {} yet", a.function(), what)
                                                  : fmt::format("KSChan.{}: {} {} is out of range 0 to {}", a.function(), what, k, all.size() - 1));
    return all[static_cast<std::size_t>(k)];
}
template <class T>
double position(const std::vector<T*>& all, const T* wanted) {
    return static_cast<double>(std::find(all.begin(), all.end(), wanted) - all.begin());
}

ChannelState& state_argument(Object& o, CallArgs& a, std::size_t i) {
    if (auto* s = a.object_if<StateObject>(i)) {
        if (s->scheme != shared(o)) throw Error(ErrorKind::Value, fmt::format("KSChan.{}: `{}` belongs to KSChan `{}`", a.function(), s->name(), s->scheme->name));
        return s->get();
    }
    return *at(scheme(o).states(), a, i, "state");
}

/// A name that may become a mechanism's or a state's.
std::string name_argument(CallArgs& a, std::size_t i) {
    const std::string& name = a.string(i);
    const auto good = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; };
    if (name.empty() || std::isdigit(static_cast<unsigned char>(name[0])) || !std::all_of(name.begin(), name.end(), good))
        throw Error(ErrorKind::Value, fmt::format("{}: `{}` is no name (letters, digits and _)", a.function(), name));
    return name;
}

void require_new_state(const ChannelScheme& s, const std::string& name) {
    for (const ChannelState* known : s.states())
        if (known->name == name) throw Error(ErrorKind::Name, fmt::format("KSChan `{}` already has a state `{}`", s.name, name));
    for (const char* taken : {"gmax", "pmax", "g", "e", "i", "Nsingle"})
        if (name == taken) throw Error(ErrorKind::Name, fmt::format("a state of KSChan `{}` cannot be called `{}`, which is a variable of every channel", s.name, name));
}

ChannelRate constant_rate() { return {}; }

// ---- KSChan: structure ----------------------------------------------------------------------------

Value add_hhstate(Object& o, CallArgs& a) {
    ChannelScheme& s = scheme(o);
    const std::string name = name_argument(a, 0);
    s.require_no_instances("add_hhstate");
    require_new_state(s, name);
    auto g = std::make_shared<ChannelGate>();
    auto made = std::make_shared<ChannelState>();
    made->name = name;
    made->gate = g.get();
    auto t = std::make_shared<ChannelTransition>();
    t->source = t->target = made.get();
    t->gate = g.get();
    t->f[0] = t->f[1] = constant_rate();
    g->states.push_back(made);
    g->transitions.push_back(t);
    const auto first_kinetic = std::find_if(s.gates.begin(), s.gates.end(), [](const auto& x) { return x->kinetic; });
    s.gates.insert(first_kinetic, g);
    s.rebuild(shared(o));
    return view(a.runtime(), "KSState", shared(o), made);
}

/// add_ksstate(gate or NULL, name), also add_ksstate(name).
Value add_ksstate(Object& o, CallArgs& a) {
    ChannelScheme& s = scheme(o);
    const std::size_t name_at = a.is_string(0) ? 0 : 1;
    const std::string name = name_argument(a, name_at);
    s.require_no_instances("add_ksstate");
    require_new_state(s, name);
    std::shared_ptr<ChannelGate> g;
    if (auto* given = name_at == 1 ? a.object_if<GateObject>(0) : nullptr) {
        if (given->scheme != shared(o)) throw Error(ErrorKind::Value, fmt::format("KSChan.add_ksstate: `{}` belongs to KSChan `{}`", given->name(), given->scheme->name));
        if (!given->get().kinetic) throw Error(ErrorKind::Value, fmt::format("KSChan.add_ksstate: `{}` is a Hodgkin-Huxley gate, which has one state", given->name()));
        g = given->part.lock();
    } else {
        g = std::make_shared<ChannelGate>();
        g->kinetic = true;
        s.gates.push_back(g);
    }
    auto made = std::make_shared<ChannelState>();
    made->name = name;
    made->gate = g.get();
    made->fraction = 0;  // what conducts is said by frac()
    g->states.push_back(made);
    s.rebuild(shared(o));
    return view(a.runtime(), "KSState", shared(o), made);
}

/// Two kinetic gates that a transition joins become one.
void merge(ChannelScheme& s, ChannelGate& into, ChannelGate& from) {
    for (auto& p : from.states) {
        p->gate = &into;
        into.states.push_back(p);
    }
    for (auto& p : from.transitions) {
        p->gate = &into;
        into.transitions.push_back(p);
    }
    std::erase_if(s.gates, [&](const auto& g) { return g.get() == &from; });
}

Value add_transition(Object& o, CallArgs& a) {
    ChannelScheme& s = scheme(o);
    ChannelState &source = state_argument(o, a, 0), &target = state_argument(o, a, 1);
    s.require_no_instances("add_transition");
    if (&source == &target) throw Error(ErrorKind::Value, fmt::format("KSChan.add_transition: `{}` cannot go to itself", source.name));
    if (!source.gate->kinetic || !target.gate->kinetic)
        throw Error(ErrorKind::Value, fmt::format("KSChan.add_transition: `{}` is the state of a Hodgkin-Huxley gate, which has its own transition", source.gate->kinetic ? target.name : source.name));
    for (const ChannelTransition* t : s.transitions())
        if ((t->source == &source && t->target == &target) || (t->source == &target && t->target == &source))
            throw Error(ErrorKind::Value, fmt::format("KSChan.add_transition: there is already a transition between `{}` and `{}`", source.name, target.name));
    if (source.gate != target.gate) merge(s, *source.gate, *target.gate);
    auto t = std::make_shared<ChannelTransition>();
    t->source = &source;
    t->target = &target;
    t->gate = source.gate;
    t->f[0] = t->f[1] = constant_rate();
    source.gate->transitions.push_back(t);
    s.rebuild(shared(o));
    return view(a.runtime(), "KSTrans", shared(o), t);
}

Value remove_state(Object& o, CallArgs& a) {
    ChannelScheme& s = scheme(o);
    ChannelState& gone = state_argument(o, a, 0);
    s.require_no_instances("remove_state");
    ChannelGate& g = *gone.gate;
    std::erase_if(g.transitions, [&](const auto& t) { return t->source == &gone || t->target == &gone; });
    std::erase_if(g.states, [&](const auto& p) { return p.get() == &gone; });
    if (g.states.empty()) std::erase_if(s.gates, [&](const auto& x) { return x.get() == &g; });
    s.rebuild(shared(o));
    return 0.0;
}

Value remove_transition(Object& o, CallArgs& a) {
    ChannelScheme& s = scheme(o);
    auto* given = a.object_if<TransitionObject>(0);
    ChannelTransition& gone = given ? given->get() : *at(s.transitions(), a, 0, "transition");
    s.require_no_instances("remove_transition");
    if (!gone.gate->kinetic) throw Error(ErrorKind::Value, fmt::format("KSChan.remove_transition: a Hodgkin-Huxley gate keeps its transition; remove the state `{}`", gone.source->name));
    ChannelGate& g = *gone.gate;
    std::erase_if(g.transitions, [&](const auto& t) { return t.get() == &gone; });
    s.rebuild(shared(o));
    return 0.0;
}

Value set_structure(Object&, CallArgs&) {
    throw Error(ErrorKind::Unsupported, "KSChan.setstructure is not implemented: the format of its Vector is not documented").hint("build the channel with add_hhstate, add_ksstate and add_transition");
}

Value state_at(Object& o, CallArgs& a) { return view_state(a.runtime(), shared(o), at(scheme(o).states(), a, 0, "state")); }
Value gate_at(Object& o, CallArgs& a) {
    std::vector<ChannelGate*> all;
    for (const auto& g : scheme(o).gates) all.push_back(g.get());
    return view_gate(a.runtime(), shared(o), at(all, a, 0, "gate"));
}
Value trans_at(Object& o, CallArgs& a) {
    if (a.count() < 2) return view_transition(a.runtime(), shared(o), at(scheme(o).transitions(), a, 0, "transition"));
    const ChannelState &source = state_argument(o, a, 0), &target = state_argument(o, a, 1);
    for (const ChannelTransition* t : scheme(o).transitions())
        if (t->source == &source && t->target == &target) return view_transition(a.runtime(), shared(o), t);
    throw Error(ErrorKind::Value, fmt::format("KSChan.trans: there is no transition from `{}` to `{}`", source.name, target.name));
}

Value ngate(Object& o, CallArgs&) { return scheme(o).gates.size(); }
Value nstate(Object& o, CallArgs&) { return scheme(o).states().size(); }
Value ntrans(Object& o, CallArgs&) { return scheme(o).transitions().size(); }
Value nligand(Object& o, CallArgs&) { return scheme(o).ligands().size(); }
Value ligand_at(Object& o, CallArgs& a) {
    const auto all = scheme(o).ligands();
    const long k = a.integer(0);
    if (k < 0 || k >= static_cast<long>(all.size())) throw Error(ErrorKind::Index, fmt::format("KSChan.ligand: {} is out of range; there are {} ligands", k, all.size()));
    return Value(all[static_cast<std::size_t>(k)] + "_ion");
}

// ---- KSChan: properties ---------------------------------------------------------------------------

Value chan_name(Object& o, CallArgs& a) {
    ChannelScheme& s = scheme(o);
    if (a.has(0) && a.string(0) != s.name) {
        const std::string name = name_argument(a, 0);
        s.require_no_instances("name");
        if (a.runtime().scope().find(name)) throw Error(ErrorKind::Name, fmt::format("KSChan.name: `{}` is already in use", name));
        s.name = name;
        s.rebuild(shared(o));
    }
    return Value(s.name);
}

constexpr const char* kNonspecific = "NonSpecific";

Value chan_ion(Object& o, CallArgs& a) {
    ChannelScheme& s = scheme(o);
    if (a.has(0)) {
        std::string ion = a.string(0) == kNonspecific ? std::string() : a.string(0);
        if (!ion.empty()) ion = name_argument(a, 0);
        if (ion != s.ion) {
            s.require_no_instances("ion");
            s.ion = ion;
            s.rebuild(shared(o));
        }
    }
    return Value(s.ion.empty() ? std::string(kNonspecific) : s.ion);
}

Value iv_type(Object& o, CallArgs& a) {
    ChannelScheme& s = scheme(o);
    if (a.has(0)) {
        const int type = static_cast<int>(a.number_in(0, 0, 1));
        if (type != s.iv_type) {
            s.require_no_instances("iv_type");
            s.iv_type = type;
            s.rebuild(shared(o));
        }
    }
    return s.iv_type;
}

Value gmax(Object& o, CallArgs& a) {
    if (a.has(0)) scheme(o).gmax = a.number(0);
    scheme(o).update_defaults();
    return scheme(o).gmax;
}
Value erev(Object& o, CallArgs& a) {
    if (a.has(0)) scheme(o).erev = a.number(0);
    scheme(o).update_defaults();
    return scheme(o).erev;
}

Value is_point(Object& o, CallArgs&) { return scheme(o).point; }

Value single(Object& o, CallArgs& a) {
    ChannelScheme& s = scheme(o);
    if (a.has(0)) {
        const bool on = a.number(0) != 0;
        if (on != s.single) {
            s.require_no_instances("single");
            if (on && !s.point) throw Error(ErrorKind::Value, fmt::format("KSChan.single: `{}` is a density channel; single channels are point processes", s.name)).hint("make it with KSChan(1)");
            if (on && (s.gates.size() != 1 || !s.gates[0]->kinetic || s.gates[0]->power != 1))
                throw Error(ErrorKind::Value, fmt::format("KSChan.single: `{}` must have one kinetic gate of power 1", s.name));
            s.single = on;
            s.rebuild(shared(o));
        }
    }
    return s.single;
}

Value rseed(Object& o, CallArgs& a) {
    if (a.has(0)) scheme(o).reseed(static_cast<std::uint32_t>(a.integer(0)));
    return static_cast<double>(scheme(o).seed);
}
Value vres(Object& o, CallArgs& a) {
    if (a.has(0)) scheme(o).voltage_resolution = a.number(0);
    return scheme(o).voltage_resolution;
}
Value usetable(Object& o, CallArgs& a) {
    if (a.has(0)) scheme(o).wants_table = a.number(0) != 0;
    return scheme(o).wants_table;
}

const char* function_name(int kind) {
    static constexpr const char* names[] = {"", "constant", "exponential", "linoid", "sigmoid", "Borg-Graham inf", "Borg-Graham tau", "table"};
    return kind >= 1 && kind <= 7 ? names[kind] : "";
}

void print_transition(Runtime& r, const ChannelTransition& t) {
    static constexpr const char* kinds[] = {"alpha, beta", "inf, tau", "ligand outside", "ligand inside"};
    std::string line = t.source == t.target ? fmt::format("    {} ({})", t.source->name, kinds[t.kind]) : fmt::format("    {} <-> {} ({})", t.source->name, t.target->name, kinds[t.kind]);
    if (!t.ligand.empty()) line += fmt::format(" ligand {}^{:g}", t.ligand, t.stoichiometry);
    for (const ChannelRate& f : t.f) {
        line += fmt::format("  {}(", function_name(f.kind));
        if (f.parameters)
            for (std::size_t i = 0; i < f.parameters->values.size(); ++i) line += fmt::format("{}{:g}", i ? ", " : "", f.parameters->values[i]);
        line += ")";
    }
    r.print(line + "\n");
}

Value print_scheme(Object& o, CallArgs& a) {
    const ChannelScheme& s = scheme(o);
    Runtime& r = a.runtime();
    r.print(fmt::format("{} {} of {}: {} current, {}max {:g}{}\n", s.point ? "point process" : "density channel", s.name, s.ion.empty() ? kNonspecific : s.ion, s.iv_type ? "GHK" : "ohmic",
                        s.iv_type ? "p" : "g", s.gmax, s.ion.empty() ? fmt::format(", e {:g}", s.erev) : ""));
    for (std::size_t g = 0; g < s.gates.size(); ++g) {
        r.print(fmt::format("  gate {} ({}) power {}\n", g, s.gates[g]->kinetic ? "kinetic scheme" : "Hodgkin-Huxley", s.gates[g]->power));
        for (const auto& p : s.gates[g]->states) r.print(fmt::format("    state {} fraction {:g}\n", p->name, p->fraction));
        for (const auto& t : s.gates[g]->transitions) print_transition(r, *t);
    }
    return 0.0;
}

constexpr Method chan_methods[] = {
    {"add_hhstate", add_hhstate, Returns::Object, "add_hhstate(name) -> KSState\nAdds a gate of the Hodgkin-Huxley kind with its state and transition.\nPython: n = k.add_hhstate('n')     Hoc: n = k.add_hhstate(\"n\")"},
    {"add_ksstate", add_ksstate, Returns::Object, "add_ksstate(gate or none, name) -> KSState\nAdds a state to a kinetic scheme; without a gate a new scheme begins, whose first state conducts.\nPython: o = k.add_ksstate(None, 'o')     Hoc: o = k.add_ksstate(nil, \"o\")"},
    {"add_transition", add_transition, Returns::Object, "add_transition(source, target) -> KSTrans\nStates as objects or numbers. Schemes that it joins become one.\nPython: t = k.add_transition(c, o)     Hoc: t = k.add_transition(0, 1)"},
    {"remove_state", remove_state, Returns::Number, "remove_state(index or KSState): with its transitions"},
    {"remove_transition", remove_transition, Returns::Number, "remove_transition(index or KSTrans)"},
    {"setstructure", set_structure, Returns::Number, "setstructure(Vector): not implemented"},
    {"state", state_at, Returns::Object, "state(index) -> KSState; Hodgkin-Huxley states come first"},
    {"gate", gate_at, Returns::Object, "gate(index) -> KSGate"},
    {"trans", trans_at, Returns::Object, "trans(index), trans(source, target) -> KSTrans"},
    {"ngate", ngate, Returns::Number, "ngate() -> number of gates"},
    {"nstate", nstate, Returns::Number, "nstate() -> number of states"},
    {"ntrans", ntrans, Returns::Number, "ntrans() -> number of transitions"},
    {"nligand", nligand, Returns::Number, "nligand() -> number of ligands"},
    {"ligand", ligand_at, Returns::String, "ligand(index) -> name of the ion's mechanism: ca_ion"},
    {"name", chan_name, Returns::String, "name([name]) -> name of the mechanism\nPython: k.name('kdr')     Hoc: k.name(\"kdr\")"},
    {"ion", chan_ion, Returns::String, "ion([name]) -> ion that carries the current, NonSpecific when there is none\nPython: k.ion('k')     Hoc: k.ion(\"k\")"},
    {"iv_type", iv_type, Returns::Number, "iv_type([type]) -> 0: g (v - e), 1: permeability times the current of Goldman, Hodgkin and Katz"},
    {"gmax", gmax, Returns::Number, "gmax([g [S/cm2, uS for point processes]]) -> default of gmax"},
    {"erev", erev, Returns::Number, "erev([e [mV]]) -> default of e for a nonspecific current"},
    {"is_point", is_point, Returns::Number, "is_point() -> 1 for a point process"},
    {"single", single, Returns::Number, "single([flag]) -> single channel mode: Nsingle channels, whose number in each state its variable gives; Nsingle 0: continuous"},
    {"rseed", rseed, Returns::Number, "rseed([seed]) -> seed of the streams of single channels"},
    {"vres", vres, Returns::Number, "vres([mV]) -> resolution in v for single channels; kept, rates follow v at every step"},
    {"usetable", usetable, Returns::Number, "usetable([flag]) -> setting; kept, rates are always computed exactly"},
    {"pr", print_scheme, Returns::Number, "pr(): prints the scheme"},
};

// ---- KSState, KSGate --------------------------------------------------------------------------------

Value state_fraction(Object& o, CallArgs& a) {
    if (a.has(0)) state(o).fraction = a.number(0);
    return state(o).fraction;
}
Value state_index(Object& o, CallArgs&) {
    return position<ChannelState>(static_cast<StateObject&>(o).scheme->states(), &state(o));
}
Value state_gate(Object& o, CallArgs& a) { return view_gate(a.runtime(), static_cast<StateObject&>(o).scheme, state(o).gate); }
Value state_name(Object& o, CallArgs& a) {
    if (a.has(0) && a.string(0) != state(o).name) {
        const auto& s = static_cast<StateObject&>(o).scheme;
        const std::string name = name_argument(a, 0);
        s->require_no_instances("state name");
        require_new_state(*s, name);
        state(o).name = name;
        s->rebuild(s);
    }
    return Value(state(o).name);
}
constexpr Method state_methods[] = {
    {"frac", state_fraction, Returns::Number, "frac([fraction]) -> fraction of the conductance open in this state"},
    {"index", state_index, Returns::Number, "index() -> its number in the channel"},
    {"gate", state_gate, Returns::Object, "gate() -> KSGate it belongs to"},
    {"name", state_name, Returns::String, "name([name]) -> its name"},
};

Value gate_nstate(Object& o, CallArgs&) { return gate(o).states.size(); }
Value gate_power(Object& o, CallArgs& a) {
    if (a.has(0)) {
        const long power = a.integer(0);
        if (power < 1 || power > 100) throw Error(ErrorKind::Range, fmt::format("KSGate.power: the power must be 1 to 100, not {}", power));
        gate(o).power = static_cast<int>(power);
    }
    return gate(o).power;
}
Value gate_sindex(Object& o, CallArgs&) {
    return position<ChannelState>(static_cast<GateObject&>(o).scheme->states(), gate(o).states[0].get());
}
Value gate_index(Object& o, CallArgs&) {
    const auto& gates = static_cast<GateObject&>(o).scheme->gates;
    const ChannelGate& g = gate(o);
    return static_cast<double>(std::find_if(gates.begin(), gates.end(), [&](const auto& x) { return x.get() == &g; }) - gates.begin());
}
constexpr Method gate_methods[] = {
    {"nstate", gate_nstate, Returns::Number, "nstate() -> number of its states"},
    {"power", gate_power, Returns::Number, "power([power]) -> exponent of the gate's open fraction\nPython: k.gate(0).power(4)     Hoc: k.gate(0).power(4)"},
    {"sindex", gate_sindex, Returns::Number, "sindex() -> number of its first state in the channel"},
    {"index", gate_index, Returns::Number, "index() -> its number in the channel"},
};

// ---- KSTrans ----------------------------------------------------------------------------------------

std::size_t direction(CallArgs& a, std::size_t i) { return static_cast<std::size_t>(a.number_in(i, 0, 1)); }

Value set_f(Object& o, CallArgs& a) {
    const long kind = a.integer(1);
    if (kind < ChannelRate::Constant || kind > ChannelRate::Table)
        throw Error(ErrorKind::Range, fmt::format("KSTrans.set_f: function type {} is unknown; 1 is constant, 2 exponential, 3 linoid, 4 sigmoid, 5 and 6 inf and tau of Borg-Graham, 7 a table", kind));
    auto& parameters = a.object<Vector>(2, "Vector");
    if (parameters.values.size() < ChannelRate::parameter_count(static_cast<int>(kind)))
        throw Error(ErrorKind::Value, fmt::format("KSTrans.set_f: function type {} takes {} parameters, not {}", kind, ChannelRate::parameter_count(static_cast<int>(kind)), parameters.values.size()));
    ChannelRate& f = transition(o).f[direction(a, 0)];
    f = {static_cast<int>(kind), VectorPtr(&parameters)};
    f.celsius = &a.runtime().model().celsius;
    if (kind == ChannelRate::Table && a.has(3)) {
        f.low = a.number(3);
        f.high = a.number(4);
        if (!(f.high > f.low)) throw Error(ErrorKind::Range, fmt::format("KSTrans.set_f: the table must end above {} mV, not at {}", f.low, f.high));
    }
    return 0.0;
}
Value trans_index(Object& o, CallArgs&) {
    return position<ChannelTransition>(static_cast<TransitionObject&>(o).scheme->transitions(), &transition(o));
}
/// The ion that an argument names: "cai" and "cao" both mean ca, because the type tells which side; "ca" as well.
std::string ligand_argument(CallArgs& a, std::size_t i) {
    const std::string name = name_argument(a, i);
    const Model& model = a.runtime().model();
    if (model.mechanism(name + "_ion")) return name;
    const std::string ion = name.substr(0, name.size() - 1);
    if (model.mechanism(ion + "_ion")) return ion;
    if (!name.ends_with('i') && !name.ends_with('o')) return name;  // an ion to be
    throw Error(ErrorKind::Name, fmt::format("{}: {}_ion does not exist", a.function(), ion)).hint(fmt::format("a ligand is an inside or outside concentration of an ion, as `{}i`: ion_register makes ions", name));
}

Value trans_type(Object& o, CallArgs& a) {
    ChannelTransition& t = transition(o);
    if (a.has(0)) {
        const int kind = static_cast<int>(a.number_in(0, 0, 3));
        const auto& s = static_cast<TransitionObject&>(o).scheme;
        const std::string ligand = a.has(1) && kind >= ChannelTransition::LigandOutside ? ligand_argument(a, 1) : t.ligand;
        const bool ions_change = (kind >= ChannelTransition::LigandOutside || t.kind >= ChannelTransition::LigandOutside) && (kind != t.kind || ligand != t.ligand);
        if (ions_change) s->require_no_instances("transition type");
        t.kind = kind;
        t.ligand = ligand;
        if (ions_change) s->rebuild(s);
    }
    return t.kind;
}
Value ftype(Object& o, CallArgs& a) { return transition(o).f[direction(a, 0)].kind; }
Value parm(Object& o, CallArgs& a) {
    ChannelRate& f = transition(o).f[direction(a, 0)];
    if (!f.parameters) {
        f.parameters = Vector::make(a.runtime(), 1);
        f.parameters->values[0] = 1;
    }
    return ObjectPtr(f.parameters);
}
Value rate(Object& o, CallArgs& a) { return transition(o).f[direction(a, 0)](a.number(1)); }

/// Rates without a ligand's concentration, at every v of the first Vector, into the two others.
template <class F>
Value tabulate(Object& o, CallArgs& a, F f) {
    const ChannelTransition& t = transition(o);
    const auto& v = a.object<Vector>(0, "Vector");
    auto &first = a.object<Vector>(1, "Vector"), &second = a.object<Vector>(2, "Vector");
    const std::vector<double> voltages = v.values;  // may be one of the others
    first.resize(voltages.size());
    second.resize(voltages.size());
    for (std::size_t i = 0; i < voltages.size(); ++i) {
        double forward = 0, backward = 0;
        t.rates(voltages[i], 1, forward, backward);
        f(forward, backward, first.values[i], second.values[i]);
    }
    return 0.0;
}
Value ab(Object& o, CallArgs& a) {
    return tabulate(o, a, [](double forward, double backward, double& x, double& y) {
        x = forward;
        y = backward;
    });
}
Value inftau(Object& o, CallArgs& a) {
    return tabulate(o, a, [](double forward, double backward, double& inf, double& tau) {
        tau = 1 / (forward + backward);
        inf = forward * tau;
    });
}
Value src(Object& o, CallArgs& a) { return view_state(a.runtime(), static_cast<TransitionObject&>(o).scheme, transition(o).source); }
Value target(Object& o, CallArgs& a) { return view_state(a.runtime(), static_cast<TransitionObject&>(o).scheme, transition(o).target); }
Value trans_ligand(Object& o, CallArgs& a) {
    ChannelTransition& t = transition(o);
    if (a.has(0)) {
        const std::string ligand = a.string(0).empty() ? std::string() : ligand_argument(a, 0);
        const auto& s = static_cast<TransitionObject&>(o).scheme;
        if (ligand != t.ligand) {
            s->require_no_instances("ligand");
            t.ligand = ligand;
            s->rebuild(s);
        }
    }
    return Value(t.ligand.empty() ? t.ligand : t.ligand + (t.kind == ChannelTransition::LigandOutside ? "o" : "i"));
}
Value stoichiometry(Object& o, CallArgs& a) {
    if (a.has(0)) transition(o).stoichiometry = a.number(0);
    return transition(o).stoichiometry;
}
constexpr Method trans_methods[] = {
    {"set_f", set_f, Returns::Number,
     "set_f(direction, type, Vector), set_f(direction, 7, Vector, vmin, vmax [mV])\nDirection 0: forward rate or inf, 1: backward rate or tau. Type 1: A; 2: A exp(k (v - d)); 3: A x/(1 - exp(-x)), x = k (v - d);\n"
     "4: A/(1 + exp(k (v - d))); 7: values at equal distances from vmin to vmax. The Vector (A, k, d) is kept, not copied.\n"
     "Of Borg-Graham, with Vector (K, d, z, gamma, tau0) and x = z F/(R T) (v - d): 5: 1/(1 + exp(-x)); 6: tau0 + 1/(K (exp(gamma x) + exp((gamma - 1) x))).\n"
     "Python: t.set_f(0, 3, h.Vector([0.1, 0.1, -55]))     Hoc: t.set_f(0, 3, vec)"},
    {"index", trans_index, Returns::Number, "index() -> its number in the channel"},
    {"type", trans_type, Returns::Number, "type([type [, ligand]]) -> 0: alpha and beta [1/ms], 1: inf and tau [ms], 2: ligand outside, 3: ligand inside"},
    {"ftype", ftype, Returns::Number, "ftype(direction) -> type of the function"},
    {"parm", parm, Returns::Object, "parm(direction) -> Vector of the function's parameters"},
    {"f", rate, Returns::Number, "f(direction, v [mV]) -> value of the function"},
    {"ab", ab, Returns::Number, "ab(v, a, b): forward and backward rates at the elements of Vector v, into Vectors a and b"},
    {"inftau", inftau, Returns::Number, "inftau(v, inf, tau): the same as steady state and time constant"},
    {"src", src, Returns::Object, "src() -> KSState it comes from"},
    {"target", target, Returns::Object, "target() -> KSState it goes to"},
    {"ligand", trans_ligand, Returns::String, "ligand([name]) -> cai or cao: the concentration that multiplies the forward rate (types 2 and 3)"},
    {"stoichiometry", stoichiometry, Returns::Number, "stoichiometry([n]) -> exponent of the concentration"},
};

ObjectPtr construct(NativeClass& cls, CallArgs& a) {
    const bool point = a.number_or(0, 0) != 0;
    int number = 0;
    std::string name;
    do name = fmt::format("ks{}{}", point ? "point" : "chan", number++);
    while (a.runtime().scope().find(name));
    auto made = std::make_shared<ChannelScheme>(a.runtime(), point, name);
    made->rebuild(made);
    return make_counted<KSChan>(cls, made);
}

ObjectPtr refuse(NativeClass& cls, CallArgs&) {
    throw Error(ErrorKind::Type, fmt::format("{} objects are made by KSChan and cannot be created", cls.name()));
}

}  // namespace

void register_kschan(Runtime& runtime) {
    const std::span<const Property> none;
    publish_class(runtime, std::make_unique<NativeClass>("KSState", refuse, state_methods, none, "A state of a channel that KSChan builds."));
    publish_class(runtime, std::make_unique<NativeClass>("KSGate", refuse, gate_methods, none, "A gate of a channel that KSChan builds."));
    publish_class(runtime, std::make_unique<NativeClass>("KSTrans", refuse, trans_methods, none, "A transition of a channel that KSChan builds."));
    publish_class(runtime, std::make_unique<NativeClass>("KSChan", construct, chan_methods, none,
        "KSChan([point_process = 0]): makes a new density channel, or kind of point process, without a mod file\n"
        "Python: k = h.KSChan(); k.name('kdr'); k.ion('k'); k.add_hhstate('n'); k.gate(0).power(4); k.trans(0).set_f(0, 3, h.Vector([0.1, 0.1, -55]))\n"
        "Hoc: k = new KSChan()  k.name(\"kdr\")  k.ion(\"k\")"));
}

}  // namespace nrn
