// SPDX-License-Identifier: BSD-3-Clause
// NMODL text to tokens. Comments are gone afterwards; VERBATIM text is one token.
#pragma once
#include <string>
#include <vector>

#include "diagnostics.hpp"
#include "nrn/api/source.hpp"

namespace nrn::nmodl {

struct Token {
    enum class Kind { End, Name, Number, String, Punctuation, Verbatim, Title };
    Kind kind = Kind::End;
    std::string text;
    double number = 0;
    bool is_integer = false;
    SourceSpan span;
    std::size_t offset = 0, end = 0;  // in the text
};

/// Line ends of other systems (\r\n, \r) as \n.
std::string with_plain_line_ends(const std::string& text);

std::vector<Token> tokenize(std::uint32_t source, const std::string& text, Diagnostics& diagnostics);

}  // namespace nrn::nmodl
