// SPDX-License-Identifier: BSD-3-Clause
// The host's services for sections and nodes (nrn/abi/sections.h).
#pragma once
#include "nrn/abi/sections.h"

namespace nrn {

[[nodiscard]] const nrn_section_services& section_services();

}  // namespace nrn
