// SPDX-License-Identifier: BSD-3-Clause
// printf and sscanf as Hoc knows them: %d %x %o %c %e %f %g %s with widths and the l modifier, one table for all
// callers (printf, sprint, fprint, File.printf, Vector.printf).
#pragma once
#include <string>
#include <string_view>

#include "nrn/api/callable.hpp"

namespace nrn {

/// Formats arguments first, first + 1 ... by the format in argument `format_index`.
/// @throws Error(Argument) if one is missing, Error(Type) if of the wrong kind
[[nodiscard]] std::string format_arguments(const CallArgs& args, std::size_t format_index);
/// One number by a format with one conversion (or none: then the text alone).
[[nodiscard]] std::string format_number(const CallArgs& args, std::string_view format, double x);
/// Assigns to the references and strings in arguments 2, 3 ...; returns how many were assigned.
int scan_arguments(const CallArgs& args);

}  // namespace nrn
