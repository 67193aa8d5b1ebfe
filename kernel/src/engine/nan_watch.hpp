// SPDX-License-Identifier: BSD-3-Clause
// Are the states of mechanisms numbers? Private to the engine.
#pragma once
#include "engine/layout.hpp"

namespace nrn {

/// One pass over the states of a group's mechanisms.
[[nodiscard]] bool states_are_finite(const Layout::CellGroup& group);

}  // namespace nrn
