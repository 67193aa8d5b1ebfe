// SPDX-License-Identifier: BSD-3-Clause
// The Hoc lexer.
#include "lexer.hpp"

#include <cctype>
#include <cstdlib>
#include <unordered_map>

#include <fmt/format.h>

#include "nrn/api/error.hpp"

namespace nrn::hoc {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

}  // namespace

Keyword keyword_of(std::string_view word) {
    static const std::unordered_map<std::string_view, Keyword> words{
        {"proc", Keyword::Proc}, {"func", Keyword::Func}, {"obfunc", Keyword::Obfunc},
        {"iterator", Keyword::Iterator}, {"iterator_statement", Keyword::IteratorStatement}, {"begintemplate", Keyword::BeginTemplate},
        {"endtemplate", Keyword::EndTemplate}, {"if", Keyword::If}, {"else", Keyword::Else}, {"while", Keyword::While}, {"for", Keyword::For},
        {"forall", Keyword::ForAll}, {"forsec", Keyword::ForSec}, {"ifsec", Keyword::IfSec}, {"break", Keyword::Break},
        {"continue", Keyword::Continue}, {"stop", Keyword::Stop}, {"return", Keyword::Return}, {"print", Keyword::Print},
        {"create", Keyword::Create}, {"objref", Keyword::Objref}, {"objectvar", Keyword::Objref}, {"strdef", Keyword::Strdef},
        {"double", Keyword::Double}, {"local", Keyword::Local}, {"localobj", Keyword::LocalObj}, {"public", Keyword::Public},
        {"external", Keyword::External}, {"access", Keyword::Access}, {"connect", Keyword::Connect}, {"insert", Keyword::Insert},
        {"uninsert", Keyword::Uninsert}, {"setpointer", Keyword::Setpointer}, {"new", Keyword::New}, {"delete", Keyword::Delete}, {"help", Keyword::Help},
        {"depvar", Keyword::Depvar}, {"eqn", Keyword::Eqn}};
    const auto found = words.find(word);
    return found == words.end() ? Keyword::None : found->second;
}

SourceSpan Lexer::here(std::size_t length) const {
    return {source_, line_, static_cast<std::uint32_t>(at_ - line_start_ + 1), static_cast<std::uint32_t>(length)};
}

void Lexer::advance() {
    if (text_[at_] == '\n' || lone_return()) {
        ++line_;
        line_start_ = at_ + 1;
    }
    ++at_;
}

Token Lexer::made(Token::Kind kind, std::string text, std::size_t length) {
    Token t{kind, Keyword::None, std::move(text), 0, here(length)};
    for (std::size_t i = 0; i < length; ++i) advance();
    return t;
}

void Lexer::fail(const std::string& message) { throw Error(ErrorKind::Syntax, here(1), message); }

/// Old files end their lines with a carriage return alone.
bool Lexer::lone_return() const { return peek() == '\r' && peek(1) != '\n'; }

void Lexer::skip_line() {
    while (at_ < text_.size() && peek() != '\n' && !lone_return()) advance();
}

void Lexer::skip(std::size_t n) {
    for (; n > 0 && at_ < text_.size(); --n) advance();
}

/// Steps over one blank, comment or continued line; false when a token begins here.
bool Lexer::skipped() {
    const char c = peek();
    if (c == '\\') {  // and blanks up to the end of the line: it continues
        std::size_t n = 1;
        while (peek(n) == ' ' || peek(n) == '\t') ++n;
        if (at_ + n < text_.size() && peek(n) != '\n' && peek(n) != '\r') return false;
        for (; n > 0 && at_ < text_.size(); --n) advance();
        if (peek() == '\r' && peek(1) == '\n') advance();
        if (at_ < text_.size()) advance();
    } else if (c == '\r' && lone_return()) {
        return false;
    } else if (c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f' || c == '\0' || c == '\032') {
        advance();
    } else if (c == '/' && peek(1) == '/') {
        skip_line();
    } else if (c == '/' && peek(1) == '*') {
        comment();
    } else {
        return false;
    }
    return true;
}

