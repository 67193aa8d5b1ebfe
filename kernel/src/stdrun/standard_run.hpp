// SPDX-License-Identifier: BSD-3-Clause
// run, init, continuerun ... as users know them from the standard run library.
#pragma once
#include <string_view>

namespace nrn {

class Runtime;

/// Defines the procedures and variables of the standard run system at top level. They call each other by
/// name, so that a user's own `init` or `advance`, in any language, takes the place of ours.
void define_standard_run(Runtime& runtime);
/// Is that one of its procedures or variables?
[[nodiscard]] bool standard_run_has(std::string_view name) noexcept;
/// lambda_f, hoc_sf_ and the other small helpers that every library file relies on.
void define_standard_library(Runtime& runtime);
/// Plots, menus and tools of the graphical library, without a screen.
void define_graphical_library(Runtime& runtime);
/// clipboard_retrieve and clipboard_save.
void define_clipboard(Runtime& runtime);

/// Calls the top-level function called `name` with these numbers.
double call_top_level(Runtime& runtime, std::string_view name, std::initializer_list<double> arguments = {});
/// Reads a top-level number. @throws Error(Name) when it does not exist
double& top_level_number(Runtime& runtime, std::string_view name);

}  // namespace nrn
