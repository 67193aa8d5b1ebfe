// SPDX-License-Identifier: BSD-3-Clause
// Methods and variables of classes as descriptors in their Python types.
#include <fmt/format.h>

#include "array_type.hpp"
#include "error_translation.hpp"
#include "model/model.hpp"
#include "object_types.hpp"
#include "ref_type.hpp"
#include "value_conversion.hpp"

namespace nrn::python {
namespace {

struct MethodDescriptor {
    PyObject_HEAD
    vectorcallfunc vectorcall;
    const Member* member;
    PyTypeObject* owner;  // borrowed: the type's dictionary owns us
    bool any_object;      // arguments are Python objects whatever they are: py_broadcast(3) gives an int
};

struct PropertyDescriptor {
    PyObject_HEAD
    const Member* member;
    PyTypeObject* owner;
    bool reference;  // _ref_NAME
};

Object* checked_self(PyObject* self, PyTypeObject* owner, const Member& member) {
    if (!PyObject_TypeCheck(self, owner)) {
        PyErr_Format(PyExc_TypeError, "`%s` belongs to %s, not to %s", member.name().c_str(), owner->tp_name, Py_TYPE(self)->tp_name);
        return nullptr;
    }
    Object* object = object_of(self);
    if (!object) PyErr_SetString(PyExc_TypeError, "the object was not constructed: __new__ of the base was not called");
    return object;
}

PyObject* call_method(PyObject* descriptor, PyObject* const* args, size_t nargsf, PyObject* keyword_names) {
    auto* d = reinterpret_cast<MethodDescriptor*>(descriptor);
    const auto n = static_cast<std::size_t>(PyVectorcall_NARGS(nargsf));
    if (n == 0) {
        PyErr_Format(PyExc_TypeError, "`%s` needs an object to act on", d->member->name().c_str());
        return nullptr;
    }
    Object* object = checked_self(args[0], d->owner, *d->member);
    if (!object) return nullptr;
    return guarded_call([&]() -> PyObject* {
        const ObjectPtr keep(object);
        ArgumentList list(args + 1, n - 1, d->any_object);
        CallArgs call(runtime(), d->member->name(), list.values());
        call.texts_are_values = true;
        const auto finish = [&] {
            const Value result = d->member->call(*object, call);
            if (n > 1) track_if_holding(args[0]);
            return to_python(result, d->member->returns());
        };
        if (!keyword_names) return finish();
        Section* section = nullptr;
        if (!section_keyword(args + n, keyword_names, d->member->name().c_str(), section)) return nullptr;
        call.explicit_section = section;
        const SectionStack::Guard guard(runtime().model().stack(), section);
        return finish();
    });
}

PyObject* method_get(PyObject* descriptor, PyObject* object, PyObject*) {
    if (!object || object == Py_None) return Py_NewRef(descriptor);
    return PyMethod_New(descriptor, object);
}

PyObject* method_name(PyObject* o, void*) { return PyUnicode_FromString(reinterpret_cast<MethodDescriptor*>(o)->member->name().c_str()); }

PyObject* doc_or_none(const char* doc) {
    if (doc && *doc) return PyUnicode_FromString(doc);
    Py_RETURN_NONE;
}

PyObject* method_doc(PyObject* o, void*) { return doc_or_none(reinterpret_cast<MethodDescriptor*>(o)->member->doc()); }
PyObject* method_owner(PyObject* o, void*) { return Py_NewRef(as_object(reinterpret_cast<MethodDescriptor*>(o)->owner)); }

PyObject* method_repr(PyObject* o) {
    auto* d = reinterpret_cast<MethodDescriptor*>(o);
    return PyUnicode_FromFormat("<method '%s' of '%s' objects>", d->member->name().c_str(), d->owner->tp_name);
}

PyObject* property_get(PyObject* descriptor, PyObject* self, PyObject*) {
    if (!self || self == Py_None) return Py_NewRef(descriptor);
    auto* d = reinterpret_cast<PropertyDescriptor*>(descriptor);
    Object* object = checked_self(self, d->owner, *d->member);
    if (!object) return nullptr;
    return d->reference ? member_reference(*d->member, *object) : member_value(*d->member, *object);
}

int property_set(PyObject* descriptor, PyObject* self, PyObject* value) {
    auto* d = reinterpret_cast<PropertyDescriptor*>(descriptor);
    Object* object = checked_self(self, d->owner, *d->member);
    if (!object) return -1;
    if (d->reference) {
        PyErr_SetString(PyExc_TypeError, "a reference cannot be assigned to; assign to its item [0]");
        return -1;
    }
    const int done = set_member_value(*d->member, *object, value);
    if (d->member->kind() != Member::Kind::Number) track_if_holding(self);
    return done;
}

PyObject* property_name(PyObject* o, void*) { return PyUnicode_FromString(reinterpret_cast<PropertyDescriptor*>(o)->member->name().c_str()); }

PyObject* property_doc(PyObject* o, void*) {
    const Member& m = *reinterpret_cast<PropertyDescriptor*>(o)->member;
    std::string text = m.doc();
    if (*m.units()) text += fmt::format("{}[{}]", text.empty() ? "" : " ", m.units());
    return doc_or_none(text.c_str());
}

PyObject* property_repr(PyObject* o) {
    auto* d = reinterpret_cast<PropertyDescriptor*>(o);
    return PyUnicode_FromFormat("<attribute '%s' of '%s' objects>", d->member->name().c_str(), d->owner->tp_name);
}

void free_object(PyObject* o) {
    PyTypeObject* type = Py_TYPE(o);
    type->tp_free(o);
    Py_DECREF(type);
}

bool set_in_type(PyTypeObject* type, const std::string& name, PyObject* descriptor) {
    if (!descriptor) return false;
    Owned owned(descriptor), key(PyUnicode_InternFromString(name.c_str()));
    return key && PyDict_SetItem(type->tp_dict, key.get(), descriptor) == 0;
}

PyObject* make_property(const Member& member, PyTypeObject* owner, bool reference) {
    auto* d = PyObject_New(PropertyDescriptor, state().property_type);
    if (!d) return nullptr;
    d->member = &member;
    d->owner = owner;
    d->reference = reference;
    return as_object(d);
}

PyObject* make_method(const Member& member, PyTypeObject* owner) {
    auto* d = PyObject_New(MethodDescriptor, state().method_type);
    if (!d) return nullptr;
    d->vectorcall = call_method;
    d->member = &member;
    d->owner = owner;
    d->any_object = member.name().rfind("py_", 0) == 0;
    return as_object(d);
}

}  // namespace

PyObject* member_value(const Member& member, Object& object) {
    return guarded_access([&]() -> PyObject* {
        // The `x` of a Vector is an array also while it is empty.
        if ((member.name() == "x" && object.cls().is_buffer()) || !member.dims(object).empty()) return view_member_array(member, object, false);
        if (member.kind() == Member::Kind::Number)
            if (const double* x = member.data(object, {})) return PyFloat_FromDouble(*x);
        return to_python(member.get(object, {}), member.returns());
    });
}

PyObject* member_reference(const Member& member, Object& object) {
    return guarded_access([&]() -> PyObject* {
        if (!member.dims(object).empty()) return view_member_array(member, object, true);
        return wrap_ref(member.ref(object, {}));
    });
}

PyObject* bound_member(const Member& member, PyTypeObject* owner, PyObject* self) {
    Owned method(make_method(member, owner));
    return method ? PyMethod_New(method.get(), self) : nullptr;
}

int set_member_value(const Member& member, Object& object, PyObject* value) {
    return guarded(Edge::Access, -1, [&] {
        if (!value) throw Error(ErrorKind::Type, fmt::format("`{}.{}` cannot be deleted", object.cls().name(), member.name()));
        if (!member.dims(object).empty())
            throw Error(ErrorKind::Type, fmt::format("`{}.{}` is an array: assign to its items", object.cls().name(), member.name()));
        if (member.kind() == Member::Kind::Number) {
            double x = 0;
            if (!to_double(value, x)) return -1;
            member.set(object, {}, x);
            return 0;
        }
        if (member.kind() == Member::Kind::String && !PyUnicode_Check(value))
            throw Error(ErrorKind::Type, fmt::format("`{}.{}` is a string", object.cls().name(), member.name()));
        const Value converted = to_value(value);
        if (member.kind() == Member::Kind::ObjectVar && !converted.is_object() && !converted.is_none())
            throw Error(ErrorKind::Type, fmt::format("`{}.{}` holds objects", object.cls().name(), member.name()));
        if (member.kind() == Member::Kind::Sections)
            throw Error(ErrorKind::Type, fmt::format("`{}.{}` is a section and cannot be assigned to", object.cls().name(), member.name()));
        member.set(object, {}, converted);
        return 0;
    });
}

bool add_member_descriptors(PyTypeObject* type, Class& cls) {
    for (const std::string& name : cls.member_names()) {
        const Member* member = cls.member(name);
        if (!member) continue;
        Owned present(PyDict_GetItemString(type->tp_dict, name.c_str()));
        PyObject* known = present.release();  // borrowed
        if (known && Py_TYPE(known) == state().method_type && reinterpret_cast<MethodDescriptor*>(known)->member == member) continue;
        if (known && Py_TYPE(known) == &PyMethodDescr_Type) continue;  // the binding's own (Vector.from_python)
        if (known && Py_TYPE(known) == state().property_type && reinterpret_cast<PropertyDescriptor*>(known)->member == member) continue;
        if (member->kind() == Member::Kind::Method) {
            if (!set_in_type(type, name, make_method(*member, type))) return false;
            continue;
        }
        if (!set_in_type(type, name, make_property(*member, type, false))) return false;
        if (member->kind() != Member::Kind::Sections && !set_in_type(type, "_ref_" + name, make_property(*member, type, true))) return false;
    }
    PyType_Modified(type);
    return true;
}

void define_descriptor_types(PyObject*) {
    static PyGetSetDef method_properties[] = {{"__name__", method_name, nullptr, nullptr, nullptr},
                                              {"__doc__", method_doc, nullptr, nullptr, nullptr},
                                              {"__objclass__", method_owner, nullptr, nullptr, nullptr}, {}};
    static PyMemberDef method_members[] = {{"__vectorcalloffset__", T_PYSSIZET, offsetof(MethodDescriptor, vectorcall), READONLY, nullptr}, {}};
    static PyType_Slot method_slots[] = {
        {Py_tp_dealloc, reinterpret_cast<void*>(free_object)},
        {Py_tp_repr, reinterpret_cast<void*>(method_repr)},
        {Py_tp_call, reinterpret_cast<void*>(PyVectorcall_Call)},
        {Py_tp_descr_get, reinterpret_cast<void*>(method_get)},
        {Py_tp_getset, method_properties},
        {Py_tp_members, method_members},
        {0, nullptr}};
    static PyType_Spec method_spec{"hoc.method", sizeof(MethodDescriptor), 0,
                                   Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_METHOD_DESCRIPTOR | Py_TPFLAGS_DISALLOW_INSTANTIATION,
                                   method_slots};
    state().method_type = reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&method_spec));

    static PyGetSetDef property_properties[] = {{"__name__", property_name, nullptr, nullptr, nullptr},
                                                {"__doc__", property_doc, nullptr, nullptr, nullptr}, {}};
    static PyType_Slot property_slots[] = {
        {Py_tp_dealloc, reinterpret_cast<void*>(free_object)},
        {Py_tp_repr, reinterpret_cast<void*>(property_repr)},
        {Py_tp_descr_get, reinterpret_cast<void*>(property_get)},
        {Py_tp_descr_set, reinterpret_cast<void*>(property_set)},
        {Py_tp_getset, property_properties},
        {0, nullptr}};
    static PyType_Spec property_spec{"hoc.property", sizeof(PropertyDescriptor), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, property_slots};
    state().property_type = reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&property_spec));
}

}  // namespace nrn::python
