// SPDX-License-Identifier: BSD-3-Clause
// Puts a mechanism's variables and functions in place in the C text of a VERBATIM block.
#pragma once
#include <functional>
#include <set>
#include <string>

#include "symbols.hpp"

namespace nrn::nmodl {

/// Whether VERBATIM text outside of blocks uses variables of an instance, and turns from one instance to another.
enum class InstanceUse { None, Outside, Switched };
InstanceUse instance_use(Mechanism& mechanism);

/// Numbers of other files that the text uses; the generated code declares them before it.
const std::set<std::string>& foreign_numbers(Mechanism& mechanism);
std::string foreign_number(const std::string& name);

/// What variables print as in this block: (name, index) -> C++ expression; "" when it cannot be reached.
using VariableText = std::function<std::string(const std::string& name, const std::string& index)>;

/// @param in_block true inside a block of the mechanism (an instance is at hand), false for text outside blocks
std::string translate_verbatim(const std::string& text, Mechanism& mechanism, bool in_block, const VariableText& variable);

}  // namespace nrn::nmodl
