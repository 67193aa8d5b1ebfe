// SPDX-License-Identifier: BSD-3-Clause
// Kernels as text, one value a line: what `nrn compile --emit=ir` shows.
#pragma once
#include <string>

#include "symbols.hpp"

namespace nrn::nmodl {

/// The kernels of a mechanism; a block that is no graph says why.
std::string kernels_as_text(const Mechanism& mechanism);

}  // namespace nrn::nmodl
