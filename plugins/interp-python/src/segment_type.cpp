// SPDX-License-Identifier: BSD-3-Clause
// nrn.Segment: a place on a section.
#include <cmath>
#include <optional>
#include <ranges>

#include <fmt/format.h>

#include "engine/simulation.hpp"
#include "error/closest_name.hpp"
#include "error_translation.hpp"
#include "model/point_process.hpp"
#include "name_cache.hpp"
#include "object_types.hpp"
#include "ref_type.hpp"
#include "section_type.hpp"
#include "value_conversion.hpp"

namespace nrn::python {
namespace {

SegmentObject* of(PyObject* o) noexcept { return reinterpret_cast<SegmentObject*>(o); }
Section& section(PyObject* o) { return *require_section(as_object(of(o)->section)); }

struct Meaning {
    enum Kind { Generic, Range, Reference, Mechanism } kind = Generic;
    const RangeVariable* range = nullptr;
    MechanismType* mechanism = nullptr;
};

NameCache<Meaning>& cache() {
    static auto* c = new NameCache<Meaning>;
    return *c;
}

std::optional<Meaning> meaning(PyObject* name) {
    if (const Meaning* known = cache().find(name)) return *known;
    if (!PyUnicode_Check(name)) return std::nullopt;
    const std::string text = to_text(name);
    Model& model = runtime().model();
    Meaning m;
    if (_PyType_Lookup(state().segment_type, name)) m.kind = Meaning::Generic;
    else if (const RangeVariable* rv = model.range_variable(text)) m = {Meaning::Range, rv, nullptr};
    else if (text.rfind("_ref_", 0) == 0 && model.range_variable(text.substr(5))) m = {Meaning::Reference, model.range_variable(text.substr(5)), nullptr};
    else if (MechanismType* type = model.mechanism(text); type && !type->is_point_process() && !type->is_artificial()) m = {Meaning::Mechanism, nullptr, type};
    else return std::nullopt;
    cache().insert(name, m);
    return m;
}

PyObject* no_attribute(PyObject* name, PyObject* self) {
    const std::string text = to_text(name);
    if (text.rfind("__", 0) == 0) return raise(PyExc_AttributeError, text);
    ClosestName closest(text);
    for (const auto& type : runtime().model().mechanisms())
        if (!type->is_point_process() && !type->is_artificial()) closest.offer(type->name());
    offer_names(closest, state().segment_type);
    return raise(PyExc_AttributeError, fmt::format("segment `{}` has no attribute `{}`{}", of(self)->section->section->name(), text,
                                                   closest.best().empty() ? "" : fmt::format(" (did you mean `{}`?)", closest.best())));
}

PyObject* get_mechanism(PyObject* self, MechanismType& type) {
    Section& s = section(self);
    const double x = of(self)->x;
    if (x == 0 || x == 1 || !s.model().is_inserted(s, type))
        return raise(PyExc_AttributeError, x == 0 || x == 1 ? fmt::format("the ends of `{}` have no membrane, so no `{}`", s.name(), type.name())
                                                            : fmt::format("`{}` is not inserted in `{}`", type.name(), s.name()));
    return make_mechanism(of(self)->section, x, type);
}

PyObject* get_attribute(PyObject* self, PyObject* name) {
    return guarded_access([&]() -> PyObject* {
        const auto m = meaning(name);
        if (!m) return no_attribute(name, self);
        const double x = of(self)->x;
        switch (m->kind) {
        case Meaning::Generic: return PyObject_GenericGetAttr(self, name);
        case Meaning::Range:
            if (m->range->is_array) return make_range_view(of(self)->section, x, *m->range, false, false);
            if (m->range->is_stream) return to_python(range_stream(*m->range, section(self), x), Returns::Object);
            return PyFloat_FromDouble(range_get(*m->range, section(self), x));
        case Meaning::Reference:
            if (m->range->is_array) return make_range_view(of(self)->section, x, *m->range, true, false);
            return wrap_ref(range_ref(*m->range, section(self), x));
        case Meaning::Mechanism: return get_mechanism(self, *m->mechanism);
        }
        return nullptr;
    });
}

int set_attribute(PyObject* self, PyObject* name, PyObject* value) {
    return guarded(Edge::Access, -1, [&] {
        const auto m = meaning(name);
        if (!m) {
            static_cast<void>(no_attribute(name, self));
            return -1;
        }
        if (m->kind == Meaning::Generic) return PyObject_GenericSetAttr(self, name, value);
        const std::string& text = m->range ? m->range->name : m->mechanism->name();
        if (!value || m->kind != Meaning::Range) throw Error(ErrorKind::Type, fmt::format("`{}` cannot be {}", text, value ? "assigned to" : "deleted"));
        if (m->range->is_array) throw Error(ErrorKind::Index, fmt::format("`{}` is an array: assign to its items", text));
        double number = 0;
        Section& s = section(self);
        if (!range_value(value, text, number)) return -1;
        range_set(*m->range, s, of(self)->x, number);
        return 0;
    });
}

// ---- own attributes and methods -----------------------------------------------------------------------

PyObject* get_x(PyObject* self, void*) { return PyFloat_FromDouble(of(self)->x); }

int set_x(PyObject* self, PyObject* value, void*) {
    double x = 0;
    if (!value || !to_double(value, x)) return value ? -1 : (raise(PyExc_TypeError, "x cannot be deleted"), -1);
    if (!(x >= 0 && x <= 1)) {
        raise(PyExc_ValueError, fmt::format("x must be 0 to 1, not {}", x));
        return -1;
    }
    of(self)->x = x;
    return 0;
}

PyObject* get_sec(PyObject* self, void*) { return Py_NewRef(as_object(of(self)->section)); }

template <double (Model::*Get)(Section&, double)>
PyObject* geometry(PyObject* self, PyObject*) {
    return guarded_access([&] { return PyFloat_FromDouble((runtime().model().*Get)(section(self), of(self)->x)); });
}

PyObject* node_index(PyObject* self, PyObject*) {
    return guarded_access([&] {
        Section& s = section(self);
        runtime().simulation().prepare();
        const auto& nodes = s.model().nodes();
        return PyLong_FromLong(nodes.text_order[nodes.row(s.node_at(of(self)->x))]);
    });
}

int place_index(const Section& s, double x) { return x == 0 ? -1 : x == 1 ? s.nseg() : s.segment_index(x); }

PyObject* point_processes(PyObject* self, PyObject*) {
    return guarded_access([&]() -> PyObject* {
        Section& s = section(self);
        Owned list(PyList_New(0));
        const auto& all = s.point_processes();
        for (auto at = all.rbegin(); at != all.rend(); ++at) {  // newest first, as in the reference
            PointProcess* p = *at;
            if (place_index(s, p->x()) != place_index(s, of(self)->x)) continue;
            Owned item(wrap_object(*p));
            if (!item || PyList_Append(list.get(), item.get()) != 0) return nullptr;
        }
        return list.release();
    });
}

PyObject* iterate(PyObject* self) {
    return guarded_access([&]() -> PyObject* {
        Section& s = section(self);
        Owned list(PyList_New(0));
        const double x = of(self)->x;
        if (x > 0 && x < 1)
            for (const auto* inserted : s.listed(s.segment_index(x)) | std::views::reverse) {  // the newest first, as in the reference
                if (!inserted->type) continue;
                Owned item(make_mechanism(of(self)->section, x, *inserted->type));
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
        const auto add = [&](const std::string& text) {
            Owned item(PyUnicode_FromString(text.c_str()));
            PyList_Append(list.get(), item.get());
        };
        for (const char* text : {"v", "diam", "cm"}) add(text);
        Section& s = section(self);
        for (const MechanismType* type : s.model().inserted(s)) add(type->name());
        return list.release();
    });
}

PyObject* repr(PyObject* self) {
    const Section& s = *of(self)->section->section;
    if (!s.alive()) return PyUnicode_FromString("<segment of deleted section>");
    return PyUnicode_FromString(fmt::format("{}({:.6g})", s.name(), of(self)->x).c_str());
}

Py_hash_t hash(PyObject* self) {
    const Section& s = *of(self)->section->section;
    const int place = s.alive() ? place_index(s, of(self)->x) : 0;
    const Py_hash_t h = _Py_HashPointer(&s) ^ (static_cast<Py_hash_t>(place + 2) * 1000003);
    return h == -1 ? -2 : h;
}

PyObject* compare(PyObject* a, PyObject* b, int op) {
    if (Py_TYPE(b) != Py_TYPE(a) || (op != Py_EQ && op != Py_NE)) Py_RETURN_NOTIMPLEMENTED;
    const Section& s = *of(a)->section->section;
    const bool same = of(a)->section == of(b)->section && (!s.alive() || place_index(s, of(a)->x) == place_index(s, of(b)->x));
    return PyBool_FromLong(same == (op == Py_EQ));
}

void dealloc(PyObject* self) {
    Py_DECREF(as_object(of(self)->section));
    PyTypeObject* type = Py_TYPE(self);
    type->tp_free(self);
    Py_DECREF(type);
}

}  // namespace

PyObject* make_segment(SectionObject* section, double x) {
    auto* o = PyObject_New(SegmentObject, state().segment_type);
    if (!o) return nullptr;
    o->section = reinterpret_cast<SectionObject*>(Py_NewRef(as_object(section)));
    o->x = x;
    return as_object(o);
}

PyObject* wrap_segment(Section& section, double x) {
    Owned wrapper(wrap_section(section));
    return wrapper ? make_segment(reinterpret_cast<SectionObject*>(wrapper.get()), x) : nullptr;
}

ObjectPtr segment_object(PyObject* segment) {
    Section& s = section(segment);
    return ObjectPtr(new Segment(s.model().segment_class(), SectionPtr(&s), of(segment)->x));
}

void define_segment_type(PyObject* module) {
    static PyGetSetDef properties[] = {{"x", get_x, set_x, "position on the section, 0 to 1", nullptr},
                                       {"sec", get_sec, nullptr, "the section", nullptr}, {}};
    static PyMethodDef methods[] = {
        {"area", geometry<&Model::area>, METH_NOARGS, "area() -> membrane area [um2]"},
        {"ri", geometry<&Model::axial_resistance>, METH_NOARGS, "ri() -> axial resistance to the parent side [MOhm]"},
        {"volume", geometry<&Model::segment_volume>, METH_NOARGS, "volume() -> [um3]"},
        {"node_index", node_index, METH_NOARGS, "node_index() -> place of its node when all cells are read in order"},
        {"point_processes", point_processes, METH_NOARGS, "point_processes() -> list of the point processes here"},
        {"__dir__", directory, METH_NOARGS, nullptr}, {}};
    static PyType_Slot slots[] = {
        {Py_tp_dealloc, reinterpret_cast<void*>(dealloc)},
        {Py_tp_repr, reinterpret_cast<void*>(repr)},
        {Py_tp_hash, reinterpret_cast<void*>(hash)},
        {Py_tp_richcompare, reinterpret_cast<void*>(compare)},
        {Py_tp_getattro, reinterpret_cast<void*>(get_attribute)},
        {Py_tp_setattro, reinterpret_cast<void*>(set_attribute)},
        {Py_tp_iter, reinterpret_cast<void*>(iterate)},
        {Py_tp_getset, properties},
        {Py_tp_methods, methods},
        {Py_tp_doc, const_cast<char*>("A place on a section: sec(x). Range variables and mechanisms are attributes: seg.v, seg.hh.gnabar, seg._ref_v.")},
        {0, nullptr}};
    static PyType_Spec spec{"nrn.Segment", sizeof(SegmentObject), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots};
    state().segment_type = reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&spec));
    PyObject_SetAttrString(module, "Segment", as_object(state().segment_type));
}

}  // namespace nrn::python
