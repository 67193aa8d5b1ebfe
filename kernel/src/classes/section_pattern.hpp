// SPDX-License-Identifier: BSD-3-Clause
// The patterns of forsec, ifsec and issection.
#pragma once
#include <algorithm>
#include <cctype>
#include <optional>
#include <regex>
#include <string>
#include <string_view>

#include "classes/regular_expression.hpp"

namespace nrn {

/// As a regular expression in C++: `[ ]` are literal, `< >` enclose character ranges; all else means what it does there.
[[nodiscard]] inline std::string section_pattern(std::string_view pattern) {
    std::string regex;
    for (char c : pattern) {
        if (c == '[' || c == ']') (regex += '\\') += c;
        else if (c == '<') regex += '[';
        else if (c == '>') regex += ']';
        else regex += c;
    }
    return regex;
}

/// What section names are compared with: ifsec and forsec look for the pattern in a name, issection means all of it.
class SectionPattern {
  public:
    enum class Means { Part, Whole };
    /// @throws std::regex_error
    SectionPattern(const std::string& pattern, Means means) : means_(means) {
        const auto plain = [](unsigned char c) { return std::isalnum(c) || c == '_'; };
        if (std::all_of(pattern.begin(), pattern.end(), plain)) text_ = pattern;  // most are; twenty times as fast
        else expression_ = regular_expression(means == Means::Whole ? section_pattern(pattern) : ".*" + section_pattern(pattern) + ".*");
    }
    [[nodiscard]] bool matches(const std::string& name) const {
        if (expression_) return std::regex_match(name, *expression_);
        return means_ == Means::Whole ? name == text_ : name.find(text_) != std::string::npos;
    }

  private:
    Means means_;
    std::string text_;
    std::optional<std::regex> expression_;
};

}  // namespace nrn
