// SPDX-License-Identifier: BSD-3-Clause
// Vector: drawing on Graphs.
#include "classes/vector_methods.hpp"
namespace nrn::vector_class {
std::span<const Method> graph_methods() { return {}; }
}  // namespace nrn::vector_class
