// SPDX-License-Identifier: BSD-3-Clause
// Hoc text to tokens. Newlines are tokens; comments and continued lines are gone.
#pragma once
#include <string>
#include <vector>

#include "nrn/api/source.hpp"

namespace nrn::hoc {

struct Token {
    enum class Kind { End, Newline, Name, Number, String, Punctuation, Argument };
    Kind kind = Kind::End;
    std::string text;     // of an Argument: "", "s", "o" or "&"
    double number = 0;    // of an Argument: its number, or -1 for $i
    SourceSpan span;
};

/// @throws Error(Syntax) with the place
std::vector<Token> tokenize(std::uint32_t source, std::string_view text);

}  // namespace nrn::hoc
