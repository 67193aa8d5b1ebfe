// SPDX-License-Identifier: BSD-3-Clause
// A resolved mechanism as C++ against nrn/abi/mechanism.h.
#pragma once
#include <string>

#include "diagnostics.hpp"
#include "symbols.hpp"

namespace nrn::nmodl {

/// @param vectors whether kernels work on registers of instances where they can
/// The whole translation unit; it defines `const nrn_mechanism* nrn_mechanism_of_<tag>()`.
std::string print_cpp(Mechanism& mechanism, const std::string& tag, const std::string& source_text, const std::string& hash, Diagnostics& diagnostics, bool vectors = true);

}  // namespace nrn::nmodl
