// SPDX-License-Identifier: BSD-3-Clause
// The host's services for other instances (nrn/abi/instances.h).
#pragma once
#include "nrn/abi/instances.h"

namespace nrn {

[[nodiscard]] const nrn_instance_services& instance_services();

}  // namespace nrn
