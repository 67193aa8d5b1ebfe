// SPDX-License-Identifier: BSD-3-Clause
// The Python interpreter as an Interpreter of the kernel, embedded (we start libpython) or hosting (Python started us).
#pragma once
#include "nrn/api/interpreter.hpp"
#include "python_state.hpp"

namespace nrn::python {

/// Starts libpython in this process unless it runs; the modules hoc and nrn then show `runtime`.
[[nodiscard]] std::unique_ptr<Interpreter> start_embedded(Runtime& runtime);
/// A runtime of our own for a Python process, with its interpreter registered.
void start_hosted();
/// Shows the runtime: types, h, the modules. Needs the GIL.
void show_runtime(PyObject* module);

}  // namespace nrn::python

extern "C" PyObject* PyInit_hoc();
