// SPDX-License-Identifier: BSD-3-Clause
// Functions both ways: top-level functions of the kernel as Python callables, and Python callables (or tuples of a
// callable and its arguments) as Callable.
#pragma once
#include "nrn/api/callable.hpp"
#include "python_state.hpp"

namespace nrn {
struct Symbol;
}

namespace nrn::python {

/// What calling a Python object does: a callable, or (callable, argument) / (callable, (arguments...)); null otherwise.
[[nodiscard]] CallablePtr python_callable(PyObject* object);
/// The Python face of a function; new reference. With a symbol, the function is looked up at each call.
[[nodiscard]] PyObject* wrap_symbol_function(Symbol& symbol);
[[nodiscard]] PyObject* wrap_callable(CallablePtr callable);
/// The callable behind a function object.
[[nodiscard]] Value function_value(PyObject* function);
void define_function_type(PyObject* module);

}  // namespace nrn::python