void Lexer::comment() {
    advance();
    advance();
    while (at_ < text_.size() && !(peek() == '*' && peek(1) == '/')) advance();
    if (at_ >= text_.size()) return;  // the text's end ends it
    advance();
    advance();
}

Token Lexer::next() {
    while (at_ < text_.size() && skipped()) {}
    if (at_ >= text_.size()) return made(Token::Kind::End, "", 0);
    const char c = peek();
    if (c == '\n' || c == '\r') return made(Token::Kind::Newline, "\n", 1);
    if (letter(c)) {
        std::size_t n = 0;
        while (letter(peek(n)) || digit(peek(n))) ++n;
        Token t = made(Token::Kind::Name, std::string(text_.substr(at_, n)), n);
        t.keyword = keyword_of(t.text);
        return t;
    }
    if (digit(c) || (c == '.' && digit(peek(1)))) return number();
    if (c == '"') return string();
    if (c == '$') return argument();
    return punctuation();
}

Token Lexer::punctuation() {
    const char c = peek();
    for (const char* op : {"==", "!=", "<=", ">=", "&&", "||", "+=", "-=", "*=", "/="})
        if (c == op[0] && peek(1) == op[1]) return made(Token::Kind::Punctuation, op, 2);
    if (std::string_view("+-*/%^<>=!(){}[],;.:&|@").find(c) == std::string_view::npos) {
        const bool printable = c > ' ' && c < '\177';
        fail(fmt::format("unexpected character {}: syntax error", printable ? fmt::format("`{}`", c) : fmt::format("with code {}", static_cast<unsigned char>(c))));
    }
    return made(Token::Kind::Punctuation, std::string(1, c), 1);
}

Token Lexer::number() {
    std::size_t n = 0;
    if (peek() == '0' && (peek(1) == 'x' || peek(1) == 'X') && std::isxdigit(static_cast<unsigned char>(peek(2)))) {
        n = 2;
        while (std::isxdigit(static_cast<unsigned char>(peek(n)))) ++n;
        Token t = made(Token::Kind::Number, std::string(text_.substr(at_, n)), n);
        t.number = static_cast<double>(std::strtoull(t.text.c_str(), nullptr, 16));
        return t;
    }
    while (digit(peek(n))) ++n;
    if (peek(n) == '.') {
        ++n;
        while (digit(peek(n))) ++n;
    }
    if (peek(n) == 'e' || peek(n) == 'E') {
        std::size_t k = n + 1;
        if (peek(k) == '+' || peek(k) == '-') ++k;
        while (digit(peek(k))) ++k;
        n = k;  // `1e` and `1e+` are 1, as in the reference
    }
    Token t = made(Token::Kind::Number, std::string(text_.substr(at_, n)), n);
    t.number = std::strtod(t.text.c_str(), nullptr);
    return t;
}

Token Lexer::string() {
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
            case '\r':  // before a line feed it belongs to the line's end
                if (peek(n + 1) == '\n') value += peek(++n);
                else value += '\r';
                break;
            default: value += peek(n); break;
            }
        } else {
            value += c;
        }
        ++n;
    }
    return made(Token::Kind::String, std::move(value), n + 1);
}

Token Lexer::argument() {
    std::size_t n = 1;
    std::string kind;
    if (peek(n) == 's' || peek(n) == 'o' || peek(n) == '&') kind = peek(n++);
    double index = -1;
    if (digit(peek(n))) {
        index = 0;
        while (digit(peek(n)) && index <= 1e6) index = index * 10 + (peek(n++) - '0');
        if (index > 1e6) fail("the argument's number is too large");
        if (index == 0) fail("arguments are counted from 1: syntax error");
    } else if (peek(n) == 'i' && !letter(peek(n + 1)) && !digit(peek(n + 1))) {
        ++n;
    } else {
        fail("after `$` a number or `i` is needed: syntax error");
    }
    Token t = made(Token::Kind::Argument, kind, n);
    t.number = index;
    return t;
}

std::vector<Token> tokenize(std::uint32_t source, std::string_view text) {
    Lexer lexer(source, text);
    std::vector<Token> tokens;
    do tokens.push_back(lexer.next());
    while (tokens.back().kind != Token::Kind::End);
    return tokens;
}

}  // namespace nrn::hoc
