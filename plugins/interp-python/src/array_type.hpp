// SPDX-License-Identifier: BSD-3-Clause
// Views of array variables: top-level (`double x[3]`, `objref o[2]`, `create dend[5]`) and of objects (`v.x`,
// `nc.weight`). Also `_ref_x` of an array: indexing such a view gives references.
#pragma once
#include "nrn/api/class.hpp"
#include "python_state.hpp"

namespace nrn {
struct Symbol;
}

namespace nrn::python {

[[nodiscard]] PyObject* view_symbol_array(Symbol& symbol, bool references);
[[nodiscard]] PyObject* view_member_array(const Member& member, Object& object, bool references);
/// What a symbol's element is in Python (number, object, section).
[[nodiscard]] PyObject* symbol_element(Symbol& symbol, std::size_t flat);
/// @throws Error when the value does not fit; then set to what was assigned.
void set_symbol_element(Symbol& symbol, std::size_t flat, PyObject* value);
void define_array_type(PyObject* module);

}  // namespace nrn::python
