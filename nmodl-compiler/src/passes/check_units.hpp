// SPDX-License-Identifier: BSD-3-Clause
// Are both sides of every assignment, sum, comparison, equation and reaction of the same units? A number without
// units goes with any; a number in parentheses is a factor between units, so that `(0.001)*x` with x in uA is in mA.
#pragma once
#include "diagnostics.hpp"
#include "symbols.hpp"

namespace nrn::nmodl {

void check_units(Mechanism& mechanism, Diagnostics& diagnostics);

}  // namespace nrn::nmodl
