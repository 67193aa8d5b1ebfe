// SPDX-License-Identifier: BSD-3-Clause
// type_adapter: a Python type for every class of the registry, made when it is first met. Methods and variables are
// descriptors in the type, so that Python's own look-up, help(), dir() and inheritance work on them.
#pragma once
#include "nrn/api/class.hpp"
#include "python_state.hpp"

namespace nrn::python {

/// Layout of every object of a class of the registry. Python subclasses add their __dict__.
struct ObjectView {
    PyObject_HEAD
    Object* object;  // owned; null for the top level
    PyObject* weakrefs;
};

[[nodiscard]] inline Object* object_of(PyObject* o) noexcept { return reinterpret_cast<ObjectView*>(o)->object; }
/// After a call that may have given the view's object something to hold: from then on the collector looks through it.
void track_if_holding(PyObject* view) noexcept;
/// Any object of the kernel, sections and segments too; new reference.
[[nodiscard]] PyObject* wrap_object(Object& object);
/// Borrowed; null with the error set.
[[nodiscard]] PyTypeObject* type_of_class(Class& cls);
/// The class a type (or one of its bases) stands for, or null.
[[nodiscard]] Class* class_of_type(PyTypeObject* type) noexcept;
/// Adds members that classes got since their types were made (packs, aliases).
void refresh_types();
void define_object_types(PyObject* module);

// member_descriptors.cpp
void define_descriptor_types(PyObject* module);
/// Adds descriptors for the class's own members to its type. False with the error set.
bool add_member_descriptors(PyTypeObject* type, Class& cls);
[[nodiscard]] PyObject* member_value(const Member& member, Object& object);
[[nodiscard]] PyObject* member_reference(const Member& member, Object& object);
/// A method that is in no type's dictionary, bound to `self`.
[[nodiscard]] PyObject* bound_member(const Member& member, PyTypeObject* owner, PyObject* self);
int set_member_value(const Member& member, Object& object, PyObject* value);

// vector_protocol.cpp
/// Slots that only Vector has: arithmetic, slices, buffer; null when `cls` is no Vector.
[[nodiscard]] const PyType_Slot* vector_slots(const Class& cls);
/// from_python, to_python and as_numpy for all languages.
void extend_vector_class();
/// Fills a new Vector from one Python argument; 1 done, 0 not for us, -1 error.
int fill_vector(Object& vector, PyObject* source);

}  // namespace nrn::python
