// SPDX-License-Identifier: BSD-3-Clause
// References (_ref_x, h.ref(5)) as Python objects with one item, [0].
#pragma once
#include "nrn/api/ref.hpp"
#include "python_state.hpp"

namespace nrn::python {

[[nodiscard]] PyObject* wrap_ref(RefPtr ref);
[[nodiscard]] RefPtr ref_of(PyObject* object);
void define_ref_type(PyObject* module);

/// numpy_element_ref(array, index): an element of a writable buffer of doubles.
PyObject* numpy_element_ref(PyObject* module, PyObject* args);
/// h.ref(value)
PyObject* make_ref(PyObject* module, PyObject* args);

}  // namespace nrn::python
