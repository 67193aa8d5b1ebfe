// SPDX-License-Identifier: BSD-3-Clause
// Tokens to syntax tree, by recursive descent. After an error it goes on at the next block.
#pragma once
#include <filesystem>

#include "ast.hpp"
#include "lexer.hpp"

namespace nrn::nmodl {

/// Parses the file registered as `source`; INCLUDEs are looked up beside `folder` and in MODL_INCLUDE.
Program parse(std::uint32_t source, SourceRegistry& sources, const std::filesystem::path& folder, Diagnostics& diagnostics);

}  // namespace nrn::nmodl
