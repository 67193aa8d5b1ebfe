// SPDX-License-Identifier: BSD-3-Clause
// Reports a broken invariant as an error that asks for a bug report.
#include "error/assertion.hpp"

#include <fmt/format.h>

#include "nrn/api/error.hpp"

namespace nrn {

void assertion_failed(const char* condition, const char* file, int line) {
    throw Error(ErrorKind::Runtime, fmt::format("internal error: `{}` does not hold ({}:{})", condition, file, line))
        .hint("this is a bug in the simulator, please report it with the model that shows it");
}

}  // namespace nrn
