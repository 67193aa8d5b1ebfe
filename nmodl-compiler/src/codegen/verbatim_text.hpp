// SPDX-License-Identifier: BSD-3-Clause
// Puts a mechanism's variables and functions in place in the C text of a VERBATIM block.
#pragma once
#include <functional>
#include <string>

#include "symbols.hpp"

namespace nrn::nmodl {

/// What variables print as in this block: (name, index) -> C++ expression; "" when it cannot be reached.
using VariableText = std::function<std::string(const std::string& name, const std::string& index)>;

/// @param in_block true inside a block of the mechanism (an instance is at hand), false for text outside blocks
std::string translate_verbatim(const std::string& text, const Mechanism& mechanism, bool in_block, const VariableText& variable);

}  // namespace nrn::nmodl
