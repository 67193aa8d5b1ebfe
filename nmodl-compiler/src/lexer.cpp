// SPDX-License-Identifier: BSD-3-Clause
// The NMODL lexer.
#include "lexer.hpp"

#include <cctype>
#include <cstdlib>

#include <fmt/format.h>

namespace nrn::nmodl {
namespace {

class Lexer {
  public:
    Lexer(std::uint32_t source, const std::string& text, Diagnostics& d) : source_(source), text_(text), d_(d) {}

    std::vector<Token> run() {
        while (true) {
            skip_blank();
            Token t;
            t.offset = at_;
            t.span = here(1);
            if (at_ >= text_.size()) {
                t.end = at_;
                tokens_.push_back(t);
                return std::move(tokens_);
            }
            one(t);
        }
    }

  private:
    SourceSpan here(std::size_t length) const {
        return {source_, line_, static_cast<std::uint32_t>(at_ - line_start_ + 1), static_cast<std::uint32_t>(length)};
    }
    void advance() {
        if (text_[at_] == '\n') {
            ++line_;
            line_start_ = at_ + 1;
        }
        ++at_;
    }
    std::size_t line_end(std::size_t from) const {
        const auto n = text_.find('\n', from);
        return n == std::string::npos ? text_.size() : n;
    }
    void skip_to(std::size_t to) {
        while (at_ < to && at_ < text_.size()) advance();
    }
    void skip_blank() {
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (std::isspace(static_cast<unsigned char>(c))) advance();
            else if (c == ':' || c == '?') skip_to(line_end(at_));
            else break;
        }
    }
    /// Text up to the line that begins with `closer`; the rest of the opening line belongs to it only if asked.
    std::string until(const std::string& closer, const SourceSpan& opened, bool own_line) {
        const std::size_t begin = at_;
        std::size_t from = own_line ? line_end(at_) : at_;
        while (true) {
            const auto found = text_.find(closer, from);
            if (found == std::string::npos) {
                d_.error(opened, fmt::format("there is no `{}` for this block", closer));
                skip_to(text_.size());
                return text_.substr(begin);
            }
            std::string body = text_.substr(begin, found - begin);
            skip_to(found + closer.size());
            return body;
        }
    }

    void push(Token& t, Token::Kind kind, std::size_t length) {
        t.kind = kind;
        t.text = text_.substr(at_, length);
        t.span = here(length);
        skip_to(at_ + length);
        t.end = at_;
        tokens_.push_back(t);
    }

    void word(Token& t) {
        std::size_t n = 0;
        while (at_ + n < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_ + n])) || text_[at_ + n] == '_')) ++n;
        const std::string name = text_.substr(at_, n);
        const SourceSpan span = here(n);
        if (name == "COMMENT") {
            skip_to(at_ + n);
            until("ENDCOMMENT", span, true);
            skip_to(line_end(at_));  // the rest of that line is comment too
        } else if (name == "VERBATIM") {
            skip_to(at_ + n);
            t.kind = Token::Kind::Verbatim;
            t.span = span;
            t.text = until("ENDVERBATIM", span, false);
            t.end = at_;
            tokens_.push_back(t);
        } else if (name == "TITLE") {
            skip_to(at_ + n);
            const std::size_t end = line_end(at_);
            t.kind = Token::Kind::Title;
            t.text = text_.substr(at_, end - at_);
            t.span = span;
            skip_to(end);
            t.end = at_;
            tokens_.push_back(t);
        } else {
            push(t, Token::Kind::Name, n);
            if (name == "REPRESENTS") identifier_of_ontology();
        }
    }

    /// CHEBI:29101 or [CHEBI:29101]: its colon begins no comment.
    void identifier_of_ontology() {
        while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) advance();
        const bool bracket = at_ < text_.size() && text_[at_] == '[';
        if (bracket) advance();
        std::size_t n = 0;
        while (at_ + n < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_ + n])) || std::string_view("_:.-/#").find(text_[at_ + n]) != std::string_view::npos)) ++n;
        if (n == 0) return;
        Token t;
        push(t, Token::Kind::String, n);
        if (bracket && at_ < text_.size() && text_[at_] == ']') advance();
    }

    void number(Token& t) {
        std::size_t n = 0;
        const auto digit = [&](std::size_t k) { return at_ + k < text_.size() && std::isdigit(static_cast<unsigned char>(text_[at_ + k])); };
        bool integer = true;
        while (digit(n)) ++n;
        if (at_ + n < text_.size() && text_[at_ + n] == '.') {
            integer = false;
            ++n;
            while (digit(n)) ++n;
        }
        if (at_ + n < text_.size() && (text_[at_ + n] == 'e' || text_[at_ + n] == 'E')) {
            std::size_t k = n + 1;
            if (at_ + k < text_.size() && (text_[at_ + k] == '+' || text_[at_ + k] == '-')) ++k;
            if (digit(k)) {
                while (digit(k)) ++k;
                n = k;
                integer = false;
            }
        }
        t.number = std::strtod(text_.substr(at_, n).c_str(), nullptr);
        t.is_integer = integer;
        push(t, Token::Kind::Number, n);
    }

    void one(Token& t) {
        const char c = text_[at_], next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
        if (std::isalpha(static_cast<unsigned char>(c)) || c == '_') return word(t);
        if (std::isdigit(static_cast<unsigned char>(c)) || (c == '.' && std::isdigit(static_cast<unsigned char>(next)))) return number(t);
        if (c == '"') {
            const std::size_t close = text_.find('"', at_ + 1);
            if (close == std::string::npos || close > line_end(at_)) {
                d_.error(here(1), "the string is not closed on its line");
                return skip_to(line_end(at_));
            }
            push(t, Token::Kind::String, close - at_ + 1);
            tokens_.back().text = tokens_.back().text.substr(1, tokens_.back().text.size() - 2);
            return;
        }
        for (const char* op : {"<->", "<<", "->", "<=", ">=", "==", "!=", "&&", "||"})
            if (text_.compare(at_, std::char_traits<char>::length(op), op) == 0) return push(t, Token::Kind::Punctuation, std::char_traits<char>::length(op));
        if (std::string_view("{}()[]<>+-*/^=,!~'&|%;$#@.").find(c) != std::string_view::npos) return push(t, Token::Kind::Punctuation, 1);
        d_.error(here(1), fmt::format("unexpected character `{}`", c >= 32 && c < 127 ? std::string(1, c) : fmt::format("\\x{:02x}", static_cast<unsigned char>(c))));
        advance();
    }

    std::uint32_t source_;
    const std::string& text_;
    Diagnostics& d_;
    std::vector<Token> tokens_;
    std::size_t at_ = 0, line_start_ = 0;
    std::uint32_t line_ = 1;
};

}  // namespace

std::string with_plain_line_ends(const std::string& text) {
    std::string plain;
    plain.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\r') {
            if (i + 1 < text.size() && text[i + 1] == '\n') continue;
            plain += '\n';
        } else {
            plain += text[i];
        }
    }
    return plain;
}

std::vector<Token> tokenize(std::uint32_t source, const std::string& text, Diagnostics& diagnostics) {
    return Lexer(source, text, diagnostics).run();
}

}  // namespace nrn::nmodl
