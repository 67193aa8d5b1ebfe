// SPDX-License-Identifier: BSD-3-Clause
// An argument that must be a Random.
#pragma once
#include "nrn/api/callable.hpp"
#include "random/random.hpp"

namespace nrn {

[[nodiscard]] inline RandomStream& random_argument(const CallArgs& args, std::size_t i) {
    return args.object<Random>(i, "Random").stream;
}

}  // namespace nrn
