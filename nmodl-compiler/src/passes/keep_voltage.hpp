// SPDX-License-Identifier: BSD-3-Clause
// Functions called from Hoc or Python see the voltage that the instance's blocks saw last, as in the reference: one
// hidden column keeps it, in mechanisms that have such a function.
#pragma once
#include "diagnostics.hpp"
#include "symbols.hpp"

namespace nrn::nmodl {

void keep_voltage(Mechanism& mechanism, Diagnostics& diagnostics);

}  // namespace nrn::nmodl
