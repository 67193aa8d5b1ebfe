// SPDX-License-Identifier: BSD-3-Clause
// Python objects as objects of the kernel's class PythonObject: attributes, `_`, items and calls for other languages.
#pragma once
#include "nrn/api/object.hpp"
#include "python_state.hpp"

namespace nrn::python {

/// The kernel's object for a Python object; one and the same while it lives.
[[nodiscard]] ObjectPtr foreign_object(PyObject* object);
/// Borrowed, or null when `object` is of another class.
[[nodiscard]] PyObject* python_object_of(Object& object) noexcept;

void define_foreign_class();

}  // namespace nrn::python
