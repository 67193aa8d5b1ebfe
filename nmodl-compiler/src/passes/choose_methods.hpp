// SPDX-License-Identifier: BSD-3-Clause
// Gives every SOLVE the method that solves its block, and refuses those that do not fit it.
#pragma once
#include "diagnostics.hpp"
#include "symbols.hpp"

namespace nrn::nmodl {

void choose_methods(Mechanism& mechanism, Diagnostics& diagnostics);

}  // namespace nrn::nmodl
