// SPDX-License-Identifier: BSD-3-Clause
// nrn.Mechanism (seg.hh), its variables and functions, and nrn.RangeVar.
#include <cmath>
#include <optional>
#include <unordered_map>

#include <fmt/format.h>

#include "error/closest_name.hpp"
#include "error_translation.hpp"
#include "model/point_process.hpp"
#include "model/point_process_class.hpp"
#include "name_cache.hpp"
#include "object_types.hpp"
#include "ref_type.hpp"
#include "section_type.hpp"
#include "value_conversion.hpp"

namespace nrn::python {
namespace {

MechanismObject* of(PyObject* o) noexcept { return reinterpret_cast<MechanismObject*>(o); }

/// @throws Error(Reference) once the section is deleted or the mechanism taken out
Section& section(const MechanismObject* m) {
    Section& s = *require_section(as_object(m->section));
    if (!s.model().is_inserted(s, *m->type))
        throw Error(ErrorKind::Reference, fmt::format("`{}` is no longer inserted in `{}`", m->type->name(), s.name()));
    return s;
}

struct Meaning {
    enum Kind { Generic, Range, Reference, Function, Table, TableSetter } kind = Generic;
    const RangeVariable* range = nullptr;
    const nrn_mech_function* function = nullptr;
    int table = -1;
};

std::optional<Meaning> meaning(const MechanismObject* m, PyObject* name) {
    static auto* caches = new std::unordered_map<const MechanismType*, NameCache<Meaning>>;
    static const MechanismType* last_type = nullptr;  // most programs read one mechanism many times in a row
    static NameCache<Meaning>* last = nullptr;
    if (m->type != last_type) {
        last = &(*caches)[m->type];
        last_type = m->type;
    }
    if (const Meaning* known = last->find(name)) return *known;
    if (!PyUnicode_Check(name)) return std::nullopt;
    const std::string text = to_text(name);
    Meaning found;
    if (const RangeVariable* rv = m->type->range(text)) found = {Meaning::Range, rv, nullptr};
    else if (text.rfind("_ref_", 0) == 0 && m->type->range(text.substr(5))) found = {Meaning::Reference, m->type->range(text.substr(5)), nullptr};
    else if (_PyType_Lookup(state().mechanism_type, name)) found.kind = Meaning::Generic;
    else {
        const auto& d = m->type->description();
        for (int i = 0; i < d.n_function && !found.function; ++i)
            if (text == d.function[i].name) found = {Meaning::Function, nullptr, &d.function[i]};
        for (int i = 0; i < d.n_function_table; ++i) {
            const std::string_view table = d.function_table[i].name;
            if (text == table) found = {Meaning::Table, nullptr, nullptr, i};
            else if (text.starts_with("table_") && text.substr(6) == table) found = {Meaning::TableSetter, nullptr, nullptr, i};
        }
        if (found.kind == Meaning::Generic) return std::nullopt;
    }
    last->insert(name, found);
    return found;
}

PyObject* no_attribute(const MechanismObject* m, PyObject* name) {
    const std::string text = to_text(name);
    if (text.rfind("__", 0) == 0) return raise(PyExc_AttributeError, text);
    ClosestName closest(text);
    for (const RangeVariable* rv : m->type->range_variables) closest.offer(rv->bare_name);
    return raise(PyExc_AttributeError, fmt::format("`{}` has no variable `{}`{}", m->type->name(), text,
                                                   closest.best().empty() ? "" : fmt::format(" (did you mean `{}`?)", closest.best())));
}

// ---- functions ----------------------------------------------------------------------------------------

struct FunctionObject {
    PyObject_HEAD
    vectorcallfunc vectorcall;
    MechanismObject* mechanism;  // owned
    const nrn_mech_function* function;  // null: a FUNCTION_TABLE
    int table;
    bool sets_table;
};

const char* written_name(const FunctionObject* f) { return f->function ? f->function->name : f->mechanism->type->description().function_table[f->table].name; }

PyObject* call_function(PyObject* o, PyObject* const* args, size_t nargsf, PyObject* keywords) {
    auto* f = reinterpret_cast<FunctionObject*>(o);
    if (keywords && PyTuple_GET_SIZE(keywords)) return raise(PyExc_TypeError, "mechanism functions take no keywords");
    return guarded_call([&]() -> PyObject* {
        Section& s = section(f->mechanism);
        MechanismType& type = *f->mechanism->type;
        const auto* inserted = s.find_inserted(type);
        if (!inserted) throw Error(ErrorKind::Reference, fmt::format("`{}` has no instance in `{}`", type.name(), s.name()));
        ArgumentList list(args, static_cast<std::size_t>(PyVectorcall_NARGS(nargsf)));
        CallArgs call(runtime(), written_name(f), list.values());
        call.texts_are_values = true;
        call.explicit_section = &s;
        if (!f->function) {
            const auto& hooks = s.model().hooks;
            return to_python(f->sets_table ? hooks.set_function_table(type, f->table, call) : hooks.call_function_table(type, f->table, call), Returns::Number);
        }
        const RowId row = inserted->rows[static_cast<std::size_t>(s.segment_index(f->mechanism->x))];
        return to_python(s.model().hooks.call_function(type, *f->function, row, call), Returns::Number);
    });
}

void function_dealloc(PyObject* o) {
    Py_DECREF(as_object(reinterpret_cast<FunctionObject*>(o)->mechanism));
    PyTypeObject* type = Py_TYPE(o);
    type->tp_free(o);
    Py_DECREF(type);
}

PyObject* function_repr(PyObject* o) {
    auto* f = reinterpret_cast<FunctionObject*>(o);
    return PyUnicode_FromFormat("%s.%s", f->mechanism->type->name().c_str(), written_name(f));
}
PyObject* function_name(PyObject* o, PyObject*) { return PyUnicode_FromString(written_name(reinterpret_cast<FunctionObject*>(o))); }
PyObject* function_mech(PyObject* o, PyObject*) { return Py_NewRef(as_object(reinterpret_cast<FunctionObject*>(o)->mechanism)); }

PyObject* make_function(MechanismObject* mechanism, const Meaning& what) {
    auto* f = PyObject_New(FunctionObject, state().mechanism_function_type);
    if (!f) return nullptr;
    f->vectorcall = call_function;
    f->mechanism = of(Py_NewRef(as_object(mechanism)));
    f->function = what.function;
    f->table = what.table;
    f->sets_table = what.kind == Meaning::TableSetter;
    return as_object(f);
}

// ---- Mechanism ----------------------------------------------------------------------------------------

PyObject* get_attribute(PyObject* self, PyObject* name) {
    return guarded_access([&]() -> PyObject* {
        MechanismObject* m = of(self);
        const auto what = meaning(m, name);
        if (!what) return no_attribute(m, name);
        switch (what->kind) {
        case Meaning::Generic: return PyObject_GenericGetAttr(self, name);
        case Meaning::Range:
            if (what->range->is_array) return make_range_view(m->section, m->x, *what->range, false, true);
            if (what->range->is_stream) return to_python(range_stream(*what->range, section(m), m->x), Returns::Object);
            return PyFloat_FromDouble(range_get(*what->range, section(m), m->x));
        case Meaning::Reference:
            if (what->range->is_array) return make_range_view(m->section, m->x, *what->range, true, true);
            return wrap_ref(range_ref(*what->range, section(m), m->x));
        case Meaning::Function:
        case Meaning::Table:
        case Meaning::TableSetter: return make_function(m, *what);
        }
        return nullptr;
    });
}

int set_attribute(PyObject* self, PyObject* name, PyObject* value) {
    return guarded(Edge::Access, -1, [&] {
        MechanismObject* m = of(self);
        const auto what = meaning(m, name);
        if (!what || what->kind == Meaning::Generic) {
            if (what) return PyObject_GenericSetAttr(self, name, value);
            static_cast<void>(no_attribute(m, name));
            return -1;
        }
        if (!value || what->kind != Meaning::Range)
            throw Error(ErrorKind::Type, fmt::format("`{}` cannot be {}", to_text(name), value ? "assigned to" : "deleted"));
        if (what->range->is_array) throw Error(ErrorKind::Index, fmt::format("`{}` is an array: assign to its items", what->range->name));
        Section& s = section(m);
        double x = 0;
        if (!range_value(value, what->range->bare_name, x)) return -1;
        range_set(*what->range, s, m->x, x);
        return 0;
    });
}

PyObject* name(PyObject* self, PyObject*) { return PyUnicode_FromString(of(self)->type->name().c_str()); }
PyObject* repr(PyObject* self) { return name(self, nullptr); }
PyObject* is_ion(PyObject* self, PyObject*) { return PyBool_FromLong(of(self)->type->is_ion()); }
PyObject* segment(PyObject* self, PyObject*) { return make_segment(of(self)->section, of(self)->x); }

PyObject* iterate(PyObject* self) {
    return guarded_access([&]() -> PyObject* {
        Owned list(PyList_New(0));
        for (const RangeVariable* rv : of(self)->type->range_variables) {
            if (rv->is_stream) continue;
            Owned item(make_range_view(of(self)->section, of(self)->x, *rv, false, true));
            if (!item || PyList_Append(list.get(), item.get()) != 0) return nullptr;
        }
        return PyObject_GetIter(list.get());
    });
}

PyObject* directory(PyObject* self, PyObject*) {
    return guarded_access([&]() -> PyObject* {
        Owned names(PyObject_CallMethod(as_object(&PyBaseObject_Type), "__dir__", "O", self));
        Owned list(names ? PySequence_List(names.get()) : nullptr);
        if (!list) return nullptr;
        const auto add = [&](const char* text) {
            Owned item(PyUnicode_FromString(text));
            PyList_Append(list.get(), item.get());
        };
        for (const RangeVariable* rv : of(self)->type->range_variables) add(rv->bare_name.c_str());
        const auto& d = of(self)->type->description();
        for (int i = 0; i < d.n_function; ++i) add(d.function[i].name);
        for (int i = 0; i < d.n_function_table; ++i) add(d.function_table[i].name);
        return list.release();
    });
}

void dealloc(PyObject* self) {
    Py_DECREF(as_object(of(self)->section));
    PyTypeObject* type = Py_TYPE(self);
    type->tp_free(self);
    Py_DECREF(type);
}

// ---- RangeVar -----------------------------------------------------------------------------------------

struct RangeObject {
    PyObject_HEAD
    SectionObject* section;  // owned
    double x;                // NaN: all segments of the section
    const RangeVariable* variable;
    bool references, in_mechanism;
};

RangeObject* range_of(PyObject* o) noexcept { return reinterpret_cast<RangeObject*>(o); }

Section& range_section(const RangeObject* r) {
    Section& s = *require_section(as_object(r->section));
    if (r->in_mechanism && r->variable->mechanism && !s.model().is_inserted(s, *r->variable->mechanism))
        throw Error(ErrorKind::Reference, fmt::format("`{}` is no longer inserted in `{}`", r->variable->mechanism->name(), s.name()));
    return s;
}

long checked_index(const RangeObject* r, Py_ssize_t i) {
    if (i < 0 || i >= r->variable->length)
        throw Error(ErrorKind::Index, fmt::format("index {} of `{}` is out of range 0 to {}", i, r->variable->name, r->variable->length - 1));
    return static_cast<long>(i);
}

PyObject* range_item(PyObject* self, Py_ssize_t i) {
    return guarded_access([&]() -> PyObject* {
        const RangeObject* r = range_of(self);
        const long index = checked_index(r, i);
        const double x = std::isnan(r->x) ? 0.5 : r->x;
        if (r->references) return wrap_ref(range_ref(*r->variable, range_section(r), x, index));
        return PyFloat_FromDouble(range_get(*r->variable, range_section(r), x, index));
    });
}

int range_set_item(PyObject* self, Py_ssize_t i, PyObject* value) {
    return guarded(Edge::Access, -1, [&] {
        const RangeObject* r = range_of(self);
        const long index = checked_index(r, i);
        if (!value || r->references) throw Error(ErrorKind::Type, fmt::format("items of `{}` cannot be assigned to here", r->variable->name));
        double number = 0;
        Section& s = range_section(r);
        if (!range_value(value, r->variable->name, number)) return -1;
        if (std::isnan(r->x)) range_set_all(*r->variable, s, number, index);
        else range_set(*r->variable, s, r->x, number, index);
        return 0;
    });
}

Py_ssize_t range_length(PyObject* self) { return range_of(self)->variable->length; }
PyObject* range_name(PyObject* self, PyObject*) { return PyUnicode_FromString(range_of(self)->variable->name.c_str()); }
PyObject* range_repr(PyObject* self) {
    const RangeObject* r = range_of(self);
    return PyUnicode_FromString(fmt::format("{}.{}", r->section->section->name(), r->variable->name).c_str());
}

PyObject* range_mech(PyObject* self, PyObject*) {
    const RangeObject* r = range_of(self);
    if (!r->variable->mechanism) Py_RETURN_NONE;
    return make_mechanism(r->section, std::isnan(r->x) ? 0.5 : r->x, *r->variable->mechanism);
}

void range_dealloc(PyObject* self) {
    Py_DECREF(as_object(range_of(self)->section));
    PyTypeObject* type = Py_TYPE(self);
    type->tp_free(self);
    Py_DECREF(type);
}

void define_range_type(PyObject* module) {
    static PyMethodDef methods[] = {{"name", range_name, METH_NOARGS, "name() -> its name with suffix, as gnabar_hh"},
                                    {"mech", range_mech, METH_NOARGS, "mech() -> the mechanism it belongs to"}, {}};
    static PyType_Slot slots[] = {{Py_tp_dealloc, reinterpret_cast<void*>(range_dealloc)},
                                  {Py_tp_repr, reinterpret_cast<void*>(range_repr)},
                                  {Py_sq_item, reinterpret_cast<void*>(range_item)},
                                  {Py_sq_ass_item, reinterpret_cast<void*>(range_set_item)},
                                  {Py_sq_length, reinterpret_cast<void*>(range_length)},
                                  {Py_tp_methods, methods},
                                  {0, nullptr}};
    static PyType_Spec spec{"nrn.RangeVar", sizeof(RangeObject), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots};
    state().range_type = reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&spec));
    PyObject_SetAttrString(module, "RangeVar", as_object(state().range_type));
}

