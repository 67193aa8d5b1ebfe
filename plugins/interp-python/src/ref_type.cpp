// SPDX-License-Identifier: BSD-3-Clause
// References as Python objects.
#include "ref_type.hpp"

#include <cstring>

#include <fmt/format.h>

#include "cycle_collection.hpp"
#include "error_translation.hpp"
#include "nrn/api/holder.hpp"
#include "nrn/api/scope.hpp"
#include "value_conversion.hpp"

namespace nrn::python {
namespace {

struct RefObject {
    PyObject_HEAD
    Ref* ref;
    PyObject* weakrefs;
};

Ref& of(PyObject* o) {
    if (Ref* ref = reinterpret_cast<RefObject*>(o)->ref) return *ref;
    throw Error(ErrorKind::Reference, "the reference is gone");
}

PyObject* get_item(PyObject* self, Py_ssize_t i) {
    return guarded_access([&]() -> PyObject* {
        const Ref& ref = of(self);
        if (i == 0) return to_python(ref.get());
        if (i < 0 || static_cast<std::size_t>(i) >= ref.length())
            return raise(PyExc_IndexError, fmt::format("index {} of a reference with {} item{}", i, ref.length(), ref.length() == 1 ? "" : "s"));
        return PyFloat_FromDouble(ref.data()[i]);
    });
}

int set_item(PyObject* self, Py_ssize_t i, PyObject* value) {
    return guarded(Edge::Access, -1, [&] {
        const Ref& ref = of(self);
        if (!value) throw Error(ErrorKind::Type, "items of a reference cannot be deleted");
        if (i == 0) {
            const Value converted = to_value(value);
            ref.set(converted);
            return 0;
        }
        if (i < 0 || static_cast<std::size_t>(i) >= ref.length())
            throw Error(ErrorKind::Index, fmt::format("index {} of a reference with {} items", i, ref.length()));
        double x = 0;
        if (!to_double(value, x)) return -1;
        ref.data()[i] = x;
        return 0;
    });
}

PyObject* repr(PyObject* self) {
    return guarded_access([&]() -> PyObject* {
        const Ref& ref = of(self);
        if (!ref.valid()) return PyUnicode_FromString("<pointer to nothing: what it referred to is gone>");
        const std::string name = ref.name();
        Owned value(to_python(ref.get()));
        if (!value) return nullptr;
        return name.empty() ? PyUnicode_FromFormat("<pointer to hoc value %R>", value.get())
                            : PyUnicode_FromFormat("<pointer to %s: %R>", name.c_str(), value.get());
    });
}

PyObject* compare(PyObject* a, PyObject* b, int op) {
    if (Py_TYPE(a) != Py_TYPE(b) || (op != Py_EQ && op != Py_NE)) Py_RETURN_NOTIMPLEMENTED;
    return guarded_access([&] { return PyBool_FromLong((&of(a) == &of(b) || of(a).same(of(b))) == (op == Py_EQ)); });
}

// Equal references must hash alike, and what they refer to is known by name only: one bucket per type.
Py_hash_t hash(PyObject* self) {
    return guarded(Edge::Access, Py_hash_t(-1), [&] {
        const auto h = static_cast<Py_hash_t>(std::hash<std::string>{}(of(self).name()) >> 1);
        return h == -1 ? Py_hash_t(0) : h;
    });
}

int let_go(PyObject* self) {
    if (Ref* ref = std::exchange(reinterpret_cast<RefObject*>(self)->ref, nullptr); ref && !state().shut_down) ref->release();
    return 0;
}

int traverse(PyObject* self, visitproc visit, void* arg) {
    Py_VISIT(Py_TYPE(self));
    const Ref* ref = reinterpret_cast<RefObject*>(self)->ref;
    return ref && !state().shut_down ? traverse_owned(*ref, visit, arg) : 0;
}

void dealloc(PyObject* self) {
    auto* o = reinterpret_cast<RefObject*>(self);
    PyObject_GC_UnTrack(self);
    if (o->weakrefs) PyObject_ClearWeakRefs(self);
    let_go(self);
    PyTypeObject* type = Py_TYPE(self);
    type->tp_free(self);
    Py_DECREF(type);
}

/// Keeps the buffer locked, so that the array cannot be resized under us.
class BufferRef final : public Ref {
  public:
    BufferRef(PyObject* array, Py_ssize_t index) {
        if (PyObject_GetBuffer(array, &view_, PyBUF_FORMAT | PyBUF_STRIDES | PyBUF_WRITABLE) != 0) throw_python_error();
        const bool doubles = view_.format && std::strcmp(view_.format, "d") == 0 && view_.ndim == 1;
        const Py_ssize_t n = view_.ndim == 1 ? view_.shape[0] : 0;
        if (!doubles || index < 0 || index >= n) {
            PyBuffer_Release(&view_);
            if (!doubles) throw Error(ErrorKind::Type, "numpy_element_ref needs a one-dimensional array of float64");
            throw Error(ErrorKind::Index, fmt::format("index {} is out of range 0 to {}", index, n - 1));
        }
        element_ = reinterpret_cast<double*>(static_cast<char*>(view_.buf) + index * view_.strides[0]);
    }
    ~BufferRef() override {
        if (!Py_IsInitialized()) return;
        GilGuard gil;
        PyBuffer_Release(&view_);
    }
    [[nodiscard]] double* data() const override { return element_; }
    [[nodiscard]] bool same(const Ref& other) const override {
        const auto* o = dynamic_cast<const BufferRef*>(&other);
        return o && o->element_ == element_;
    }

