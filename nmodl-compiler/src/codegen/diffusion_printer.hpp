// SPDX-License-Identifier: BSD-3-Clause
// LONGITUDINAL_DIFFUSION as the rows and functions of nrn_diffusion.
#pragma once
#include "codegen/emitter.hpp"

namespace nrn::nmodl {

/// Prints the functions that give diffusion constant and volume, and the table `diffusions`. @returns its length
int print_diffusion(std::string& out, Emitter& e);

}  // namespace nrn::nmodl
