// SPDX-License-Identifier: BSD-3-Clause
// The top level as an object: `h`. Looks in Scope; sets variables; h("text") executes Hoc.
#pragma once
#include "python_state.hpp"

namespace nrn::python {

/// A new one (`h` and `n` are two of the same).
[[nodiscard]] PyObject* make_top_level();
void define_top_level_type(PyObject* module);

}  // namespace nrn::python
