// SPDX-License-Identifier: BSD-3-Clause
// buffer_adapter: what Vector is to Python beyond its methods: a sequence with slices, arithmetic, a buffer that NumPy
// views without copying, pickling.
#include <cmath>
#include <cstring>

#include <fmt/format.h>

#include "error_translation.hpp"
#include "nrn/api/class_registry.hpp"
#include "object/vector.hpp"
#include "object_types.hpp"
#include "value_conversion.hpp"

namespace nrn::python {
namespace {

Vector& of(PyObject* o) {
    Object* object = object_of(o);
    if (!object) throw Error(ErrorKind::Type, "the Vector was not constructed");
    return static_cast<Vector&>(*object);
}
std::vector<double>& values(PyObject* o) { return of(o).values; }

bool is_vector(PyObject* o) {
    return PyObject_TypeCheck(o, state().object_type) && dynamic_cast<Vector*>(object_of(o)) != nullptr;
}

PyObject* make(std::vector<double> contents) {
    auto made = Vector::make(runtime());
    made->values = std::move(contents);
    return wrap_object(*made);
}

// ---- items and slices ----------------------------------------------------------------------------

PyObject* item(PyObject* self, Py_ssize_t i) {
    Object* object = object_of(self);
    if (!object) return raise(PyExc_TypeError, "the Vector was not constructed");
    const auto& x = static_cast<Vector*>(object)->values;
    if (i < 0 || static_cast<std::size_t>(i) >= x.size()) {
        PyErr_Format(PyExc_IndexError, "index %zd of a Vector with %zu elements", i, x.size());
        return nullptr;
    }
    return PyFloat_FromDouble(x[static_cast<std::size_t>(i)]);
}

Py_ssize_t length(PyObject* self) {
    Object* object = object_of(self);
    return object ? static_cast<Py_ssize_t>(static_cast<Vector*>(object)->values.size()) : 0;
}

PyObject* subscript(PyObject* self, PyObject* key) {
    if (!PySlice_Check(key)) {
        Py_ssize_t i = PyNumber_AsSsize_t(key, PyExc_IndexError);
        if (i == -1 && PyErr_Occurred()) return nullptr;
        return item(self, i < 0 ? i + length(self) : i);
    }
    Py_ssize_t start, stop, step;
    if (PySlice_Unpack(key, &start, &stop, &step) != 0) return nullptr;
    const Py_ssize_t n = PySlice_AdjustIndices(length(self), &start, &stop, step);
    return guarded_access([&] {
        std::vector<double> part(static_cast<std::size_t>(n));
        for (Py_ssize_t k = 0; k < n; ++k) part[static_cast<std::size_t>(k)] = values(self)[static_cast<std::size_t>(start + k * step)];
        return make(std::move(part));
    });
}

/// Numbers from any iterable. @throws Error(Type)
std::vector<double> numbers_from(PyObject* source) {
    std::vector<double> result;
    if (is_vector(source)) return values(source);
    Py_buffer view;
    if (PyObject_CheckBuffer(source) && PyObject_GetBuffer(source, &view, PyBUF_FORMAT | PyBUF_STRIDES) == 0) {
        const bool complex = view.format && std::strchr(view.format, 'Z');
        if (view.ndim == 1 && view.format && std::strcmp(view.format, "d") == 0) {
            result.resize(static_cast<std::size_t>(view.shape[0]));
            const char* from = static_cast<const char*>(view.buf);
            if (view.strides[0] == sizeof(double) && !result.empty()) std::memcpy(result.data(), from, result.size() * sizeof(double));
            else
                for (std::size_t i = 0; i < result.size(); ++i)
                    std::memcpy(&result[i], from + static_cast<Py_ssize_t>(i) * view.strides[0], sizeof(double));
            PyBuffer_Release(&view);
            return result;
        }
        const int rank = view.ndim;
        PyBuffer_Release(&view);
        if (complex) throw Error(ErrorKind::Type, "a Vector holds real numbers, the array complex ones");
        if (rank > 1) throw Error(ErrorKind::Type, fmt::format("a Vector has one dimension, the array has {}", rank));
    } else {
        PyErr_Clear();
    }
    if (PyUnicode_Check(source) || PyDict_Check(source))
        throw Error(ErrorKind::Type, fmt::format("a Vector cannot be made from a {}", Py_TYPE(source)->tp_name));
    Owned fast(PySequence_Fast(source, "not iterable"));
    if (!fast) {
        if (PyErr_ExceptionMatches(PyExc_TypeError)) {
            PyErr_Clear();
            throw Error(ErrorKind::Type, fmt::format("numbers are needed here, not a {}", Py_TYPE(source)->tp_name));
        }
        throw_python_error();
    }
    result.resize(static_cast<std::size_t>(PySequence_Fast_GET_SIZE(fast.get())));
    for (std::size_t i = 0; i < result.size(); ++i) {
        // What makes a number of an item may be a program, and change the list.
        if (static_cast<std::size_t>(PySequence_Fast_GET_SIZE(fast.get())) != result.size())
            throw Error(ErrorKind::Runtime, fmt::format("the {} changed while its numbers were read", Py_TYPE(source)->tp_name));
        const Owned number(Py_NewRef(PySequence_Fast_GET_ITEM(fast.get(), static_cast<Py_ssize_t>(i))));
        if (!to_double(number.get(), result[i])) throw_python_error();
    }
    return result;
}

int set_subscript(PyObject* self, PyObject* key, PyObject* value) {
    return guarded(Edge::Access, -1, [&] {
        if (!value) throw Error(ErrorKind::Type, "elements of a Vector cannot be deleted with del; use remove");
        // Index and value may be programs that change the Vector: its size is asked for after both.
        auto& x = values(self);
        if (!PySlice_Check(key)) {
            Py_ssize_t i = PyNumber_AsSsize_t(key, PyExc_IndexError);
            if (i == -1 && PyErr_Occurred()) return -1;
            const auto place = [&] {
                const Py_ssize_t at = i < 0 ? i + static_cast<Py_ssize_t>(x.size()) : i;
                if (at < 0 || static_cast<std::size_t>(at) >= x.size())
                    throw Error(ErrorKind::Index, fmt::format("index {} of a Vector with {} elements", i, x.size()));
                return static_cast<std::size_t>(at);
            };
            place();
            double number = 0;
            if (!is_number(value)) {
                PyErr_Format(state().element_error, "an element of a Vector is a number, not a %.200s", Py_TYPE(value)->tp_name);
                return -1;
            }
            if (!to_double(value, number)) return -1;
            x[place()] = number;
            return 0;
        }
        Py_ssize_t start, stop, step;
        if (PySlice_Unpack(key, &start, &stop, &step) != 0) return -1;
        double number = 0;
        const bool one = is_number(value);
        if (one && !to_double(value, number)) return -1;
        std::vector<double> from = one ? std::vector<double>() : numbers_from(value);
        const Py_ssize_t n = PySlice_AdjustIndices(static_cast<Py_ssize_t>(x.size()), &start, &stop, step);
        if (one) from.assign(static_cast<std::size_t>(n), number);
        if (static_cast<Py_ssize_t>(from.size()) != n)
            throw Error(ErrorKind::Index, fmt::format("a slice of {} elements cannot take {}", n, from.size()));
        for (Py_ssize_t k = 0; k < n; ++k) x[static_cast<std::size_t>(start + k * step)] = from[static_cast<std::size_t>(k)];
        return 0;
    });
}

int set_item(PyObject* self, Py_ssize_t i, PyObject* value) {
    Owned key(PyLong_FromSsize_t(i));
    return set_subscript(self, key.get(), value);
}

// ---- iteration -----------------------------------------------------------------------------------

struct VectorIterator {
    PyObject_HEAD
    PyObject* vector;
    std::size_t at;
};
PyTypeObject* iterator_type = nullptr;

PyObject* iterate(PyObject* self) {
    auto* it = PyObject_New(VectorIterator, iterator_type);
    if (!it) return nullptr;
    it->vector = Py_NewRef(self);
    it->at = 0;
    return as_object(it);
}

PyObject* next(PyObject* o) {
    auto* it = reinterpret_cast<VectorIterator*>(o);
    if (!object_of(it->vector)) return raise(PyExc_TypeError, "the Vector was not constructed");
    const auto& x = static_cast<Vector*>(object_of(it->vector))->values;
    return it->at < x.size() ? PyFloat_FromDouble(x[it->at++]) : nullptr;
}

PyObject* length_hint(PyObject* o, PyObject*) {
    auto* it = reinterpret_cast<VectorIterator*>(o);
    return PyLong_FromSsize_t(std::max<Py_ssize_t>(0, length(it->vector) - static_cast<Py_ssize_t>(it->at)));
}

void iterator_dealloc(PyObject* o) {
    Py_DECREF(reinterpret_cast<VectorIterator*>(o)->vector);
    PyTypeObject* type = Py_TYPE(o);
    type->tp_free(o);
    Py_DECREF(type);
}

void define_iterator() {
    if (iterator_type) return;
    static PyMethodDef methods[] = {{"__length_hint__", length_hint, METH_NOARGS, nullptr}, {}};
    static PyType_Slot slots[] = {{Py_tp_dealloc, reinterpret_cast<void*>(iterator_dealloc)},
                                  {Py_tp_iter, reinterpret_cast<void*>(PyObject_SelfIter)},
                                  {Py_tp_iternext, reinterpret_cast<void*>(next)},
                                  {Py_tp_methods, methods},
                                  {0, nullptr}};
    static PyType_Spec spec{"hoc.VectorIterator", sizeof(VectorIterator), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots};
    iterator_type = reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&spec));
}

