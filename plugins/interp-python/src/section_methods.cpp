// SPDX-License-Identifier: BSD-3-Clause
// Methods of nrn.Section.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "error_translation.hpp"
#include "model/mechanism_type.hpp"
#include "nrn/api/scope.hpp"
#include "object_types.hpp"
#include "section_type.hpp"
#include "value_conversion.hpp"

namespace nrn::python {
namespace {

SectionObject* of(PyObject* o) noexcept { return reinterpret_cast<SectionObject*>(o); }

PyObject* name(PyObject* self, PyObject*) {
    return guarded_access([&] { return PyUnicode_FromString(require_section(self)->name().c_str()); });
}

std::string internal_name(const Section& s) {
    if (s.given_name().rfind("__nrnsec_", 0) == 0) return s.given_name();
    return fmt::format("__nrnsec_0x{:x}", reinterpret_cast<std::uintptr_t>(&s));
}

PyObject* hoc_internal_name(PyObject* self, PyObject*) {
    return guarded_access([&] {
        Section& s = *require_section(self);
        const std::string text = internal_name(s);
        // From now on Hoc text can name it. The symbol holds the object; a deleted section stays an error there.
        Scope& scope = runtime().scope();
        if (!scope.find(text)) static_cast<void>(scope.define_sections(text, {ObjectPtr(&s)}));
        return PyUnicode_FromString(text.c_str());
    });
}

PyObject* cell(PyObject* self, PyObject*) {
    return guarded_access([&]() -> PyObject* {
        Section& s = *require_section(self);
        if (PyObject* c = of(self)->cell) {
            if (!PyWeakref_Check(c)) return Py_NewRef(c);
            return Py_NewRef(PyWeakref_GetObject(c));
        }
        if (s.owner()) return wrap_object(*s.owner());
        Py_RETURN_NONE;
    });
}

PyObject* same(PyObject* self, PyObject* other) {
    return PyBool_FromLong(PyObject_TypeCheck(other, state().section_type) && section_of(self) == section_of(other));
}

PyObject* is_pysec(PyObject* self, PyObject*) {
    return guarded_access([&] { return PyBool_FromLong(require_section(self)->made_by_python); });
}

// ---- topology -------------------------------------------------------------------------------------

PyObject* connect(PyObject* self, PyObject* args) {
    return guarded_call([&]() -> PyObject* {
        Section& child = *require_section(self);
        const Py_ssize_t n = PyTuple_GET_SIZE(args);
        if (n < 1) return raise(PyExc_TypeError, "connect needs the parent: connect(parent_section, parent_x=1, child_end=0) or connect(parent(x), child_end=0)");
        PyObject* first = PyTuple_GET_ITEM(args, 0);
        double parent_x = 1, child_end = 0;
        const auto number = [&](Py_ssize_t i, double& x) { return n <= i || to_double(PyTuple_GET_ITEM(args, i), x); };
        PyObject* parent = nullptr;
        if (Py_TYPE(first) == state().segment_type) {
            if (n > 2) return raise(PyExc_TypeError, "connect(parent(x), child_end) takes two arguments");
            parent = as_object(reinterpret_cast<SegmentObject*>(first)->section);
            parent_x = reinterpret_cast<SegmentObject*>(first)->x;
            if (!number(1, child_end)) return nullptr;
        } else if (PyObject_TypeCheck(first, state().section_type)) {
            if (n > 3) return raise(PyExc_TypeError, "connect(parent, parent_x, child_end) takes three arguments");
            parent = first;
            if (!number(1, parent_x) || !number(2, child_end)) return nullptr;
        } else {
            return raise(PyExc_TypeError, fmt::format("the parent must be a Section or Segment, not {}", Py_TYPE(first)->tp_name));
        }
        if (!(parent_x >= 0 && parent_x <= 1)) return raise(PyExc_ValueError, fmt::format("parent connection point must be 0 to 1, not {}", parent_x));
        if (child_end != 0 && child_end != 1) return raise(PyExc_ValueError, fmt::format("the child's end must be 0 or 1, not {}", child_end));
        child.model().connect(child, child_end, *require_section(parent), parent_x);
        return Py_NewRef(self);
    });
}

PyObject* disconnect(PyObject* self, PyObject*) {
    return guarded_call([&]() -> PyObject* {
        Section& s = *require_section(self);
        s.model().disconnect(s);
        Py_RETURN_NONE;
    });
}

PyObject* parentseg(PyObject* self, PyObject*) {
    return guarded_access([&]() -> PyObject* {
        Section& s = *require_section(self);
        if (!s.parent()) Py_RETURN_NONE;
        return wrap_segment(*s.parent(), s.parent_x());
    });
}

PyObject* trueparentseg(PyObject* self, PyObject*) {
    return guarded_access([&]() -> PyObject* {
        const Section* s = require_section(self);
        // A connection to the parent's own root-side end is one to the parent's parent.
        while (s->parent() && s->parent_x() == s->parent()->child_end()) s = s->parent();
        if (!s->parent()) Py_RETURN_NONE;
        return wrap_segment(*s->parent(), s->parent_x());
    });
}

PyObject* orientation(PyObject* self, PyObject*) {
    return guarded_access([&] { return PyFloat_FromDouble(require_section(self)->child_end()); });
}

/// By distance from the root-side end, newest first where equal.
std::vector<Section*> ordered_children(const Section& s) {
    std::vector<Section*> all = s.children();
    std::stable_sort(all.begin(), all.end(), [&](const Section* a, const Section* b) {
        return std::fabs(a->parent_x() - s.child_end()) < std::fabs(b->parent_x() - s.child_end());
    });
    return all;
}

void collect_subtree(Section& root, std::vector<Section*>& all) {
    std::vector<Section*> pending{&root};  // no recursion: trees may be deep
    while (!pending.empty()) {
        Section* s = pending.back();
        pending.pop_back();
        all.push_back(s);
        const auto children = ordered_children(*s);
        pending.insert(pending.end(), children.rbegin(), children.rend());
    }
}

PyObject* children(PyObject* self, PyObject*) {
    return guarded_access([&] { return list_of_sections(ordered_children(*require_section(self))); });
}

PyObject* subtree(PyObject* self, PyObject*) {
    return guarded_access([&] {
        std::vector<Section*> all;
        collect_subtree(*require_section(self), all);
        return list_of_sections(all);
    });
}

PyObject* wholetree(PyObject* self, PyObject*) {
    return guarded_access([&] {
        std::vector<Section*> all;
        collect_subtree(require_section(self)->root(), all);
        return list_of_sections(all);
    });
}

PyObject* allseg(PyObject* self, PyObject*) {
    return guarded_access([&]() -> PyObject* {
        Section& s = *require_section(self);
        Owned list(PyList_New(s.nseg() + 2));
        for (int i = 0; i < s.nseg() + 2; ++i) {
            PyObject* seg = make_segment(of(self), i == 0 ? 0 : i > s.nseg() ? 1 : s.segment_x(i - 1));
            if (!seg) return nullptr;
            PyList_SET_ITEM(list.get(), i, seg);
        }
        return PyObject_GetIter(list.get());
    });
}

PyObject* push(PyObject* self, PyObject*) {
    return guarded_access([&]() -> PyObject* {
        Section& s = *require_section(self);
        s.model().stack().push(SectionPtr(&s));
        return Py_NewRef(self);
    });
}

// ---- mechanisms -----------------------------------------------------------------------------------

/// A mechanism by name, or by an object that has a name (DensityMechanism, a Mechanism of a segment).
MechanismType* density_mechanism(PyObject* which) {
    if (Py_TYPE(which) == state().mechanism_type) return reinterpret_cast<MechanismObject*>(which)->type;
    Owned text;
    if (PyUnicode_Check(which)) {
        text = Owned::borrowed(which);
    } else {
        text = Owned(PyObject_GetAttrString(which, "name"));
        PyErr_Clear();
        if (!text || !PyUnicode_Check(text.get())) {
            PyErr_Format(PyExc_TypeError, "a mechanism's name is needed here, not %.200s", Py_TYPE(which)->tp_name);
            return nullptr;
        }
    }
    try {
        MechanismType& type = runtime().model().require_mechanism(to_text(text.get()));
        if (!type.is_point_process() && !type.is_artificial()) return &type;
        raise(PyExc_ValueError, fmt::format("argument not a density mechanism name: `{}` is a point process", type.name()));
    } catch (const Error& error) {
        raise(PyExc_ValueError, describe(error));
    }
    return nullptr;
}

PyObject* insert(PyObject* self, PyObject* which) {
    return guarded_access([&]() -> PyObject* {
        Section& s = *require_section(self);
        MechanismType* type = density_mechanism(which);
        if (!type) return nullptr;
        s.model().insert(s, *type);
        return Py_NewRef(self);
    });
}

PyObject* uninsert(PyObject* self, PyObject* which) {
    return guarded_access([&]() -> PyObject* {
        Section& s = *require_section(self);
        MechanismType* type = density_mechanism(which);
        if (!type) return nullptr;
        s.model().uninsert(s, *type);
        return Py_NewRef(self);
    });
}

PyObject* has_membrane(PyObject* self, PyObject* which) {
    return guarded_access([&]() -> PyObject* {
        Section& s = *require_section(self);
        if (PyUnicode_Check(which) && !s.model().mechanism(to_text(which))) Py_RETURN_FALSE;  // not even known
        MechanismType* type = density_mechanism(which);
        return type ? PyBool_FromLong(s.model().is_inserted(s, *type)) : nullptr;
    });
}

PyObject* psection(PyObject* self, PyObject*) {
    Owned function(PyObject_GetAttrString(state().nrn_module, "_psection"));
    return function ? PyObject_CallOneArg(function.get(), self) : nullptr;
}

/// The pending HocError as a Point3dError; as a TypeError where arguments are missing or of the wrong kind.
void as_point_error() {
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    Owned old(value), old_type(type), old_traceback(traceback), text(PyObject_Str(value));
    Owned kind(PyObject_GetAttrString(value, "kind"));
    PyErr_Clear();
    const bool wrong_arguments = kind && (PyUnicode_CompareWithASCIIString(kind.get(), label(ErrorKind::Argument)) == 0 ||
                                          PyUnicode_CompareWithASCIIString(kind.get(), label(ErrorKind::Type)) == 0);
    if (text) PyErr_SetObject(wrong_arguments ? PyExc_TypeError : state().point_error, text.get());
}

/// A top-level function that acts on the section, as a method of it.
template <const char* Name, Returns Kind>
PyObject* forwarded(PyObject* self, PyObject* const* args, Py_ssize_t n) {
    PyObject* result = guarded_call([&]() -> PyObject* {
        Section& s = *require_section(self);
        Symbol* symbol = runtime().scope().find(Name);
        if (!symbol || !symbol->callable) throw Error(ErrorKind::Unsupported, fmt::format("this build has no `{}`", Name));
        ArgumentList list(args, static_cast<std::size_t>(n));
        CallArgs call(runtime(), Name, list.values());
        call.texts_are_values = true;
        call.explicit_section = &s;
        const SectionStack::Guard guard(s.model().stack(), &s);
        const Value result = symbol->callable->call(call);
        if (Kind == Returns::Nothing) Py_RETURN_NONE;
        return to_python(result, Kind == Returns::Any ? symbol->callable->returns() : Kind);
    });
    if (!result && PyErr_ExceptionMatches(state().hoc_error)) as_point_error();
    return result;
}

#define NRN_FORWARDED(name, returns, doc) \
    {#name, reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(forwarded<name_##name, returns>)), METH_FASTCALL, doc}
constexpr char name_n3d[] = "n3d", name_x3d[] = "x3d", name_y3d[] = "y3d", name_z3d[] = "z3d", name_diam3d[] = "diam3d", name_arc3d[] = "arc3d",
               name_spine3d[] = "spine3d", name_pt3dadd[] = "pt3dadd", name_pt3dinsert[] = "pt3dinsert", name_pt3dchange[] = "pt3dchange",
               name_pt3dremove[] = "pt3dremove", name_pt3dclear[] = "pt3dclear", name_pt3dstyle[] = "pt3dstyle";

}  // namespace

PyMethodDef section_methods[] = {
    {"name", name, METH_NOARGS, "name() -> str\nThe name it was made with, after its cell's."},
    {"hname", name, METH_NOARGS, "hname() -> str\nSame as name()."},
    {"hoc_internal_name", hoc_internal_name, METH_NOARGS, "hoc_internal_name() -> str\nA unique name by which Hoc text can access the section."},
    {"cell", cell, METH_NOARGS, "cell() -> the object given as cell= or the template instance that owns it, or None"},
    {"same", same, METH_O, "same(other) -> bool"},
    {"is_pysec", is_pysec, METH_NOARGS, "is_pysec() -> bool\nWas it made in Python?"},
    {"connect", connect, METH_VARARGS, "connect(parent, parent_x=1, child_end=0) or connect(parent(x), child_end=0) -> self\nJoins this section, as the child, to a parent section."},
    {"disconnect", disconnect, METH_NOARGS, "disconnect()\nDetaches from the parent."},
    {"parentseg", parentseg, METH_NOARGS, "parentseg() -> Segment or None\nWhere on the parent it is connected."},
    {"trueparentseg", trueparentseg, METH_NOARGS, "trueparentseg() -> Segment or None\nThe first connection toward the root that is not at a root-side end."},
    {"orientation", orientation, METH_NOARGS, "orientation() -> 0.0 or 1.0\nThe end that is toward the root."},
    {"children", children, METH_NOARGS, "children() -> list of sections, by distance from the root-side end"},
    {"subtree", subtree, METH_NOARGS, "subtree() -> list: this section and all beyond it"},
    {"wholetree", wholetree, METH_NOARGS, "wholetree() -> list of all sections of its tree"},
    {"allseg", allseg, METH_NOARGS, "allseg() -> iterator over segments with both ends"},
    {"push", push, METH_NOARGS, "push() -> self\nMakes it the accessed section until h.pop_section()."},
    {"insert", insert, METH_O, "insert(mechanism) -> self\nAdds a density mechanism, by name or DensityMechanism."},
    {"uninsert", uninsert, METH_O, "uninsert(mechanism) -> self"},
    {"has_membrane", has_membrane, METH_O, "has_membrane(name) -> bool"},
    {"psection", psection, METH_NOARGS, "psection() -> dict with everything there is to know of the section"},
    NRN_FORWARDED(n3d, Returns::Int, "n3d() -> number of 3-D points"),
    NRN_FORWARDED(x3d, Returns::Number, "x3d(i) -> x of point i [um]"),
    NRN_FORWARDED(y3d, Returns::Number, "y3d(i) -> y of point i [um]"),
    NRN_FORWARDED(z3d, Returns::Number, "z3d(i) -> z of point i [um]"),
    NRN_FORWARDED(diam3d, Returns::Number, "diam3d(i) -> diameter at point i [um]"),
    NRN_FORWARDED(arc3d, Returns::Number, "arc3d(i) -> distance of point i along the section [um]"),
    NRN_FORWARDED(spine3d, Returns::Bool, "spine3d(i) -> does the point mark a spine?"),
    NRN_FORWARDED(pt3dadd, Returns::Nothing, "pt3dadd(x, y, z, diam) [um]\nAdds a point at the end; Vectors add many."),
    NRN_FORWARDED(pt3dinsert, Returns::Nothing, "pt3dinsert(i, x, y, z, diam)"),
    NRN_FORWARDED(pt3dchange, Returns::Nothing, "pt3dchange(i, x, y, z, diam) or pt3dchange(i, diam)"),
    NRN_FORWARDED(pt3dremove, Returns::Nothing, "pt3dremove(i)"),
    NRN_FORWARDED(pt3dclear, Returns::Int, "pt3dclear() removes all points"),
    NRN_FORWARDED(pt3dstyle, Returns::Bool, "pt3dstyle() -> connection style"),
    {}};

}  // namespace nrn::python
