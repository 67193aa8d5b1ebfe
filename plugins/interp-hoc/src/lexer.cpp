// SPDX-License-Identifier: BSD-3-Clause
// The Hoc lexer.
#include <cctype>
#include <cstdlib>

#include <fmt/format.h>

#include "nrn/api/error.hpp"
#include "token.hpp"

namespace nrn::hoc {
namespace {

class Lexer {
  public:
    Lexer(std::uint32_t source, std::string_view text) : source_(source), text_(text) {}
    std::vector<Token> run() {
        while (at_ < text_.size()) one();
        push(Token::Kind::End, "", 0);
        return std::move(tokens_);
    }

  private:
    char peek(std::size_t n = 0) const { return at_ + n < text_.size() ? text_[at_ + n] : '\0'; }
    SourceSpan here(std::size_t length) const { return {source_, line_, static_cast<std::uint32_t>(at_ - line_start_ + 1), static_cast<std::uint32_t>(length)}; }
    void advance() {
        if (text_[at_] == '\n') {
            ++line_;
            line_start_ = at_ + 1;
        }
        ++at_;
    }
    Token& push(Token::Kind kind, std::string text, std::size_t length) {
        tokens_.push_back({kind, std::move(text), 0, here(length)});
        for (std::size_t i = 0; i < length; ++i) advance();
        return tokens_.back();
    }
    [[noreturn]] void fail(const std::string& message) { throw Error(ErrorKind::Syntax, here(1), message); }

    void one() {
        const char c = peek();
        if (c == '\n') {
            push(Token::Kind::Newline, "\n", 1);
        } else if (c == '\\' && (peek(1) == '\n' || (peek(1) == '\r' && peek(2) == '\n'))) {
            while (peek() != '\n') advance();
            advance();
        } else if (std::isspace(static_cast<unsigned char>(c)) || c == '\0' || c == '\032') {
            advance();
        } else if (c == '/' && peek(1) == '/') {
            while (at_ < text_.size() && peek() != '\n') advance();
        } else if (c == '/' && peek(1) == '*') {
            comment();
        } else if (std::isalpha(static_cast<unsigned char>(c)) || c == '_') {
            std::size_t n = 0;
            while (std::isalnum(static_cast<unsigned char>(peek(n))) || peek(n) == '_') ++n;
            push(Token::Kind::Name, std::string(text_.substr(at_, n)), n);
        } else if (std::isdigit(static_cast<unsigned char>(c)) || (c == '.' && std::isdigit(static_cast<unsigned char>(peek(1))))) {
            number();
        } else if (c == '"') {
            string();
        } else if (c == '$') {
            argument();
        } else {
            for (const char* op : {"==", "!=", "<=", ">=", "&&", "||", "+=", "-=", "*=", "/="})
                if (c == op[0] && peek(1) == op[1]) {
                    push(Token::Kind::Punctuation, op, 2);
                    return;
                }
            if (std::string_view("+-*/%^<>=!(){}[],;.:&|@").find(c) == std::string_view::npos) fail(fmt::format("unexpected character `{}`: syntax error", c));
            push(Token::Kind::Punctuation, std::string(1, c), 1);
        }
    }

    void comment() {
        const SourceSpan opened = here(2);
        while (at_ < text_.size() && !(peek() == '*' && peek(1) == '/')) advance();
        if (at_ >= text_.size()) throw Error(ErrorKind::Syntax, opened, "the comment is not closed by */");
        advance();
        advance();
    }

    void number() {
        std::size_t n = 0;
        if (peek() == '0' && (peek(1) == 'x' || peek(1) == 'X') && std::isxdigit(static_cast<unsigned char>(peek(2)))) {
            n = 2;
            while (std::isxdigit(static_cast<unsigned char>(peek(n)))) ++n;
            const double value = static_cast<double>(std::strtoull(std::string(text_.substr(at_, n)).c_str(), nullptr, 16));
            push(Token::Kind::Number, std::string(text_.substr(at_, n)), n).number = value;
            return;
        }
        while (std::isdigit(static_cast<unsigned char>(peek(n)))) ++n;
        if (peek(n) == '.') {
            ++n;
            while (std::isdigit(static_cast<unsigned char>(peek(n)))) ++n;
        }
        if (peek(n) == 'e' || peek(n) == 'E') {
            std::size_t k = n + 1;
            if (peek(k) == '+' || peek(k) == '-') ++k;
            if (std::isdigit(static_cast<unsigned char>(peek(k)))) {
                while (std::isdigit(static_cast<unsigned char>(peek(k)))) ++k;
                n = k;
            }
        }
        const double value = std::strtod(std::string(text_.substr(at_, n)).c_str(), nullptr);
        push(Token::Kind::Number, std::string(text_.substr(at_, n)), n).number = value;
    }

    void string() {
        const SourceSpan opened = here(1);
        std::string value;
        std::size_t n = 1;
        while (true) {
            const char c = peek(n);
            if (at_ + n >= text_.size() || c == '\n') throw Error(ErrorKind::Syntax, opened, "the string is not closed: missing quote");
            if (c == '"') break;
            if (c == '\\') {
                ++n;
                switch (peek(n)) {
                case 'n': value += '\n'; break;
                case 't': value += '\t'; break;
                case 'r': value += '\r'; break;
                case 'b': value += '\b'; break;
                case 'f': value += '\f'; break;
                case '\n': break;
                default: value += peek(n); break;
                }
            } else {
                value += c;
            }
            ++n;
        }
        push(Token::Kind::String, std::move(value), n + 1);
    }

    void argument() {
        std::size_t n = 1;
        std::string kind;
        if (peek(n) == 's' || peek(n) == 'o' || peek(n) == '&') kind = peek(n++);
        double index = -1;
        if (std::isdigit(static_cast<unsigned char>(peek(n)))) {
            index = 0;
            while (std::isdigit(static_cast<unsigned char>(peek(n)))) index = index * 10 + (peek(n++) - '0');
            if (index > 1e6) fail("the argument's number is too large");
        } else if (peek(n) == 'i' && !std::isalnum(static_cast<unsigned char>(peek(n + 1)))) {
            ++n;
        } else {
            fail("after `$` a number or `i` is needed: syntax error");
        }
        push(Token::Kind::Argument, kind, n).number = index;
    }

    std::uint32_t source_;
    std::string_view text_;
    std::size_t at_ = 0, line_start_ = 0;
    std::uint32_t line_ = 1;
    std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> tokenize(std::uint32_t source, std::string_view text) { return Lexer(source, text).run(); }

}  // namespace nrn::hoc