// ---- arithmetic: always a new Vector ---------------------------------------------------------------

PyObject* as_numpy(PyObject* self, PyObject*) {
    Owned numpy(PyImport_ImportModule("numpy"));
    if (!numpy) return nullptr;
    if (length(self) == 0) return PyObject_CallMethod(numpy.get(), "empty", "i", 0);
    return PyObject_CallMethod(numpy.get(), "frombuffer", "O", self);
}

/// `vector op array` is NumPy's business.
PyObject* with_array(PyObject* a, PyObject* b, binaryfunc op) {
    Owned x(is_vector(a) ? as_numpy(a, nullptr) : Py_NewRef(a)), y(is_vector(b) ? as_numpy(b, nullptr) : Py_NewRef(b));
    return x && y ? op(x.get(), y.get()) : nullptr;
}

template <class Op>
PyObject* arithmetic(PyObject* a, PyObject* b, binaryfunc numpy_op, Op op) {
    PyObject* other = is_vector(a) ? b : a;
    if (is_vector(other)) {
        return guarded_call([&] {
            const auto &x = values(a), &y = values(b);
            if (x.size() != y.size())
                throw Error(ErrorKind::Value, fmt::format("Vectors of {} and {} elements cannot be combined", x.size(), y.size()));
            std::vector<double> result(x.size());
            for (std::size_t i = 0; i < x.size(); ++i) result[i] = op(x[i], y[i]);
            return make(std::move(result));
        });
    }
    if (is_number(other)) {
        return guarded_call([&]() -> PyObject* {
            double s = 0;
            if (!to_double(other, s)) return nullptr;
            std::vector<double> result(is_vector(a) ? values(a) : values(b));
            for (double& x : result) x = other == b ? op(x, s) : op(s, x);
            return make(std::move(result));
        });
    }
    if (PyObject_TypeCheck(other, state().object_type))
        return raise(state().hoc_error, fmt::format("a Vector cannot be combined with a {}", object_of(other) ? object_of(other)->cls().name() : "HocObject"));
    if (PyObject_HasAttrString(other, "__array_interface__")) return with_array(a, b, numpy_op);
    Py_RETURN_NOTIMPLEMENTED;
}