void define_function_type(PyObject* module) {
    static PyMethodDef methods[] = {{"name", function_name, METH_NOARGS, "name() -> its name"},
                                    {"mech", function_mech, METH_NOARGS, "mech() -> the mechanism"}, {}};
    static PyMemberDef members[] = {{"__vectorcalloffset__", T_PYSSIZET, offsetof(FunctionObject, vectorcall), READONLY, nullptr}, {}};
    static PyType_Slot slots[] = {{Py_tp_dealloc, reinterpret_cast<void*>(function_dealloc)},
                                  {Py_tp_repr, reinterpret_cast<void*>(function_repr)},
                                  {Py_tp_call, reinterpret_cast<void*>(PyVectorcall_Call)},
                                  {Py_tp_methods, methods},
                                  {Py_tp_members, members},
                                  {0, nullptr}};
    static PyType_Spec spec{"nrn.MechFunc", sizeof(FunctionObject), 0,
                            Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots};
    state().mechanism_function_type = reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&spec));
    PyObject_SetAttrString(module, "MechFunc", as_object(state().mechanism_function_type));
}

}  // namespace

PyObject* make_mechanism(SectionObject* section, double x, MechanismType& type) {
    auto* o = PyObject_New(MechanismObject, state().mechanism_type);
    if (!o) return nullptr;
    o->section = reinterpret_cast<SectionObject*>(Py_NewRef(as_object(section)));
    o->x = x;
    o->type = &type;
    return as_object(o);
}

