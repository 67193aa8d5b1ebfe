// SPDX-License-Identifier: BSD-3-Clause
// From .mod files to a pack: the driver behind `nrn compile` and nrn_add_mechanism_pack.
#pragma once
#include <span>
#include <string>

namespace nrn::nmodl {

/// nrn compile [DIR or FILES...] [-o PACK.so] [--emit=cpp|ast|ir] [-v] [--dry-run] [-j N]. @returns the exit status
int compile_command(std::span<const std::string> words);

}  // namespace nrn::nmodl