PyObject* add(PyObject* a, PyObject* b) { return arithmetic(a, b, PyNumber_Add, [](double x, double y) { return x + y; }); }
PyObject* subtract(PyObject* a, PyObject* b) { return arithmetic(a, b, PyNumber_Subtract, [](double x, double y) { return x - y; }); }
PyObject* multiply(PyObject* a, PyObject* b) { return arithmetic(a, b, PyNumber_Multiply, [](double x, double y) { return x * y; }); }
PyObject* divide(PyObject* a, PyObject* b) {
    if (is_number(b)) {
        double s = 0;
        if (!to_double(b, s)) return nullptr;
        if (s == 0) return raise(state().hoc_error, "division by zero: the elements of a Vector cannot be divided by 0");
    }
    return arithmetic(a, b, PyNumber_TrueDivide, [](double x, double y) { return x / y; });
}

template <class Op>
PyObject* each(PyObject* self, Op op) {
    return guarded_access([&] {
        std::vector<double> result(values(self));
        for (double& x : result) x = op(x);
        return make(std::move(result));
    });
}
PyObject* negative(PyObject* v) { return each(v, [](double x) { return -x; }); }
PyObject* positive(PyObject* v) { return each(v, [](double x) { return x; }); }
PyObject* absolute(PyObject* v) { return each(v, [](double x) { return std::fabs(x); }); }
int nonzero(PyObject* v) { return length(v) != 0; }