  private:
    Py_buffer view_{};
    double* element_ = nullptr;
};

}  // namespace

PyObject* wrap_ref(RefPtr ref) {
    auto* o = PyObject_GC_New(RefObject, state().ref_type);
    if (!o) return nullptr;
    o->ref = ref.detach();
    o->weakrefs = nullptr;
    // Most refer to numbers of sections and Vectors: the collector need not look at those.
    if (dynamic_cast<const Holder*>(o->ref)) PyObject_GC_Track(as_object(o));
    return as_object(o);
}

RefPtr ref_of(PyObject* object) { return RefPtr(&of(object)); }

PyObject* make_ref(PyObject*, PyObject* args) {
    PyObject* value = nullptr;
    if (!PyArg_ParseTuple(args, "O:ref", &value)) return nullptr;
    return guarded_access([&] { return wrap_ref(make_cell(to_value(value))); });
}

PyObject* numpy_element_ref(PyObject*, PyObject* args) {
    PyObject* array = nullptr;
    Py_ssize_t index = 0;
    if (!PyArg_ParseTuple(args, "On:numpy_element_ref", &array, &index)) return nullptr;
    return guarded_access([&] { return wrap_ref(make_counted<BufferRef>(array, index)); });
}

void define_ref_type(PyObject* module) {
    static PyMemberDef members[] = {{"__weaklistoffset__", T_PYSSIZET, offsetof(RefObject, weakrefs), READONLY, nullptr}, {}};
    static PyType_Slot slots[] = {
        {Py_tp_dealloc, reinterpret_cast<void*>(dealloc)},
        {Py_tp_traverse, reinterpret_cast<void*>(traverse)},
        {Py_tp_clear, reinterpret_cast<void*>(let_go)},
        {Py_tp_repr, reinterpret_cast<void*>(repr)},
        {Py_tp_hash, reinterpret_cast<void*>(hash)},
        {Py_tp_richcompare, reinterpret_cast<void*>(compare)},
        {Py_sq_item, reinterpret_cast<void*>(get_item)},
        {Py_sq_ass_item, reinterpret_cast<void*>(set_item)},
        {Py_tp_members, members},
        {Py_tp_doc, const_cast<char*>("A reference to one datum: r[0] reads it, r[0] = x writes it.")},
        {0, nullptr}};
    static PyType_Spec spec{"hoc.HocRef", sizeof(RefObject), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots};
    state().ref_type = reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&spec));
    PyObject_SetAttrString(module, "HocRef", as_object(state().ref_type));
}

}  // namespace nrn::python
