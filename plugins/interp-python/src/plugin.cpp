// SPDX-License-Identifier: BSD-3-Clause
// The card of the plugin that embeds Python.
#include "nrn/api/build_tag.hpp"
#include "python_runtime.hpp"

static const nrn::InterpreterFactory factory{"python", nrn::python::start_embedded};

NRN_CXX_PLUGIN(NRN_PLUGIN_INTERPRETER, "python", "1.0.0", "") { return &factory; }
