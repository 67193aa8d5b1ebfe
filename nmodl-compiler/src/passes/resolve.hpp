// SPDX-License-Identifier: BSD-3-Clause
// Decides what every name is; reports names that are nothing, declared twice, or used against their kind.
#pragma once
#include "diagnostics.hpp"
#include "symbols.hpp"

namespace nrn::nmodl {
Mechanism resolve(Program program, Diagnostics& diagnostics);
}
