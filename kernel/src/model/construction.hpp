// SPDX-License-Identifier: BSD-3-Clause
// The call that makes a point process, while its CONSTRUCTOR runs: VERBATIM text there reads the call's arguments.
#pragma once
#include "nrn/api/callable.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {

struct Construction {
    explicit Construction(Runtime&) {}
    CallArgs* args = nullptr;
};

}  // namespace nrn
