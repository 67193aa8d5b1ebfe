// SPDX-License-Identifier: BSD-3-Clause
// What the host is told of a mechanism as a whole.
#pragma once
#include <string>

#include "symbols.hpp"

namespace nrn::nmodl {

/// What only the printing of blocks finds out.
struct PrintedFacts { bool thread_safe, net_initial, unfit; };

/// nrn_mechanism_flags, as C++ text.
std::string flags_text(const Mechanism& m, const PrintedFacts& printed);

}  // namespace nrn::nmodl