PyObject* make_range_view(SectionObject* section, double x, const RangeVariable& variable, bool references, bool in_mechanism) {
    if (!range_exists(variable, *require_section(as_object(section)), std::isnan(x) ? 0.5 : x))
        throw Error(ErrorKind::Name, fmt::format("`{}` is not inserted, so there is no `{}`", variable.mechanism->name(), variable.name));
    auto* o = PyObject_New(RangeObject, state().range_type);
    if (!o) return nullptr;
    o->section = reinterpret_cast<SectionObject*>(Py_NewRef(as_object(section)));
    o->x = x;
    o->variable = &variable;
    o->references = references;
    o->in_mechanism = in_mechanism;
    return as_object(o);
}

void set_pointer_target(RefPtr ref, const std::string& name, PyObject* target) {
    if (Py_TYPE(target) == state().mechanism_type) {
        const MechanismObject* m = of(target);
        Section& s = section(m);
        const RangeVariable* rv = m->type->range(name);
        if (!rv) throw Error(ErrorKind::Name, fmt::format("`{}` has no POINTER `{}`", m->type->name(), name));
        return set_range_pointer(*rv, s, m->x, std::move(ref));
    }
    if (Py_TYPE(target) == state().segment_type) {
        const RangeVariable* rv = runtime().model().range_variable(name);
        if (!rv) throw Error(ErrorKind::Name, fmt::format("there is no range variable `{}`", name));
        const auto* seg = reinterpret_cast<SegmentObject*>(target);
        return set_range_pointer(*rv, *require_section(as_object(seg->section)), seg->x, std::move(ref));
    }
    auto* p = PyObject_TypeCheck(target, state().object_type) ? dynamic_cast<PointProcess*>(object_of(target)) : nullptr;
    if (!p) throw Error(ErrorKind::Type, fmt::format("a POINTER belongs to a mechanism or point process, not to a {}", Py_TYPE(target)->tp_name));
    set_point_pointer(*p, name, std::move(ref));
}