// ---- buffer ----------------------------------------------------------------------------------------

int get_buffer(PyObject* self, Py_buffer* view, int flags) {
    Object* object = object_of(self);
    if (!object) {
        PyErr_SetString(PyExc_BufferError, "the Vector was not constructed");
        return -1;
    }
    auto& v = static_cast<Vector&>(*object);
    // Shape and stride live with the view: several views of several lengths may exist.
    auto* geometry = new Py_ssize_t[2]{static_cast<Py_ssize_t>(v.values.size()), sizeof(double)};
    static char format[] = "d";
    static double nothing = 0;
    view->obj = Py_NewRef(self);
    view->buf = v.values.empty() ? &nothing : v.values.data();
    view->len = geometry[0] * static_cast<Py_ssize_t>(sizeof(double));
    view->itemsize = sizeof(double);
    view->readonly = 0;
    view->ndim = 1;
    view->format = flags & PyBUF_FORMAT ? format : nullptr;
    view->shape = flags & PyBUF_ND ? geometry : nullptr;
    view->strides = (flags & PyBUF_STRIDES) == PyBUF_STRIDES ? geometry + 1 : nullptr;
    view->suboffsets = nullptr;
    view->internal = geometry;
    v.view_made();
    return 0;
}

void release_buffer(PyObject* self, Py_buffer* view) {
    delete[] static_cast<Py_ssize_t*>(view->internal);
    if (Object* object = object_of(self)) static_cast<Vector&>(*object).view_gone();
}

// ---- methods ---------------------------------------------------------------------------------------

/// Copies an array of doubles without gaps at once. @returns false when `source` is something else
bool copy_array(Vector& v, PyObject* source) {
    if (is_vector(source) || !PyObject_CheckBuffer(source)) return false;
    struct View {
        Py_buffer buffer;
        bool open;
        ~View() { if (open) PyBuffer_Release(&buffer); }
    } view{};
    view.open = PyObject_GetBuffer(source, &view.buffer, PyBUF_FORMAT | PyBUF_ND) == 0;
    if (!view.open) PyErr_Clear();
    if (!view.open || view.buffer.ndim != 1 || !view.buffer.format || std::strcmp(view.buffer.format, "d") != 0) return false;
    const auto n = static_cast<std::size_t>(view.buffer.shape[0]);
    if (n == 0) return false;
    v.resize(n);
    std::memmove(v.values.data(), view.buffer.buf, n * sizeof(double));
    return true;
}

PyObject* from_python(PyObject* self, PyObject* source) {
    return guarded_call([&]() -> PyObject* {
        if (copy_array(of(self), source)) return Py_NewRef(self);
        std::vector<double> contents = numbers_from(source);
        Vector& v = of(self);
        v.resize(contents.size());
        std::copy(contents.begin(), contents.end(), v.values.begin());
        return Py_NewRef(self);
    });
}

