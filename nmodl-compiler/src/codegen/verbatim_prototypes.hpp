// SPDX-License-Identifier: BSD-3-Clause
// Declarations of C functions in VERBATIM text, as C++ wants them.
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

namespace nrn::nmodl {

/// Parameters of the C functions that a file's VERBATIM text defines, by name: "double* x, int n".
using DefinedFunctions = std::map<std::string, std::string>;

/// Looks for definitions `type name(parameters) {`, and those in the style before ANSI C.
DefinedFunctions find_definitions(const std::string& text);

/// Declarations of what nrn/abi/verbatim.h offers go (they would hide it, being written without parameters); a
/// declaration `int f();` of one of the file's own functions gets the parameters of its definition, and
/// definitions in the style before ANSI C become modern ones. Those of `blocks`, FUNCTIONs and PROCEDUREs, go too.
std::string modern_declarations(const std::string& text, const DefinedFunctions& own, const std::set<std::string>& blocks);

/// Numbers that the text declares `extern double a, b;`: of another file's C text, or GLOBAL in another mechanism.
std::set<std::string> foreign_numbers(const std::string& text);

/// Names that a declaration beginning at `at` (the start of a statement) declares; none when it is no declaration.
std::vector<std::string> declared_names(const std::string& text, std::size_t at);
/// Names of the parameters in "double* x, int n".
std::vector<std::string> parameter_names(const std::string& parameters);

}  // namespace nrn::nmodl
