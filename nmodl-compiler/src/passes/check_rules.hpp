// SPDX-License-Identifier: BSD-3-Clause
// What may stand where: events in NET_RECEIVE, derivatives of STATEs, TABLE in procedures of one argument, names that
// belong to the simulator.
#pragma once
#include "diagnostics.hpp"
#include "symbols.hpp"

namespace nrn::nmodl {

void check_rules(Mechanism& mechanism, Diagnostics& diagnostics);

}  // namespace nrn::nmodl
