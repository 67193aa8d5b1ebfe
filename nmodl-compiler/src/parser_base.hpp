// SPDX-License-Identifier: BSD-3-Clause
// The token cursor and the expression part of the parser, shared by parser.cpp and parse_statements.cpp.
#pragma once
#include <fmt/format.h>

#include "ast.hpp"
#include "lexer.hpp"

namespace nrn::nmodl {

/// Thrown to leave a broken block; the error is reported already.
struct ParseFailure {};

class ParserBase {
  public:
    ParserBase(std::vector<Token> tokens, Program& program, Diagnostics& d) : tokens_(std::move(tokens)), program_(program), d_(d) {}

  protected:
    const Token& now() const { return tokens_[at_]; }
    const Token& ahead(std::size_t n = 1) const { return tokens_[std::min(at_ + n, tokens_.size() - 1)]; }
    bool is(std::string_view text) const {
        return now().text == text && (now().kind == Token::Kind::Punctuation || now().kind == Token::Kind::Name);
    }
    bool take(std::string_view text) {
        if (!is(text)) return false;
        ++at_;
        return true;
    }
    Token next() {
        Token t = now();
        if (t.kind != Token::Kind::End) ++at_;
        return t;
    }
    [[noreturn]] void fail(const std::string& message, const std::string& hint = {}) {
        d_.error(now().span, message, hint);
        throw ParseFailure{};
    }
    std::string shown() const { return now().kind == Token::Kind::End ? "the end of the file" : "`" + now().text.substr(0, 40) + "`"; }
    void expect(std::string_view text) {
        if (!take(text)) fail(fmt::format("syntax error: `{}` is needed here, not {}", text, shown()));
    }
    Token name(const char* what) {
        if (now().kind != Token::Kind::Name) fail(fmt::format("syntax error: {} is needed here, not {}", what, shown()));
        return next();
    }
    /// "(mV)" after a number or name, as text; tokens between balanced parentheses.
    std::string units();
    double number();
    int integer_constant();

    ExprPtr expression() { return logical_or(); }
    ExprPtr logical_or();
    ExprPtr logical_and();
    ExprPtr comparison();
    ExprPtr sum();
    ExprPtr product();
    ExprPtr unary();
    ExprPtr power();
    ExprPtr primary();

    Block block();             // { statements }
    Block statements_until_brace();
    Stmt statement();
    void assignment_or_call(Stmt& s);
    Stmt watch(SourceSpan span);
    void tilde(Stmt& s);
    void lag(Stmt& s);
    void table(Stmt& s);
    void solve(Stmt& s);
    std::vector<Term> terms();

    /// One level of nesting: what comes later walks the tree recursively, so that depth is bounded.
    class Deeper {
      public:
        explicit Deeper(ParserBase& p) : p_(p) {
            if (p.depth_ >= kMostNested) p.fail(fmt::format("this is nested more than {} levels deep", kMostNested));
            ++p.depth_;
        }
        ~Deeper() { --p_.depth_; }
        Deeper(const Deeper&) = delete;
        Deeper& operator=(const Deeper&) = delete;

      private:
        ParserBase& p_;
    };
    /// The length of a chain a + b + ... is its depth too.
    void count_operator(int& n) {
        if (++n > kMostOperators) fail(fmt::format("this expression has more than {} operators in a row", kMostOperators), "assign parts of it to LOCAL variables");
    }
    static constexpr int kMostNested = 300, kMostOperators = 2000;

    std::vector<Token> tokens_;
    std::size_t at_ = 0;
    int depth_ = 0;
    Program& program_;
    Diagnostics& d_;
};

}  // namespace nrn::nmodl
