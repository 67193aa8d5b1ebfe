// SPDX-License-Identifier: BSD-3-Clause
// Regular expressions whose matching ends: the library's usual way may take a time exponential in the text's length,
// and stack in proportion to it.
#pragma once
#include <regex>
#include <string>

namespace nrn {

/// Matching takes polynomial time and bounded stack. Only an expression that refers back to its groups (\1) is matched
/// in the usual way. @throws std::regex_error
[[nodiscard]] inline std::regex regular_expression(const std::string& text) {
    try {
        return std::regex(text, std::regex::ECMAScript | std::regex_constants::__polynomial);
    } catch (const std::regex_error& error) {
        if (error.code() != std::regex_constants::error_complexity) throw;
        return std::regex(text, std::regex::ECMAScript);
    }
}

/// False for what regular_expression() had to leave to the usual way.
[[nodiscard]] inline bool bounded(const std::regex& expression) { return (expression.flags() & std::regex_constants::__polynomial) != 0; }

}  // namespace nrn
