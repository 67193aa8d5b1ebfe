// SPDX-License-Identifier: BSD-3-Clause
// The functions that the language itself offers: how many arguments they take and what they are in C++.
#pragma once
#include <span>
#include <string_view>

namespace nrn::nmodl {

struct BuiltinFunction {
    std::string_view name;
    int least, most;       // arguments
    std::string_view cpp;  // called with the same arguments; empty: the emitter knows; see `instead`
    std::string_view instead;  // of what is refused by name
};

std::span<const BuiltinFunction> builtin_functions();
/// Null when there is none of this name.
const BuiltinFunction* find_builtin(std::string_view name);

}  // namespace nrn::nmodl
