// SPDX-License-Identifier: BSD-3-Clause
// The patterns of forsec, ifsec and issection.
#pragma once
#include <string>
#include <string_view>

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

}  // namespace nrn