PyObject* to_python_list(PyObject* self, PyObject* args) {
    PyObject* target = nullptr;
    if (!PyArg_ParseTuple(args, "|O:to_python", &target)) return nullptr;
    return guarded_call([&]() -> PyObject* {
        const std::vector<double> x(values(self));  // a copy: the target's methods may change the Vector
        const auto n = static_cast<Py_ssize_t>(x.size());
        Owned result(target ? Py_NewRef(target) : PyList_New(n));
        if (!result) return nullptr;
        if (target) {
            const Py_ssize_t there = PySequence_Size(target);
            if (there < 0) throw_python_error();
            if (there != n) throw Error(ErrorKind::Value, fmt::format("the target has {} items, the Vector {}", there, n));
        }
        for (Py_ssize_t i = 0; i < n; ++i) {
            PyObject* number = PyFloat_FromDouble(x[static_cast<std::size_t>(i)]);
            if (!number) return nullptr;
            if (!target) {
                PyList_SET_ITEM(result.get(), i, number);
                continue;
            }
            Owned owned(number);
            if (PySequence_SetItem(target, i, number) != 0) throw_python_error();
        }
        return result.release();
    });
}

// The same for other languages, whose arguments come as values.

Value from_foreign(Object& self, CallArgs& args) {
    GilGuard gil;
    const Owned source(to_python(args.at(0)));
    std::vector<double> contents = numbers_from(source.get());
    auto& v = static_cast<Vector&>(self);
    v.resize(contents.size());
    std::copy(contents.begin(), contents.end(), v.values.begin());
    return Value(&self);
}

Value to_foreign(Object& self, CallArgs& args) {
    GilGuard gil;
    const Owned view(wrap_object(self)), given(args.has(0) ? to_python(args.at(0)) : nullptr);
    const Owned tuple(given ? PyTuple_Pack(1, given.get()) : PyTuple_New(0));
    const Owned result(view && tuple ? to_python_list(view.get(), tuple.get()) : nullptr);
    if (!result) throw_python_error();
    return to_value_unchanged(result.get());
}

Value array_for_foreign(Object& self, CallArgs&) {
    GilGuard gil;
    const Owned view(wrap_object(self)), result(view ? as_numpy(view.get(), nullptr) : nullptr);
    if (!result) throw_python_error();
    return to_value_unchanged(result.get());
}

constexpr Method methods_for_all[] = {
    {"from_python", from_foreign, Returns::Object, "from_python(iterable of numbers) -> self\nReplaces the contents by those of a Python object.\nHoc: v.from_python(p.numbers)"},
    {"to_python", to_foreign, Returns::Object, "to_python() -> list, or to_python(target) -> target\nCopies the numbers to a Python list or array of equal length.\nHoc: l = v.to_python()"},
    {"as_numpy", array_for_foreign, Returns::Object, "as_numpy() -> array that shares the Vector's data\nHoc: a = v.as_numpy()"},
};

PyObject* restored(PyObject*, PyObject* bytes) {
    return guarded_access([&]() -> PyObject* {
        if (!PyBytes_Check(bytes) || PyBytes_GET_SIZE(bytes) % static_cast<Py_ssize_t>(sizeof(double)) != 0)
            return raise(PyExc_ValueError, "these are not the bytes of a Vector");
        std::vector<double> contents(static_cast<std::size_t>(PyBytes_GET_SIZE(bytes)) / sizeof(double));
        if (!contents.empty()) std::memcpy(contents.data(), PyBytes_AS_STRING(bytes), contents.size() * sizeof(double));
        return make(std::move(contents));
    });
}

PyObject* reduce(PyObject* self, PyObject*) {
    if (!object_of(self)) return raise(PyExc_TypeError, "the Vector was not constructed");
    Owned rebuild(PyObject_GetAttrString(state().hoc_module, "_vector_from_bytes"));
    Owned bytes(PyBytes_FromStringAndSize(reinterpret_cast<const char*>(static_cast<Vector*>(object_of(self))->values.data()),
                                          length(self) * static_cast<Py_ssize_t>(sizeof(double))));
    return rebuild && bytes ? Py_BuildValue("(O(O))", rebuild.get(), bytes.get()) : nullptr;
}

