// SPDX-License-Identifier: BSD-3-Clause
// Puts the values of CONSTANTs, DEFINEs and constants of UNITS in place and does the arithmetic between numbers.
#pragma once
#include "diagnostics.hpp"
#include "symbols.hpp"

namespace nrn::nmodl {

void fold_constants(Mechanism& mechanism, Diagnostics& diagnostics);

}  // namespace nrn::nmodl