void define_mechanism_types(PyObject* module) {
    static PyMethodDef methods[] = {{"name", name, METH_NOARGS, "name() -> its name, as hh"},
                                    {"is_ion", is_ion, METH_NOARGS, "is_ion() -> bool"},
                                    {"segment", segment, METH_NOARGS, "segment() -> where it is"},
                                    {"__dir__", directory, METH_NOARGS, nullptr}, {}};
    static PyType_Slot slots[] = {{Py_tp_dealloc, reinterpret_cast<void*>(dealloc)},
                                  {Py_tp_repr, reinterpret_cast<void*>(repr)},
                                  {Py_tp_getattro, reinterpret_cast<void*>(get_attribute)},
                                  {Py_tp_setattro, reinterpret_cast<void*>(set_attribute)},
                                  {Py_tp_iter, reinterpret_cast<void*>(iterate)},
                                  {Py_tp_methods, methods},
                                  {Py_tp_doc, const_cast<char*>("A density mechanism or ion in a segment: seg.hh.gnabar, seg.na_ion.ena.")},
                                  {0, nullptr}};
    static PyType_Spec spec{"nrn.Mechanism", sizeof(MechanismObject), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots};
    state().mechanism_type = reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&spec));
    PyObject_SetAttrString(module, "Mechanism", as_object(state().mechanism_type));
    define_range_type(module);
    define_function_type(module);
}

}  // namespace nrn::python
