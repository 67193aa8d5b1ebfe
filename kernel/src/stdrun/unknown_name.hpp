// SPDX-License-Identifier: BSD-3-Clause
// What to say of a top-level name that nothing has defined.
#pragma once
#include <string>
#include <string_view>

namespace nrn {

class Runtime;

/// "did you mean `x`?", or the library file that would define the name; empty when there is nothing to say.
[[nodiscard]] std::string hint_for_unknown(Runtime& runtime, std::string_view name);

}  // namespace nrn
