// SPDX-License-Identifier: BSD-3-Clause
// nrn.Section: life, attributes, iteration.
#include "section_type.hpp"

#include <cmath>

#include <fmt/format.h>

#include "error/closest_name.hpp"
#include "error_translation.hpp"
#include "model/section_cell.hpp"
#include "name_cache.hpp"
#include "nrn/api/scope.hpp"
#include "object_types.hpp"
#include "value_conversion.hpp"

namespace nrn::python {
namespace {

const char link_owner = 0;

struct SectionLink final : Object::Attachment {
    explicit SectionLink(SectionObject* w) : wrapper(w) { owner = &link_owner; }
    SectionObject* wrapper;  // borrowed
};

SectionObject* wrapper_of(const Section& section) noexcept {
    auto* a = section.attachment();
    return a && a->owner == &link_owner ? static_cast<SectionLink*>(a)->wrapper : nullptr;
}

SectionObject* of(PyObject* o) noexcept { return reinterpret_cast<SectionObject*>(o); }

PyObject* make_wrapper(PyTypeObject* type, Section& section) {
    auto* o = of(type->tp_alloc(type, 0));
    if (!o) return nullptr;
    section.retain();
    o->section = &section;
    section.attach(new SectionLink(o));
    return as_object(o);
}

// ---- life -----------------------------------------------------------------------------------------

PyObject* new_section(PyTypeObject* type, PyObject* args, PyObject* keywords) {
    static const char* names[] = {"name", "cell", nullptr};
    PyObject *name = nullptr, *cell = nullptr;
    if (type == state().section_type) {
        if (!PyArg_ParseTupleAndKeywords(args, keywords, "|UO:Section", const_cast<char**>(names), &name, &cell)) return nullptr;
    } else {  // a subclass may have arguments of its own: its __init__ takes them
        PyObject* only = keywords ? PyDict_GetItemString(keywords, "name") : nullptr;
        if (!only && PyTuple_GET_SIZE(args) > 0) only = PyTuple_GET_ITEM(args, 0);
        if (only && PyUnicode_Check(only)) name = only;
        cell = keywords ? PyDict_GetItemString(keywords, "cell") : nullptr;
    }
    if (cell == Py_None) cell = nullptr;
    return guarded_access([&]() -> PyObject* {
        std::string local = name ? to_text(name) : std::string();
        if (local.find('\0') != std::string::npos) throw Error(ErrorKind::Value, "a section's name cannot hold a null character");
        static std::uintptr_t unnamed = 0;  // a name must be unique in the process, no more
        if (local.empty() && !cell) local = fmt::format("__nrnsec_0x{:x}", ++unnamed);
        const std::string full = cell ? cell_prefix(cell) + "." + local : local;
        SectionPtr section = runtime().model().create_section(full);
        section->made_by_python = true;
        section->local_name = local;
        PyObject* made = make_wrapper(type, *section);
        if (!made) return nullptr;
        if (cell) {
            of(made)->cell = PyWeakref_NewRef(cell, nullptr);
            if (!of(made)->cell) {
                PyErr_Clear();
                of(made)->cell = Py_NewRef(cell);
            }
        }
        return made;
    });
}

int initialise(PyObject*, PyObject*, PyObject*) { return 0; }

void dealloc(PyObject* self) {
    PyTypeObject* type = Py_TYPE(self);
    SectionObject* o = of(self);
    if (o->weakrefs) PyObject_ClearWeakRefs(self);
    Py_CLEAR(o->cell);
    Section* section = std::exchange(o->section, nullptr);
    if (section && !state().shut_down) {
        section->attach(nullptr);
        if (section->made_by_python && section->alive()) {
            PyObject *t, *v, *b;
            PyErr_Fetch(&t, &v, &b);  // we may be here while an exception unwinds
            guarded(Edge::Access, 0, [&] { section->model().delete_section(*section); return 0; });
            if (PyErr_Occurred()) PyErr_WriteUnraisable(nullptr);
            PyErr_Restore(t, v, b);
        }
        section->release();
    }
    type->tp_free(self);
    Py_DECREF(type);
}

// ---- attributes -----------------------------------------------------------------------------------

struct Meaning {
    enum Kind { Generic, Nseg, Length, Resistivity, Rall, Range } kind = Generic;
    const RangeVariable* range = nullptr;
};

NameCache<Meaning>& cache() {
    static auto* c = new NameCache<Meaning>;
    return *c;
}

std::optional<Meaning> meaning(PyObject* name) {
    if (const Meaning* known = cache().find(name)) return *known;
    if (!PyUnicode_Check(name)) return std::nullopt;
    const std::string text = to_text(name);
    Meaning m;
    if (text == "nseg") m.kind = Meaning::Nseg;
    else if (text == "L") m.kind = Meaning::Length;
    else if (text == "Ra") m.kind = Meaning::Resistivity;
    else if (text == "rallbranch") m.kind = Meaning::Rall;
    else if (_PyType_Lookup(state().section_type, name)) m.kind = Meaning::Generic;
    else if (const RangeVariable* rv = runtime().model().range_variable(text)) m = {Meaning::Range, rv};
    else return std::nullopt;
    cache().insert(name, m);
    return m;
}

PyObject* no_attribute(PyObject* name, const Section& section) {
    ClosestName closest(to_text(name));
    offer_names(closest, state().section_type);
    return raise(PyExc_AttributeError, fmt::format("section `{}` has no attribute `{}`{}", section.name(), to_text(name),
                                                   closest.best().empty() ? "" : fmt::format(" (did you mean `{}`?)", closest.best())));
}

PyObject* get_attribute(PyObject* self, PyObject* name) {
    return guarded_access([&]() -> PyObject* {
        const auto m = meaning(name);
        if (!m || m->kind == Meaning::Generic || Py_TYPE(self) != state().section_type) {
            PyObject* found = PyObject_GenericGetAttr(self, name);
            if (found || (m && m->kind == Meaning::Generic) || !PyErr_ExceptionMatches(PyExc_AttributeError)) return found;
            PyErr_Clear();
            if (!m) {
                if (PyUnicode_Check(name) && to_text(name).rfind("__", 0) == 0) return raise(PyExc_AttributeError, to_text(name));
                return no_attribute(name, *require_section(self));
            }
        }
        Section& section = *require_section(self);
        switch (m->kind) {
        case Meaning::Nseg: return PyLong_FromLong(section.nseg());
        case Meaning::Length: return PyFloat_FromDouble(section.length());
        case Meaning::Resistivity: return PyFloat_FromDouble(section.axial_resistivity());
        case Meaning::Rall: return PyFloat_FromDouble(section.rallbranch());
        default: break;
        }
        if (m->range->is_array) return make_range_view(of(self), NAN, *m->range, false, false);
        if (m->range->is_stream) return to_python(range_stream(*m->range, section, 0.5), Returns::Object);
        return PyFloat_FromDouble(range_get(*m->range, section, 0.5));
    });
}

void set_property(Section& section, const Meaning& m, double x) {
    switch (m.kind) {
    case Meaning::Nseg:
        if (x != std::floor(x)) throw Error(ErrorKind::Value, fmt::format("nseg must be a whole number, not {}", x));
        if (!(x >= 1 && x <= 32767)) throw Error(ErrorKind::Value, fmt::format("nseg must be 1 to 32767, not {}", x));
        return section.set_nseg(static_cast<int>(x));
    case Meaning::Length: return section.set_length(x);
    case Meaning::Resistivity: return section.set_axial_resistivity(x);
    case Meaning::Rall: return section.set_rallbranch(x);
    default: return range_set_all(*m.range, section, x);
    }
}

int set_attribute(PyObject* self, PyObject* name, PyObject* value) {
    return guarded(Edge::Access, -1, [&] {
        const auto m = meaning(name);
        if (!m || m->kind == Meaning::Generic) {
            if (Py_TYPE(self) != state().section_type || m) return PyObject_GenericSetAttr(self, name, value);
            static_cast<void>(no_attribute(name, *require_section(self)));
            return -1;
        }
        Section& section = *require_section(self);
        const std::string text = to_text(name);
        if (!value) throw Error(ErrorKind::Type, fmt::format("`{}` cannot be deleted", text));
        if (m->kind == Meaning::Range && m->range->is_array)
            throw Error(ErrorKind::Index, fmt::format("`{}` is an array: assign to its items", text));
        double x = 0;
        if (!range_value(value, text, x)) return -1;
        set_property(section, *m, x);
        return 0;
    });
}

// ---- calling, iterating, comparing ------------------------------------------------------------------

PyObject* call(PyObject* self, PyObject* args, PyObject* keywords) {
    double x = 0.5;
    if (keywords && PyDict_GET_SIZE(keywords)) return raise(PyExc_TypeError, "a section is called with a position only: sec(0.5)");
    const Py_ssize_t n = PyTuple_GET_SIZE(args);
    if (n > 1) return raise(PyExc_TypeError, fmt::format("a section takes one position, not {}", n));
    if (n == 1 && !to_double(PyTuple_GET_ITEM(args, 0), x)) return nullptr;
    return guarded_access([&]() -> PyObject* {
        static_cast<void>(require_section(self));
        if (!(x >= 0 && x <= 1)) return raise(PyExc_ValueError, fmt::format("segment position range is 0 <= x <= 1, not {}", x));
        return make_segment(of(self), x);
    });
}

struct SegmentIterator {
    PyObject_HEAD
    SectionObject* section;
    int at;
};
PyTypeObject* iterator_type = nullptr;

PyObject* iterate(PyObject* self) {
    return guarded_access([&]() -> PyObject* {
        static_cast<void>(require_section(self));
        auto* it = PyObject_New(SegmentIterator, iterator_type);
        if (!it) return nullptr;
        it->section = of(Py_NewRef(self));
        it->at = 0;
        return as_object(it);
    });
}

PyObject* next(PyObject* o) {
    auto* it = reinterpret_cast<SegmentIterator*>(o);
    const Section& section = *it->section->section;
    if (!section.alive() || it->at >= section.nseg()) return nullptr;
    return make_segment(it->section, section.segment_x(it->at++));
}

void iterator_dealloc(PyObject* o) {
    Py_DECREF(as_object(reinterpret_cast<SegmentIterator*>(o)->section));
    PyTypeObject* type = Py_TYPE(o);
    type->tp_free(o);
    Py_DECREF(type);
}

PyObject* repr(PyObject* self) { return PyUnicode_FromString(of(self)->section->name().c_str()); }
Py_hash_t hash(PyObject* self) { return _Py_HashPointer(of(self)->section); }

PyObject* compare(PyObject* a, PyObject* b, int op) {
    if (!PyObject_TypeCheck(b, state().section_type) || (op != Py_EQ && op != Py_NE)) Py_RETURN_NOTIMPLEMENTED;
    return PyBool_FromLong((section_of(a) == section_of(b)) == (op == Py_EQ));
}

int contains(PyObject* self, PyObject* item) {
    if (Py_TYPE(item) != state().segment_type) return 0;
    return reinterpret_cast<SegmentObject*>(item)->section->section == section_of(self);
}

/// Jupyter and `display`.
PyObject* rich_repr(PyObject* self, PyObject*) {
    return guarded_access([&] {
        Section& s = *require_section(self);
        return PyUnicode_FromString(fmt::format("<b>{}</b>: L {:g} um, nseg {}, Ra {:g} ohm cm", s.name(), s.length(), s.nseg(), s.axial_resistivity()).c_str());
    });
}

PyMethodDef rich_method{"_repr_html_", rich_repr, METH_NOARGS, nullptr};

// ---- lists of sections --------------------------------------------------------------------------------

struct SectionsObject {
    PyObject_HEAD
    std::vector<SectionPtr>* sections;
    std::size_t at;
};

PyObject* sections_next(PyObject* o) {
    auto* it = reinterpret_cast<SectionsObject*>(o);
    while (it->at < it->sections->size()) {
        Section& s = *(*it->sections)[it->at++];
        if (s.alive()) return wrap_section(s);
    }
    return nullptr;
}

PyObject* sections_iter(PyObject* o) {
    auto* all = reinterpret_cast<SectionsObject*>(o);
    return guarded_access([&] { return iterate_sections(*all->sections); });
}

void sections_dealloc(PyObject* o) {
    auto* it = reinterpret_cast<SectionsObject*>(o);
    if (!state().shut_down) delete it->sections;
    PyTypeObject* type = Py_TYPE(o);
    type->tp_free(o);
    Py_DECREF(type);
}

}  // namespace

void offer_names(ClosestName& closest, PyTypeObject* type) {
    for (const Symbol* s : runtime().scope().all())
        if (s->kind == Symbol::Kind::RangeVariable || s->kind == Symbol::Kind::SectionProperty) closest.offer(s->name);
    PyObject *key, *value;
    Py_ssize_t at = 0;
    while (PyDict_Next(type->tp_dict, &at, &key, &value)) {
        const std::string name = to_text(key);
        if (name.rfind("_", 0) != 0) closest.offer(name);
    }
}

Section* require_section(PyObject* o) {
    Section* section = section_of(o);
    if (!section || !section->alive()) throw Error(ErrorKind::Reference, "nrn.Section can't access a deleted section");
    return section;
}

bool range_value(PyObject* value, const std::string& name, double& out) {
    if (is_number(value)) return to_double(value, out);
    PyErr_Format(PyExc_ValueError, "bad value: `%s` takes a number, not %.200s", name.c_str(), Py_TYPE(value)->tp_name);
    return false;
}

std::string cell_prefix(PyObject* cell) {
    Owned text(PyObject_Str(cell));
    if (!text) throw_python_error(Carried::AsItself);  // the user's own program failed: its exception as itself
    return to_text(text.get());
}

PyObject* wrap_section(Section& section) {
    if (SectionObject* w = wrapper_of(section)) return Py_NewRef(as_object(w));
    return make_wrapper(state().section_type, section);
}

PyObject* list_of_sections(const std::vector<Section*>& sections) {
    Owned list(PyList_New(0));
    for (Section* s : sections) {
        Owned item(wrap_section(*s));
        if (!list || !item || PyList_Append(list.get(), item.get()) != 0) return nullptr;
    }
    return list.release();
}

PyObject* iterate_sections(std::vector<SectionPtr> sections) {
    auto* o = PyObject_New(SectionsObject, state().sections_type);
    if (!o) return nullptr;
    o->sections = new std::vector<SectionPtr>(std::move(sections));
    o->at = 0;
    return as_object(o);
}

void define_section_type(PyObject* module) {
    static PyMemberDef members[] = {{"__weaklistoffset__", T_PYSSIZET, offsetof(SectionObject, weakrefs), READONLY, nullptr}, {}};
    static PyType_Slot slots[] = {
        {Py_tp_new, reinterpret_cast<void*>(new_section)},
        {Py_tp_init, reinterpret_cast<void*>(initialise)},
        {Py_tp_dealloc, reinterpret_cast<void*>(dealloc)},
        {Py_tp_repr, reinterpret_cast<void*>(repr)},
        {Py_tp_hash, reinterpret_cast<void*>(hash)},
        {Py_tp_richcompare, reinterpret_cast<void*>(compare)},
        {Py_tp_getattro, reinterpret_cast<void*>(get_attribute)},
        {Py_tp_setattro, reinterpret_cast<void*>(set_attribute)},
        {Py_tp_call, reinterpret_cast<void*>(call)},
        {Py_tp_iter, reinterpret_cast<void*>(iterate)},
        {Py_sq_contains, reinterpret_cast<void*>(contains)},
        {Py_tp_methods, section_methods},
        {Py_tp_members, members},
        {Py_tp_doc, const_cast<char*>("Section(name='', cell=None)\n--\n\nAn unbranched cable. sec(0.5) is a place on it, iterating gives its segments.\n"
                                      "L [um], Ra [ohm cm], nseg, rallbranch, and every range variable: sec.diam = 2 sets all segments.")},
        {0, nullptr}};
    static PyType_Spec spec{"nrn.Section", sizeof(SectionObject), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, slots};
    state().section_type = reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&spec));
    foreign_cells(runtime()).of = [](Section& section) -> ObjectPtr {
        const GilGuard gil;
        const SectionObject* wrapper = wrapper_of(section);
        PyObject* cell = wrapper ? wrapper->cell : nullptr;
        if (cell && PyWeakref_Check(cell)) cell = PyWeakref_GetObject(cell);
        if (!cell || cell == Py_None) return {};
        const Value value = to_value(cell);
        return value.is_object() ? ObjectPtr(value.object()) : ObjectPtr();
    };
    for (const char* name : {"L", "Ra", "nseg", "rallbranch"}) {  // for dir() and help()
        Owned doc(PyUnicode_FromFormat("property %s of the whole section", name));
        PyDict_SetItemString(state().section_type->tp_dict, name, doc.get());
    }
    Owned rich(PyDescr_NewMethod(state().section_type, &rich_method));
    PyDict_SetItemString(state().section_type->tp_dict, rich_method.ml_name, rich.get());
    PyType_Modified(state().section_type);
    PyObject_SetAttrString(module, "Section", as_object(state().section_type));

    static PyType_Slot iterator_slots[] = {{Py_tp_dealloc, reinterpret_cast<void*>(iterator_dealloc)},
                                           {Py_tp_iter, reinterpret_cast<void*>(PyObject_SelfIter)},
                                           {Py_tp_iternext, reinterpret_cast<void*>(next)},
                                           {0, nullptr}};
    static PyType_Spec iterator_spec{"nrn.SegOfSecIter", sizeof(SegmentIterator), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, iterator_slots};
    iterator_type = reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&iterator_spec));

    static PyType_Slot sections_slots[] = {{Py_tp_dealloc, reinterpret_cast<void*>(sections_dealloc)},
                                           {Py_tp_iter, reinterpret_cast<void*>(sections_iter)},
                                           {Py_tp_iternext, reinterpret_cast<void*>(sections_next)},
                                           {0, nullptr}};
    static PyType_Spec sections_spec{"nrn.SectionIterator", sizeof(SectionsObject), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, sections_slots};
    state().sections_type = reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&sections_spec));
    PyObject_SetAttrString(module, "SectionIterator", as_object(state().sections_type));
}

}  // namespace nrn::python
