// SPDX-License-Identifier: BSD-3-Clause
// How an error looks to a user: label, message, place, the line with a caret, hint, notes, call chain.
#pragma once
#include <string>

#include "nrn/api/error.hpp"
#include "nrn/api/source.hpp"

namespace nrn {

[[nodiscard]] std::string render_error(const Error& error, const SourceRegistry& sources);

/// One diagnostic line group for compilers, which report several: `severity` is "error" or "warning".
[[nodiscard]] std::string render_diagnostic(std::string_view severity, const Error& error, const SourceRegistry& sources);

}  // namespace nrn
