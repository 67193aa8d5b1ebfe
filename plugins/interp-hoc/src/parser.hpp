// SPDX-License-Identifier: BSD-3-Clause
// Tokens to syntax tree, one top-level statement at a time. Never executes anything.
#pragma once
#include <functional>
#include <map>

#include "ast.hpp"
#include "token.hpp"

namespace nrn::hoc {

/// What the parser must know of names: is it known at top level (built-in or external), so not a template's own?
using NameOracle = std::function<bool(const std::string& name, bool external)>;

class Parser {
  public:
    Parser(std::vector<Token> tokens, NameOracle oracle) : tokens_(std::move(tokens)), oracle_(std::move(oracle)) {}
    /// The next top-level statement, or null at the end. @throws Error(Syntax)
    StmtPtr next_statement();
    /// After an error: goes on behind the offending line.
    void skip_line();
    /// Statements inside an instance's scope (execute with a context): names of this template first.
    void use_template(TemplateBody* t) { template_ = t; }
    /// A single expression.
    ExprPtr whole_expression();

  private:
    const Token& now() const { return tokens_[at_]; }
    const Token& ahead(std::size_t n = 1) const { return tokens_[std::min(at_ + n, tokens_.size() - 1)]; }
    bool is(std::string_view text) const { return now().text == text && (now().kind == Token::Kind::Punctuation || now().kind == Token::Kind::Name); }
    bool punctuation(std::string_view text) const { return now().kind == Token::Kind::Punctuation && now().text == text; }
    bool take(std::string_view text);
    void expect(std::string_view text);
    Token name(const char* what);
    [[noreturn]] void fail(const std::string& message, const std::string& hint = {});
    void newlines();
    bool at_end_of_statement() const;

    StmtPtr statement();
    StmtPtr keyword_statement(const Token& t);
    StmtPtr block();
    StmtPtr for_statement(StmtPtr s);
    StmtPtr define(StmtPtr s, Callable::Kind kind);
    StmtPtr template_definition(StmtPtr s);
    StmtPtr connect(StmtPtr s);
    StmtPtr expression_statement(StmtPtr s);
    void declared_names(Stmt& s);
    void name_list(std::vector<std::string>& names);
    StmtPtr controlled();

    ExprPtr expression() { return assignment(); }
    ExprPtr assignment();
    ExprPtr binary(int level);
    ExprPtr unary();
    ExprPtr power();
    ExprPtr primary();
    ExprPtr path();
    void index_and_arguments(Expr& e);
    void resolve(Expr& e);

    std::vector<Token> tokens_;
    NameOracle oracle_;
    std::size_t at_ = 0;
    TemplateBody* template_ = nullptr;
    FunctionBody* function_ = nullptr;
    int depth_ = 0;
};

}  // namespace nrn::hoc
