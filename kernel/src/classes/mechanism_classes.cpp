// SPDX-License-Identifier: BSD-3-Clause
// Classes MechanismType and MechanismStandard: mechanisms as data of scripts.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "classes/register_classes.hpp"
#include "model/mechanism_store.hpp"
#include "model/model.hpp"
#include "model/point_process.hpp"
#include "model/point_process_class.hpp"
#include "nrn/api/class.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {
namespace {

// ---- MechanismType -----------------------------------------------------------------------------------

/// Density mechanisms (0) or point processes and artificial cells (1), one of them selected.
class TypeList final : public Object {
  public:
    TypeList(Class& cls, bool points) : Object(cls), point_processes(points) {}
    bool point_processes;
    long selected = 0;
    std::size_t next = 0;  // pp_begin, pp_next
    std::vector<PointProcess*> here;
};

TypeList& types(Object& o) { return static_cast<TypeList&>(o); }

std::vector<MechanismType*> listed(Object& o, Runtime& runtime) {
    std::vector<MechanismType*> all;
    for (const auto& m : runtime.model().mechanisms())
        if (m->is_point_process() == types(o).point_processes && !m->is(NRN_NO_SUFFIX) && !m->retired) all.push_back(m.get());
    // These have their places whatever pack is loaded first.
    const auto rank = [](const MechanismType* m) {
        static constexpr std::string_view first[] = {"morphology", "capacitance", "pas", "extracellular", "fastpas",
                                                     "IClamp", "AlphaSynapse", "ExpSyn", "Exp2Syn", "SEClamp", "VClamp", "OClamp", "APCount",
                                                     "NetStim", "IntFire1", "IntFire2", "IntFire4", "PointProcessMark", "PatternStim"};
        return std::find(std::begin(first), std::end(first), m->name()) - std::begin(first);
    };
    std::stable_sort(all.begin(), all.end(), [&](const MechanismType* a, const MechanismType* b) { return rank(a) < rank(b); });
    return all;
}

MechanismType& type_at(Object& o, CallArgs& a, long i) {
    const auto all = listed(o, a.runtime());
    if (i < 0 || i >= static_cast<long>(all.size()))
        throw Error(ErrorKind::Index, fmt::format("{}: mechanism number {} is out of range 0 to {}", a.function(), i, all.size() - 1));
    return *all[static_cast<std::size_t>(i)];
}
MechanismType& current(Object& o, CallArgs& a) { return type_at(o, a, types(o).selected); }
MechanismType& chosen(Object& o, CallArgs& a) { return type_at(o, a, a.has(0) && a.is_number(0) ? a.integer(0) : types(o).selected); }

Value select(Object& o, CallArgs& a) {
    const auto all = listed(o, a.runtime());
    if (!a.is_string(0)) {
        const long i = a.integer(0);
        if (i < -1 || i >= static_cast<long>(all.size())) throw Error(ErrorKind::Index, a.span, fmt::format("MechanismType.select: {} is out of range -1 to {}", i, static_cast<long>(all.size()) - 1));
        types(o).selected = i;
        return 0.0;
    }
    // A name that is not there leaves what was selected, as in the reference.
    for (std::size_t i = 0; i < all.size(); ++i)
        if (all[i]->name() == a.string(0)) types(o).selected = static_cast<long>(i);
    return 0.0;
}

Value selected(Object& o, CallArgs& a) {
    if (a.has(0)) a.string_cell(0).text = types(o).selected < 0 ? std::string() : current(o, a).name();
    return static_cast<double>(types(o).selected);
}

Value make(Object& o, CallArgs& a) {
    MechanismType& type = current(o, a);
    if (!type.is_point_process()) {
        a.runtime().model().insert(a.section(), type);
        return 0.0;
    }
    const Value x(0.5);
    CallArgs where(a.runtime(), type.name(), {&x, 1});
    where.explicit_section = a.section_or_null();
    const ObjectPtr made = type.object_class()->construct(where);
    const RefPtr variable = a.object_variable && !(a.has(0) && a.at(0).is_ref()) ? (*a.object_variable)(0) : RefPtr();
    (variable ? *variable : a.ref(0)).set(Value(made));
    return 0.0;
}

Value remove(Object& o, CallArgs& a) {
    a.runtime().model().uninsert(a.section(), current(o, a));
    return 0.0;
}

Value count(Object& o, CallArgs& a) { return listed(o, a.runtime()).size(); }
Value is_netcon_target(Object& o, CallArgs& a) { return chosen(o, a).is(NRN_NET_RECEIVE); }
Value has_net_event(Object& o, CallArgs& a) { return chosen(o, a).is(NRN_NET_EVENT); }
Value is_artificial(Object& o, CallArgs& a) { return chosen(o, a).is_artificial(); }
Value is_ion(Object& o, CallArgs& a) { return chosen(o, a).is_ion(); }
/// The number that scripts compare and C code is given: of the built-in types as in the reference, whose list begins at 2;
/// those of packs follow in the order of their registration.
Value internal_type(Object& o, CallArgs& a) {
    constexpr std::size_t kBuiltIn = 22;
    struct Row { const char* name; int number; };
    static constexpr Row native[] = {{"morphology", 2}, {"capacitance", 3}, {"pas", 4}, {"extracellular", 5}, {"PatternStim", 23}};
    const MechanismType& type = current(o, a);
    for (const Row& row : native)
        if (type.name() == row.name) return row.number;
    const auto index = static_cast<std::size_t>(type.index());
    return index < kBuiltIn ? index + 1 : index + 2;
}
Value file(Object& o, CallArgs& a) {
    const std::string name = current(o, a).description().file;
    if (a.has(0)) a.string_cell(0).text = name;
    return Value(name);
}
Value code(Object& o, CallArgs& a) {
    const char* source = current(o, a).description().source;
    const std::string text = source ? source : "";
    if (a.has(0)) a.string_cell(0).text = text;
    return Value(text);
}

Value pp_next(Object& o, CallArgs&) {
    TypeList& t = types(o);
    return t.next < t.here.size() ? Value(static_cast<Object*>(t.here[t.next++])) : Value();
}
Value pp_begin(Object& o, CallArgs& a) {
    TypeList& t = types(o);
    t.here.clear();
    for (PointProcess* p : a.section().point_processes())
        if (&p->type() == &current(o, a)) t.here.push_back(p);
    t.next = 0;
    return pp_next(o, a);
}

Value headless(Object&, CallArgs&) { return 0.0; }  // menus and panels: nothing to show, nothing to keep

constexpr Method type_methods[] = {
    {"select", select, Returns::Number, "select(name or number)\nPython: mt.select('hh')\nHoc: mt.select(\"hh\")"},
    {"selected", selected, Returns::Int, "selected([strdef]) -> number of the selected mechanism, -1 when there is none\nPython: name = h.ref(''); mt.selected(name)\nHoc: strdef s  mt.selected(s)"},
    {"make", make, Returns::Number, "make([&object]): inserts the mechanism, or makes a point process\nPython: mt.make(sec=soma)\nHoc: soma mt.make()"},
    {"remove", remove, Returns::Number, "remove(): uninserts the mechanism\nPython: mt.remove(sec=soma)\nHoc: soma mt.remove()"},
    {"count", count, Returns::Int, "count() -> number of mechanisms"},
    {"is_netcon_target", is_netcon_target, Returns::Bool, "is_netcon_target(i) -> bool\nPython: mt.is_netcon_target(i)\nHoc: print mt.is_netcon_target(i)"},
    {"has_net_event", has_net_event, Returns::Bool, "has_net_event(i) -> bool\nPython: mt.has_net_event(i)\nHoc: print mt.has_net_event(i)"},
    {"is_artificial", is_artificial, Returns::Bool, "is_artificial(i) -> bool\nPython: mt.is_artificial(i)\nHoc: print mt.is_artificial(i)"},
    {"is_ion", is_ion, Returns::Bool, "is_ion() -> bool\nPython: mt.is_ion()\nHoc: print mt.is_ion()"},
    {"internal_type", internal_type, Returns::Number, "internal_type() -> number of the type, in the order of registration\nPython: mt.internal_type()\nHoc: print mt.internal_type()"},
    {"file", file, Returns::String, "file([strdef]) -> the .mod file\nPython: mt.file(h.ref(''))\nHoc: mt.file(s)"},
    {"code", code, Returns::String, "code([strdef]) -> the NMODL text\nPython: print(mt.code())\nHoc: mt.code(s)"},
    {"pp_begin", pp_begin, Returns::Object, "pp_begin() -> first point process of this type in the accessed section\nPython: pp = mt.pp_begin(sec=soma)\nHoc: soma o = mt.pp_begin()"},
    {"pp_next", pp_next, Returns::Object, "pp_next() -> the next one\nPython: while pp: pp = mt.pp_next()\nHoc: o = mt.pp_next()"},
    {"menu", headless, Returns::Number, "menu(): accepted; there is no screen"},
    {"action", headless, Returns::Number, "action(statement): accepted; there is no screen"},
};

ObjectPtr construct_types(NativeClass& cls, CallArgs& a) { return make_counted<TypeList>(cls, a.has(0) && a.number_in(0, 0, 1) != 0); }

// ---- MechanismStandard ---------------------------------------------------------------------------------

/// Values of a mechanism's variables of one kind, apart from any instance.
class Standard final : public Object {
  public:
    Standard(Class& cls, MechanismType& t) : Object(cls), type(t) {}
    MechanismType& type;
    bool globals = false;
    std::vector<const nrn_variable*> variables;
    std::vector<std::vector<double>> values;
    [[nodiscard]] std::string full_name(std::size_t i) const {
        const std::string name = variables[i]->name;
        if (globals) return name + "_" + type.name();
        if (type.is_point_process()) return name;
        const auto known = std::find_if(type.range_variables.begin(), type.range_variables.end(), [&](const auto* r) { return r->bare_name == name; });
        return known == type.range_variables.end() ? name + "_" + type.name() : (*known)->name;  // of ions and extracellular as they are
    }
};

Standard& standard(Object& o) { return static_cast<Standard&>(o); }

ObjectPtr construct_standard(NativeClass& cls, CallArgs& a) {
    MechanismType& type = a.runtime().model().require_mechanism(a.string(0));
    auto s = make_counted<Standard>(cls, type);
    const long kind = a.integer_or(1, 1);
    const auto& d = type.description();
    s->globals = kind < 0;
    if (kind < 0) {
        for (int i = 0; i < d.n_global; ++i)
            if (d.global[i].flags & NRN_VISIBLE) s->variables.push_back(&d.global[i]);
    } else {
        const auto wanted = [&](std::uint32_t k) { return kind == 0 ? k <= NRN_STATE : static_cast<long>(k) == kind; };
        for (int i = 0; i < d.n_variable; ++i)
            if ((d.variable[i].flags & NRN_VISIBLE) && wanted(d.variable[i].kind)) s->variables.push_back(&d.variable[i]);
    }
    for (const nrn_variable* v : s->variables) {
        double value = v->value;
        if (s->globals) value = type.globals()[static_cast<std::size_t>(v->column)];
        s->values.emplace_back(static_cast<std::size_t>(std::max(v->length, 1)), value);
    }
    return s;
}

double& slot(Object& o, CallArgs& a, std::size_t index_argument) {
    Standard& s = standard(o);
    const std::string& name = a.string(0);
    for (std::size_t i = 0; i < s.variables.size(); ++i)
        if (s.full_name(i) == name || s.variables[i]->name == name) {
            const long k = a.integer_or(index_argument, 0);
            if (k < 0 || k >= static_cast<long>(s.values[i].size())) throw Error(ErrorKind::Index, fmt::format("{}: index {} of `{}` is out of range", a.function(), k, name));
            return s.values[i][static_cast<std::size_t>(k)];
        }
    // Old sessions set variables that are no PARAMETERs (VClamp's dur[3]): from then on they belong to it.
    const auto& d = s.type.description();
    for (int i = 0; i < d.n_variable && !s.globals; ++i) {
        if (d.variable[i].name != name || !(d.variable[i].flags & NRN_VISIBLE) || d.variable[i].kind > NRN_STATE) continue;
        s.variables.push_back(&d.variable[i]);
        s.values.emplace_back(static_cast<std::size_t>(std::max(d.variable[i].length, 1)), d.variable[i].value);
        return slot(o, a, index_argument);
    }
    throw Error(ErrorKind::Name, fmt::format("MechanismStandard of `{}` has no variable `{}`", s.type.name(), name));
}

Value standard_count(Object& o, CallArgs&) { return standard(o).variables.size(); }
Value standard_name(Object& o, CallArgs& a) {
    Standard& s = standard(o);
    const bool given = a.is_string(0) || a.is_ref(0);
    const long i = a.integer_or(given ? 1 : 0, 0);
    if (given && !a.has(1)) {
        a.string_cell(0).text = s.type.name();
        return 0.0;
    }
    if (i < 0 || i >= static_cast<long>(s.variables.size())) throw Error(ErrorKind::Index, fmt::format("MechanismStandard.name: {} is out of range 0 to {}", i, s.variables.size() - 1));
    if (given) a.string_cell(0).text = s.full_name(static_cast<std::size_t>(i));
    return s.values[static_cast<std::size_t>(i)].size();
}
Value is_array(Object& o, CallArgs& a) {
    const long i = a.integer(0);
    return i >= 0 && i < static_cast<long>(standard(o).variables.size()) && standard(o).variables[static_cast<std::size_t>(i)]->is_array;
}
Value standard_set(Object& o, CallArgs& a) {
    slot(o, a, 2) = a.number(1);
    return 0.0;
}
Value standard_get(Object& o, CallArgs& a) { return slot(o, a, 1); }

/// Calls f(value, place) for every element, in the instance that the call names.
template <class F>
void each_element(Standard& s, MechanismType& type, RowId row, F f) {
    for (std::size_t i = 0; i < s.variables.size(); ++i)
        for (std::size_t k = 0; k < s.values[i].size(); ++k) {
            const int column = s.variables[i]->column + static_cast<int>(k);
            f(s.values[i][k], s.globals ? type.globals()[static_cast<std::size_t>(column)] : type.store().at(column, row));
        }
}

/// The rows that in (one) and out (all of a section, or one) work on.
std::vector<RowId> rows_of(Standard& s, CallArgs& a, bool all_segments) {
    if (s.globals) return {kNoRow};
    if (auto* p = a.object_if<PointProcess>(0)) {
        if (&p->type() != &s.type) throw Error(ErrorKind::Type, fmt::format("MechanismStandard.{}: it is of `{}`, and `{}` is another mechanism", a.function(), s.type.name(), p->name()));
        return {p->row_id()};
    }
    if (s.type.is_point_process()) throw Error(ErrorKind::Type, fmt::format("MechanismStandard.{}: argument 1 must be a `{}`", a.function(), s.type.name()));
    Section* section = a.object_if<Section>(0);
    const auto* segment = a.object_if<Segment>(0);
    std::optional<double> x;
    if (segment) {
        section = &segment->section();
        x = segment->x();
    } else if (a.is_number(0)) {
        x = a.number_in(0, 0, 1);
    }
    if (!section) section = &a.section();
    const auto* inserted = section->find_inserted(s.type);
    if (!inserted) return {};  // loops over all sections reach those without it
    if (x) return {inserted->rows[static_cast<std::size_t>(section->segment_index(*x))]};
    return all_segments ? inserted->rows : std::vector<RowId>{inserted->rows[0]};
}

Value standard_in(Object& o, CallArgs& a) {
    Standard& s = standard(o);
    if (const auto* other = a.object_if<Standard>(0)) {
        if (&other->type == &s.type) s.values = other->values;
        return 0.0;
    }
    for (const RowId row : rows_of(s, a, false)) each_element(s, s.type, row, [](double& mine, double theirs) { mine = theirs; });
    return 0.0;
}
Value standard_out(Object& o, CallArgs& a) {
    Standard& s = standard(o);
    if (auto* other = a.object_if<Standard>(0)) {
        if (&other->type == &s.type) other->values = s.values;
        return 0.0;
    }
    for (const RowId row : rows_of(s, a, true)) each_element(s, s.type, row, [](double mine, double& theirs) { theirs = mine; });
    return 0.0;
}


constexpr Method standard_methods[] = {
    {"count", standard_count, Returns::Int, "count() -> number of variables"},
    {"name", standard_name, Returns::Int, "name(strdef, i) -> its length; assigns the name of variable i\nPython: n = h.ref(''); ms.name(n, 0)\nHoc: strdef s  ms.name(s, 0)"},
    {"is_array", is_array, Returns::Bool, "is_array(i) -> bool\nPython: ms.is_array(0)\nHoc: print ms.is_array(0)"},
    {"set", standard_set, Returns::Number, "set(name, value[, index])\nPython: ms.set('gnabar_hh', 0.1)\nHoc: ms.set(\"gnabar_hh\", 0.1)"},
    {"get", standard_get, Returns::Number, "get(name[, index]) -> value\nPython: ms.get('gnabar_hh')\nHoc: print ms.get(\"gnabar_hh\")"},
    {"in", standard_in, Returns::Number, "in([x, segment, point process or MechanismStandard]): copies values from there\nPython: ms._in(soma(0.5))\nHoc: soma ms.in(0.5)"},
    {"_in", standard_in, Returns::Number, "_in(...): as in, which is a word of Python"},
    {"out", standard_out, Returns::Number, "out([x, segment, point process or MechanismStandard]): copies values to there\nPython: ms.out(soma(0.5))\nHoc: soma ms.out(0.5)"},
    {"save", headless, Returns::Number, "save(name) -> 0\nThe name of the object variable that a session file would keep it in; session files are written by windows, which there are none of.\nHoc: ms.save(\"ms\")"},
    {"panel", headless, Returns::Number, "panel(): accepted; there is no screen"},
    {"action", headless, Returns::Number, "action(statement): accepted; there is no screen"},
};

}  // namespace

void register_mechanism_classes(Runtime& runtime) {
    publish_class(runtime, std::make_unique<NativeClass>("MechanismType", construct_types, type_methods, std::span<const Property>(),
                                                         "MechanismType(0 or 1): density mechanisms, or point processes and artificial cells"));
    publish_class(runtime, std::make_unique<NativeClass>("MechanismStandard", construct_standard, standard_methods, std::span<const Property>(),
                                                         "MechanismStandard(name[, kind]): values of a mechanism's variables; kind 1 parameters, 2 assigned, 3 states, 0 all, -1 globals"));
}

}  // namespace nrn
