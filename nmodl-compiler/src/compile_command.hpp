// SPDX-License-Identifier: BSD-3-Clause
// From .mod files to a pack: the driver behind `nrn compile` and nrn_add_mechanism_pack.
#pragma once
#include <span>
#include <string>

namespace nrn::nmodl {

/// nrn compile [DIR or FILES...] [-o PACK.so] ..., see --help. @returns the exit status: 0 good, 1 errors in the files
/// or in what was made of them, 2 a wrong command line
int compile_command(std::span<const std::string> words);

}  // namespace nrn::nmodl
