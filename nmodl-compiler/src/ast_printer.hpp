// SPDX-License-Identifier: BSD-3-Clause
// The syntax tree as NMODL text again, at any stage of the compilation. Comments and INDEPENDENT are not part of it.
#pragma once
#include <string>

#include "ast.hpp"

namespace nrn::nmodl {

std::string to_nmodl(const Program& program);
std::string to_nmodl(const Block& block, int indent);
/// With as few parentheses as the language needs.
std::string to_nmodl(const ExprPtr& e);

}  // namespace nrn::nmodl
