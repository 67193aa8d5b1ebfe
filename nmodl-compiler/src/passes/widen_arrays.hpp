// SPDX-License-Identifier: BSD-3-Clause
// Arrays that a file uses one element past their end get that element: published files count from 1, or take the
// length of a declaration for the last index. The reference computes with whatever number lies behind the array.
#pragma once
#include "diagnostics.hpp"
#include "symbols.hpp"

namespace nrn::nmodl {

void widen_arrays(Mechanism& mechanism, Diagnostics& diagnostics);

}  // namespace nrn::nmodl
