// SPDX-License-Identifier: BSD-3-Clause
// Tokens to syntax tree, one top-level statement at a time. Never executes anything.
#pragma once
#include <deque>
#include <optional>

#include "ast.hpp"
#include "lexer.hpp"
#include "name_oracle.hpp"
#include "native_stack.hpp"

namespace nrn::hoc {

class Parser {
  public:
    /// `text` and `oracle` must outlive the parser.
    Parser(std::uint32_t source, std::string_view text, const NameOracle& oracle) : lexer_(source, text), oracle_(oracle) {}
    /// The next top-level statement, or null at the end. @throws Error(Syntax)
    StmtPtr next_statement();
    /// Statements inside an instance's scope (execute with a context): names of this template first.
    /// @param guest the text of a file: names that the template does not have are the top level's
    void use_template(TemplateBody* t, bool guest = false) { template_ = t, guest_ = guest; }
    /// A single expression.
    ExprPtr whole_expression();

    /// The text behind the statement that was read last.
    [[nodiscard]] std::string_view rest() const { return lexer_.rest(); }
    /// Goes on `n` characters further: they were data.
    void skip(std::size_t n);

  private:
    const Token& ahead(std::size_t n) {
        while (tokens_.size() <= n) tokens_.push_back(lexer_.next());
        return tokens_[n];
    }
    const Token& now() { return ahead(0); }
    Token pop();
    bool word(std::string_view text) { return now().text == text && (now().kind == Token::Kind::Punctuation || now().kind == Token::Kind::Name); }
    bool punctuation(std::string_view text) { return now().kind == Token::Kind::Punctuation && now().text == text; }
    bool take(std::string_view text);
    void expect(std::string_view text);
    Token name(const char* what);
    [[noreturn]] void fail(const std::string& message, const std::string& hint = {});
    void newlines();
    bool at_end_of_statement();
    bool is_local(const std::string& name) const;

    StmtPtr statement();
    StmtPtr keyword_statement(const Token& t);
    StmtPtr equation(StmtPtr s);
    StmtPtr declaration(const Token& t, StmtPtr s);
    StmtPtr section_statement(const Token& t, StmtPtr s);
    StmtPtr block();
    StmtPtr if_statement(StmtPtr s);
    StmtPtr for_statement(StmtPtr s);
    StmtPtr for_parts(StmtPtr s);
    StmtPtr define(StmtPtr s, Callable::Kind kind);
    StmtPtr template_definition(StmtPtr s);
    StmtPtr locals(StmtPtr s, LocalKind kind);
    StmtPtr connect(StmtPtr s);
    StmtPtr expression_statement(StmtPtr s, bool single);
    void declared_names(Stmt& s);
    void name_list(std::vector<std::string>& names);
    StmtPtr controlled();

    /// Goes one level down. @throws Error(Syntax) where that is too deep for the stack
    void deeper(const char* what);

    ExprPtr expression() { return assignment(); }
    ExprPtr assignment();
    std::optional<Operator> assignment_operator();
    ExprPtr variable();
    void note_assigned(const Expr& target);
    ExprPtr binary(int level);
    ExprPtr unary();
    ExprPtr power();
    ExprPtr primary();
    ExprPtr new_object();
    ExprPtr path();
    void index_and_arguments(Expr& e);
    void resolve(Expr& e);
    void resolve_outside(Expr& e);
    ExprPtr grown(ExprPtr e);

    Lexer lexer_;
    std::deque<Token> tokens_;
    const NameOracle& oracle_;
    [[nodiscard]] int slot_for(const std::string& name) { return guest_ ? template_->slot_of(name) : template_->add_slot(name); }
    TemplateBody* template_ = nullptr;
    bool guest_ = false;
    std::vector<StmtPtr> inner_templates_;  // that stood inside the one being read
    FunctionBody* function_ = nullptr;
    bool leading_ = false;  // no statement of the function but local came yet
    bool single_ = false;   // the next statement is what an if, while or for controls
    bool equation_side_ = false;  // of eqn: `=` ends it and assigns nothing
    int depth_ = 0;
    NativeStack native_stack_;
    int braces_ = 0;        // open ones
};

}  // namespace nrn::hoc
