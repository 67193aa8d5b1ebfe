// SPDX-License-Identifier: BSD-3-Clause
// What LAG statements have seen is forgotten when a run begins, and given back when an instance goes.
#pragma once
#include "diagnostics.hpp"
#include "symbols.hpp"

namespace nrn::nmodl {

/// The name of the slot that belongs to LAG x BY tau ends so.
bool is_lag_slot(const std::string& name);
bool keeps_lags(const Mechanism& mechanism);
void keep_lags(Mechanism& mechanism, Diagnostics& diagnostics);

}  // namespace nrn::nmodl
