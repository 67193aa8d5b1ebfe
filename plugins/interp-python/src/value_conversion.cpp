// SPDX-License-Identifier: BSD-3-Clause
// Values as Python objects and the other way.
#include "value_conversion.hpp"

#include <cmath>

#include <fmt/format.h>

#include "callable_adapter.hpp"
#include "error_translation.hpp"
#include "foreign_object.hpp"
#include "model/model.hpp"
#include "object_types.hpp"
#include "ref_type.hpp"
#include "section_type.hpp"

namespace nrn::python {

bool is_number(PyObject* o) noexcept {
    if (PyFloat_Check(o) || PyLong_Check(o)) return true;
    const PyTypeObject* type = Py_TYPE(o);
    if (!type->tp_as_number || !(type->tp_as_number->nb_float || type->tp_as_number->nb_index)) return false;
    if (type->tp_as_sequence && (type->tp_as_sequence->sq_item || type->tp_as_sequence->sq_length)) return false;
    return true;
}

bool to_double(PyObject* o, double& out) noexcept {
    if (PyFloat_CheckExact(o)) {
        out = PyFloat_AS_DOUBLE(o);
        return true;
    }
    if (!is_number(o)) {
        PyErr_Format(PyExc_TypeError, "a number is needed here, not %.200s", Py_TYPE(o)->tp_name);
        return false;
    }
    out = PyFloat_AsDouble(o);
    return out != -1.0 || !PyErr_Occurred();
}

std::string to_text(PyObject* unicode) {
    Py_ssize_t n = 0;
    const char* text = PyUnicode_AsUTF8AndSize(unicode, &n);
    if (!text) throw_python_error();
    return {text, static_cast<std::size_t>(n)};
}

Value to_value(PyObject* o) {
    if (PyFloat_CheckExact(o)) return PyFloat_AS_DOUBLE(o);
    if (o == Py_None) return {};
    State& s = state();
    PyTypeObject* type = Py_TYPE(o);
    if (PyLong_Check(o)) {
        const double x = PyLong_AsDouble(o);
        if (x == -1.0 && PyErr_Occurred()) throw_python_error();
        return x;
    }
    if (PyUnicode_Check(o)) return Value(to_text(o));
    if (type == s.segment_type) return Value(segment_object(o));
    if (type == s.ref_type) return Value(ref_of(o));
    if (type == s.function_type) return function_value(o);
    if (PyObject_TypeCheck(o, s.object_type)) {
        if (Object* object = object_of(o)) return Value(object);
        return Value(foreign_object(o));  // the top level itself: `p.h.dt` from Hoc
    }
    if (PyObject_TypeCheck(o, s.section_type)) return Value(static_cast<Object*>(require_section(o)));
    if (is_number(o)) {
        const double x = PyFloat_AsDouble(o);
        if (x == -1.0 && PyErr_Occurred()) throw_python_error();
        return x;
    }
    if (PyBytes_Check(o)) return Value(std::string(PyBytes_AS_STRING(o), static_cast<std::size_t>(PyBytes_GET_SIZE(o))));
    return Value(foreign_object(o));
}

Value to_value_unchanged(PyObject* o) {
    const bool plain = PyFloat_CheckExact(o) || PyUnicode_CheckExact(o) || !(is_number(o) || PyUnicode_Check(o) || PyBytes_Check(o));
    return plain ? to_value(o) : Value(foreign_object(o));
}

namespace {

PyObject* number_to_python(double x, Returns returns) {
    if (returns == Returns::Int && std::fabs(x) < 9e15 && x == std::floor(x)) return PyLong_FromDouble(x);
    if (returns == Returns::Bool) return PyBool_FromLong(x != 0);
    return PyFloat_FromDouble(x);
}

}  // namespace

PyObject* to_python(const Value& value, Returns returns) {
    switch (value.kind()) {
    case Value::Kind::Number: return number_to_python(value.raw_number(), returns);
    case Value::Kind::None:
        if (returns == Returns::Nothing) return PyFloat_FromDouble(0);
        Py_RETURN_NONE;
    case Value::Kind::String: {
        const std::string& text = value.string();
        return PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "replace");
    }
    case Value::Kind::Object: return wrap_object(*value.object());
    case Value::Kind::Ref: return wrap_ref(RefPtr(&value.ref()));
    case Value::Kind::Callable: return wrap_callable(CallablePtr(&value.callable()));
    }
    Py_RETURN_NONE;
}

bool section_keyword(PyObject* const* values, PyObject* names, const char* function, Section*& section) {
    const Py_ssize_t n = names ? PyTuple_GET_SIZE(names) : 0;
    for (Py_ssize_t i = 0; i < n; ++i) {
        PyObject* name = PyTuple_GET_ITEM(names, i);
        if (PyUnicode_CompareWithASCIIString(name, "sec") != 0) {
            PyErr_Format(state().hoc_error, "`%s` has no keyword `%U`: only sec= is known", function, name);
            return false;
        }
        if (!PyObject_TypeCheck(values[i], state().section_type)) {
            PyErr_Format(PyExc_TypeError, "sec= must be a Section, not %.200s", Py_TYPE(values[i])->tp_name);
            return false;
        }
        Section* s = section_of(values[i]);
        if (!s || !s->alive()) {
            PyErr_SetString(PyExc_ReferenceError, "sec= is a deleted section: nrn.Section can't access a deleted section");
            return false;
        }
        section = s;
    }
    return true;
}

}  // namespace nrn::python
