// SPDX-License-Identifier: BSD-3-Clause
// Conductances: the derivatives of the currents by v, where BREAKPOINT is straight assignments linear in v. Then
// the second evaluation at v + 0.001 mV is not needed.
#pragma once
#include "diagnostics.hpp"
#include "symbols.hpp"

namespace nrn::nmodl {

void split_currents(Mechanism& mechanism, Diagnostics& diagnostics);

}  // namespace nrn::nmodl
