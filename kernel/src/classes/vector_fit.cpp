// SPDX-License-Identifier: BSD-3-Clause
// Vector: fitting.
#include "classes/vector_methods.hpp"
namespace nrn::vector_class {
std::span<const Method> fit_methods() { return {}; }
}  // namespace nrn::vector_class
