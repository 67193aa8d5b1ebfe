// SPDX-License-Identifier: BSD-3-Clause
// The extension module: PyInit_hoc comes from the binding library, linked whole.
#include "python_runtime.hpp"

namespace {
[[maybe_unused]] PyObject* (*const entry)() = &PyInit_hoc;
}
