// SPDX-License-Identifier: BSD-3-Clause
// Orders in which sections of a tree are listed.
#pragma once
#include <vector>

#include "model/section.hpp"

namespace nrn {

/// The section and everything below it, breadth first.
[[nodiscard]] std::vector<Section*> subtree_of(Section& section);

}  // namespace nrn
