// SPDX-License-Identifier: BSD-3-Clause
// Views of array variables.
#include "array_type.hpp"

#include <fmt/format.h>

#include "error_translation.hpp"
#include "foreign_object.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/scope.hpp"
#include "ref_type.hpp"
#include "value_conversion.hpp"

namespace nrn::python {
namespace {

constexpr int kMaxRank = 8;

struct ArrayObject {
    PyObject_HEAD
    Symbol* symbol;        // top-level array, or
    const Member* member;  // an object's
    Object* object;        // owned
    bool references;
    int n_index;
    long index[kMaxRank];
};

ArrayObject* of(PyObject* o) noexcept { return reinterpret_cast<ArrayObject*>(o); }

std::vector<long> dims_of(const ArrayObject* a) { return a->symbol ? a->symbol->dims : a->member->dims(*a->object); }

std::string name_of(const ArrayObject* a) {
    std::string text = a->symbol ? a->symbol->name : a->object->name() + "." + a->member->name();
    for (int i = 0; i < a->n_index; ++i) text += fmt::format("[{}]", a->index[i]);
    return text;
}

PyObject* make(Symbol* symbol, const Member* member, Object* object, bool references) {
    auto* a = PyObject_New(ArrayObject, state().array_type);
    if (!a) return nullptr;
    a->symbol = symbol;
    a->member = member;
    a->object = object;
    if (object) object->retain();
    a->references = references;
    a->n_index = 0;
    return as_object(a);
}

PyObject* number(double x) { return PyFloat_FromDouble(x); }

std::size_t flat(const std::vector<long>& dims, const long* index) {
    std::size_t at = 0;
    for (std::size_t i = 0; i < dims.size(); ++i) at = at * static_cast<std::size_t>(dims[i]) + static_cast<std::size_t>(index[i]);
    return at;
}

void require_rank(const ArrayObject* a, const std::vector<long>& dims) {
    if (static_cast<std::size_t>(a->n_index) >= dims.size() || a->n_index >= kMaxRank - 1)
        throw Error(ErrorKind::Index, fmt::format("`{}` has no further index", name_of(a)));
}

/// Writes the full index to `index`; true when it is complete.
bool extend_index(const ArrayObject* a, Py_ssize_t i, const std::vector<long>& dims, long* index) {
    require_rank(a, dims);
    const long n = dims[static_cast<std::size_t>(a->n_index)];
    if (i < 0 || i >= n)
        throw Error(ErrorKind::Index, n ? fmt::format("index {} of `{}` is out of range 0 to {}", i, name_of(a), n - 1)
                                        : fmt::format("index {} of `{}`, which is empty", i, name_of(a)));
    for (int k = 0; k < a->n_index; ++k) index[k] = a->index[k];
    index[a->n_index] = static_cast<long>(i);
    return static_cast<std::size_t>(a->n_index) + 1 == dims.size();
}

/// The numbers themselves where that is simple: `vec.x[i]`, which programs read and write in loops.
std::span<double> numbers_of(const ArrayObject* a) {
    return a->object && !a->references && a->object->cls().is_buffer() && a->member->name() == "x" ? a->object->cls().buffer(*a->object) : std::span<double>();
}

PyObject* get_item(PyObject* self, Py_ssize_t i) {
    return guarded_access([&]() -> PyObject* {
        ArrayObject* a = of(self);
        if (const auto x = numbers_of(a); i >= 0 && static_cast<std::size_t>(i) < x.size()) return number(x[static_cast<std::size_t>(i)]);
        const std::vector<long> dims = dims_of(a);
        long index[kMaxRank];
        if (!extend_index(a, i, dims, index)) {
            PyObject* deeper = make(a->symbol, a->member, a->object, a->references);
            if (!deeper) return nullptr;
            of(deeper)->n_index = a->n_index + 1;
            std::copy(index, index + a->n_index + 1, of(deeper)->index);
            return deeper;
        }
        const Indices full(index, dims.size());
        if (a->symbol) {
            const std::size_t at = flat(dims, index);
            return a->references ? wrap_ref(symbol_ref(*a->symbol, at)) : symbol_element(*a->symbol, at);
        }
        if (a->references) return wrap_ref(a->member->ref(*a->object, full));
        if (a->member->kind() == Member::Kind::Number)
            if (const double* x = a->member->data(*a->object, full)) return number(*x);
        return to_python(a->member->get(*a->object, full));
    });
}

int set_item(PyObject* self, Py_ssize_t i, PyObject* value) {
    return guarded(Edge::Access, -1, [&] {
        ArrayObject* a = of(self);
        if (!value) throw Error(ErrorKind::Type, fmt::format("items of `{}` cannot be deleted", name_of(a)));
        if (a->references) throw Error(ErrorKind::Type, "a reference is taken from here by index; assign to its item [0]");
        if (const auto x = numbers_of(a); i >= 0 && static_cast<std::size_t>(i) < x.size() && PyFloat_CheckExact(value)) {
            x[static_cast<std::size_t>(i)] = PyFloat_AS_DOUBLE(value);
            return 0;
        }
        const std::vector<long> dims = dims_of(a);
        long index[kMaxRank];
        if (!extend_index(a, i, dims, index))
            throw Error(ErrorKind::Type, fmt::format("`{}` has {} indices: a whole row cannot be assigned to", name_of(a), dims.size()));
        if (a->symbol) {
            set_symbol_element(*a->symbol, flat(dims, index), value);
            return PyErr_Occurred() ? -1 : 0;
        }
        if (a->member->kind() == Member::Kind::Number) {
            double x = 0;
            if (!to_double(value, x)) return -1;
            a->member->set(*a->object, Indices(index, dims.size()), x);
            return 0;
        }
        a->member->set(*a->object, Indices(index, dims.size()), to_value(value));
        return 0;
    });
}

Py_ssize_t length(PyObject* self) {
    return guarded(Edge::Access, Py_ssize_t(-1), [&] {
        const std::vector<long> dims = dims_of(of(self));
        require_rank(of(self), dims);
        return static_cast<Py_ssize_t>(dims[static_cast<std::size_t>(of(self)->n_index)]);
    });
}

PyObject* get_slice(PyObject* self, PyObject* slice) {
    Py_ssize_t start, stop, step;
    const Py_ssize_t n = length(self);
    if (n < 0 || PySlice_Unpack(slice, &start, &stop, &step) != 0) return nullptr;
    const Py_ssize_t count = PySlice_AdjustIndices(n, &start, &stop, step);
    Owned list(PyList_New(count));
    for (Py_ssize_t k = 0; list && k < count; ++k) {
        PyObject* item = get_item(self, start + k * step);
        if (!item) return nullptr;
        PyList_SET_ITEM(list.get(), k, item);
    }
    return list.release();
}

PyObject* subscript(PyObject* self, PyObject* key) {
    if (PySlice_Check(key)) return get_slice(self, key);
    const Py_ssize_t i = PyNumber_AsSsize_t(key, PyExc_IndexError);
    if (i == -1 && PyErr_Occurred()) return nullptr;
    return get_item(self, i);
}

int set_slice(PyObject* self, PyObject* slice, PyObject* values) {
    Py_ssize_t start, stop, step;
    const Py_ssize_t n = length(self);
    if (n < 0 || PySlice_Unpack(slice, &start, &stop, &step) != 0) return -1;
    const Py_ssize_t count = PySlice_AdjustIndices(n, &start, &stop, step);
    Owned items(PySequence_Fast(values, "a slice is assigned from a sequence"));
    if (!items) return -1;
    if (PySequence_Fast_GET_SIZE(items.get()) != count) {
        PyErr_Format(PyExc_IndexError, "a slice of %zd items cannot take %zd", count, PySequence_Fast_GET_SIZE(items.get()));
        return -1;
    }
    for (Py_ssize_t k = 0; k < count && k < PySequence_Fast_GET_SIZE(items.get()); ++k) {  // an item's conversion may change the list
        const Owned item(Py_NewRef(PySequence_Fast_GET_ITEM(items.get(), k)));
        if (set_item(self, start + k * step, item.get()) != 0) return -1;
    }
    return 0;
}

int set_subscript(PyObject* self, PyObject* key, PyObject* value) {
    if (PySlice_Check(key) && value) return set_slice(self, key, value);
    const Py_ssize_t i = PyNumber_AsSsize_t(key, PyExc_IndexError);
    if (i == -1 && PyErr_Occurred()) return -1;
    return set_item(self, i, value);
}

PyObject* repr(PyObject* self) {
    return guarded_access([&] { return PyUnicode_FromFormat("%s[?]", name_of(of(self)).c_str()); });
}

void dealloc(PyObject* self) {
    if (of(self)->object && !state().shut_down) of(self)->object->release();
    PyTypeObject* type = Py_TYPE(self);
    type->tp_free(self);
    Py_DECREF(type);
}

}  // namespace

PyObject* view_symbol_array(Symbol& symbol, bool references) { return make(&symbol, nullptr, nullptr, references); }
PyObject* view_member_array(const Member& member, Object& object, bool references) { return make(nullptr, &member, &object, references); }

PyObject* symbol_element(Symbol& symbol, std::size_t at) {
    switch (symbol.kind) {
    case Symbol::Kind::Number: return number(symbol.data[at]);
    case Symbol::Kind::String: return to_python(symbol.string);
    case Symbol::Kind::ObjectVar: return to_python(symbol.objects[at]);
    case Symbol::Kind::Sections:
        if (!symbol.objects[at] || !symbol.objects[at]->alive())
            throw Error(ErrorKind::Reference, fmt::format("section `{}` was deleted", symbol.name));
        return to_python(symbol.objects[at]);
    default: throw Error(ErrorKind::Type, fmt::format("`{}` is no variable", symbol.name));
    }
}

void set_symbol_element(Symbol& symbol, std::size_t at, PyObject* value) {
    if (symbol.read_only) throw Error(ErrorKind::Type, fmt::format("`{}` is read-only", symbol.name));
    switch (symbol.kind) {
    case Symbol::Kind::Number: {
        double x = 0;
        if (!to_double(value, x)) return;
        const double old = symbol.data[at];
        symbol.data[at] = x;
        if (symbol.assigned) symbol.assigned(symbol, old);
        return;
    }
    case Symbol::Kind::String:
        if (!PyUnicode_Check(value))
            throw Error(ErrorKind::Type, fmt::format("`{}` is a string; a {} cannot be assigned to it", symbol.name, Py_TYPE(value)->tp_name));
        symbol.string->text = to_text(value);
        return;
    case Symbol::Kind::ObjectVar: {
        const Value converted = to_value(value);
        // What Hoc has no objects for, a number or a text, stays a Python object there.
        ObjectPtr held = converted.is_object() ? ObjectPtr(converted.object()) : converted.is_none() ? ObjectPtr() : foreign_object(value);
        held.swap(symbol.objects[at]);
        return;
    }
    default: throw Error(ErrorKind::Type, fmt::format("`{}` cannot be assigned to", symbol.name));
    }
}

void define_array_type(PyObject* module) {
    static PyType_Slot slots[] = {
        {Py_tp_dealloc, reinterpret_cast<void*>(dealloc)},
        {Py_tp_repr, reinterpret_cast<void*>(repr)},
        {Py_sq_item, reinterpret_cast<void*>(get_item)},
        {Py_sq_length, reinterpret_cast<void*>(length)},
        {Py_mp_subscript, reinterpret_cast<void*>(subscript)},
        {Py_mp_length, reinterpret_cast<void*>(length)},
        {Py_mp_ass_subscript, reinterpret_cast<void*>(set_subscript)},
        {0, nullptr}};
    static PyType_Spec spec{"hoc.HocArray", sizeof(ArrayObject), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_SEQUENCE, slots};
    state().array_type = reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&spec));
    PyObject_SetAttrString(module, "HocArray", as_object(state().array_type));
}

}  // namespace nrn::python
