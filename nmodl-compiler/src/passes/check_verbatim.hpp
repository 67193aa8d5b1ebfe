// SPDX-License-Identifier: BSD-3-Clause
// C text of VERBATIM blocks that cannot work here is refused before the C++ compiler meets it, by name and with
// what to use instead.
#pragma once
#include "diagnostics.hpp"
#include "symbols.hpp"

namespace nrn::nmodl {

void check_verbatim(Mechanism& mechanism, Diagnostics& diagnostics);

}  // namespace nrn::nmodl
