// SPDX-License-Identifier: BSD-3-Clause
// The plugin's card and factory.
#include "hoc_interpreter.hpp"
#include "nrn/api/build_tag.hpp"

namespace nrn::hoc {
namespace {
std::unique_ptr<Interpreter> create(Runtime& runtime) { return std::make_unique<HocInterpreter>(runtime); }
const InterpreterFactory factory{"hoc", create};
}  // namespace
}  // namespace nrn::hoc

NRN_CXX_PLUGIN(NRN_PLUGIN_INTERPRETER, "hoc", "1.0.0", "") { return &nrn::hoc::factory; }