PyObject* reduce_ex(PyObject* self, PyObject*) { return reduce(self, nullptr); }

/// Jupyter shows the numbers, not only the name.
PyObject* rich_repr(PyObject* self, PyObject*) {
    return guarded_access([&] {
        const auto& x = values(self);
        std::string text = fmt::format("{} with {} element{}: [", of(self).name(), x.size(), x.size() == 1 ? "" : "s");
        for (std::size_t i = 0; i < x.size() && i < 8; ++i) text += fmt::format("{}{:g}", i ? ", " : "", x[i]);
        return PyUnicode_FromString((text + (x.size() > 8 ? ", ...]" : "]")).c_str());
    });
}

PyMethodDef python_methods[] = {
    {"as_numpy", as_numpy, METH_NOARGS, "as_numpy() -> array that shares the Vector's data\nWhen the Vector grows out of its memory, the array keeps what it showed."},
    {"from_python", from_python, METH_O, "from_python(iterable of numbers) -> self\nReplaces the contents."},
    {"to_python", to_python_list, METH_VARARGS, "to_python() -> list, or to_python(target) -> target\nCopies the numbers to a list or array of equal length."},
    {"__reduce__", reduce, METH_NOARGS, nullptr},
    {"__reduce_ex__", reduce_ex, METH_O, nullptr},
    {"_rich_text", rich_repr, METH_NOARGS, nullptr},
    {}};

PyMethodDef restore_method{"_vector_from_bytes", restored, METH_O, nullptr};

const PyType_Slot slots[] = {
    {Py_sq_item, reinterpret_cast<void*>(item)},
    {Py_sq_length, reinterpret_cast<void*>(length)},
    {Py_sq_ass_item, reinterpret_cast<void*>(set_item)},
    {Py_mp_subscript, reinterpret_cast<void*>(subscript)},
    {Py_mp_length, reinterpret_cast<void*>(length)},
    {Py_mp_ass_subscript, reinterpret_cast<void*>(set_subscript)},
    {Py_tp_iter, reinterpret_cast<void*>(iterate)},
    {Py_nb_add, reinterpret_cast<void*>(add)},
    {Py_nb_subtract, reinterpret_cast<void*>(subtract)},
    {Py_nb_multiply, reinterpret_cast<void*>(multiply)},
    {Py_nb_true_divide, reinterpret_cast<void*>(divide)},
    {Py_nb_negative, reinterpret_cast<void*>(negative)},
    {Py_nb_positive, reinterpret_cast<void*>(positive)},
    {Py_nb_absolute, reinterpret_cast<void*>(absolute)},
    {Py_nb_bool, reinterpret_cast<void*>(nonzero)},
    {Py_bf_getbuffer, reinterpret_cast<void*>(get_buffer)},
    {Py_bf_releasebuffer, reinterpret_cast<void*>(release_buffer)},
    {Py_tp_methods, python_methods},
    {0, nullptr}};

}  // namespace

const PyType_Slot* vector_slots(const Class& cls) {
    if (!cls.is_buffer() || cls.name() != "Vector") return nullptr;
    define_iterator();
    if (!PyObject_HasAttrString(state().hoc_module, restore_method.ml_name)) {
        Owned restore(PyCFunction_NewEx(&restore_method, nullptr, PyModule_GetNameObject(state().hoc_module)));
        PyObject_SetAttrString(state().hoc_module, restore_method.ml_name, restore.get());
    }
    return slots;
}

int fill_vector(Object& vector, PyObject* source) {
    if (source == Py_None || PyUnicode_Check(source) || PyObject_TypeCheck(source, state().object_type) ||
        Py_TYPE(source) == state().ref_type)
        return 0;  // the kernel decides
    static_cast<Vector&>(vector).values = numbers_from(source);
    return 1;
}

void extend_vector_class() {
    if (auto* cls = dynamic_cast<NativeClass*>(runtime().classes().find("Vector"))) cls->add_methods(methods_for_all);
}

}  // namespace nrn::python
