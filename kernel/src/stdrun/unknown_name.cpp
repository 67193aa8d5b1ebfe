// SPDX-License-Identifier: BSD-3-Clause
#include "stdrun/unknown_name.hpp"

#include <fmt/format.h>

#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"
#include "stdrun/standard_run.hpp"

namespace nrn {

std::string hint_for_unknown(Runtime& runtime, std::string_view name) {
    if (standard_run_has(name)) return fmt::format("`{}` comes with load_file(\"stdrun.hoc\")", name);
    const std::string closest = runtime.scope().closest(name);
    return closest.empty() ? "" : fmt::format("did you mean `{}`?", closest);
}

}  // namespace nrn
