// SPDX-License-Identifier: BSD-3-Clause
// Hoc text to tokens, one at a time: what stands behind an error is not looked at before what stands before it ran.
#pragma once
#include <string_view>
#include <vector>

#include "token.hpp"

namespace nrn::hoc {

class Lexer {
  public:
    /// `text` must outlive the lexer.
    Lexer(std::uint32_t source, std::string_view text) : source_(source), text_(text), at_(text.starts_with("\xef\xbb\xbf") ? 3 : 0), line_start_(at_) {}
    /// The next token; End for ever after the last one. @throws Error(Syntax) with the place
    Token next();
    /// What was not read yet.
    [[nodiscard]] std::string_view rest() const { return text_.substr(at_); }
    void skip(std::size_t n);
    /// Goes on at the end of the line.
    void skip_line();

  private:
    [[nodiscard]] char peek(std::size_t n = 0) const { return at_ + n < text_.size() ? text_[at_ + n] : '\0'; }
    [[nodiscard]] SourceSpan here(std::size_t length) const;
    void advance();
    [[nodiscard]] bool lone_return() const;
    Token made(Token::Kind kind, std::string text, std::size_t length);
    [[noreturn]] void fail(const std::string& message);
    bool skipped();
    void comment();
    Token number();
    Token string();
    Token argument();
    Token punctuation();

    std::uint32_t source_;
    std::string_view text_;
    std::size_t at_, line_start_;  // behind a byte order mark
    std::uint32_t line_ = 1;
};

/// All tokens of a text, End included.
std::vector<Token> tokenize(std::uint32_t source, std::string_view text);
/// The keyword `word` is, or None.
Keyword keyword_of(std::string_view word);

}  // namespace nrn::hoc
