// SPDX-License-Identifier: BSD-3-Clause
// Makers of expressions.
#include "ast.hpp"

namespace nrn::nmodl {

ExprPtr make_number(double value, SourceSpan span, std::string units) {
    auto e = std::make_shared<Expr>();
    e->kind = Expr::Kind::Number;
    e->number = value;
    e->span = span;
    e->units = std::move(units);
    return e;
}
ExprPtr make_name(std::string name, SourceSpan span) {
    auto e = std::make_shared<Expr>();
    e->kind = Expr::Kind::Name;
    e->text = std::move(name);
    e->span = span;
    return e;
}
ExprPtr make_unary(std::string op, ExprPtr a, SourceSpan span) {
    auto e = std::make_shared<Expr>();
    e->kind = Expr::Kind::Unary;
    e->text = std::move(op);
    e->args = {std::move(a)};
    e->span = span;
    return e;
}
ExprPtr make_binary(std::string op, ExprPtr a, ExprPtr b, SourceSpan span) {
    auto e = std::make_shared<Expr>();
    e->kind = Expr::Kind::Binary;
    e->text = std::move(op);
    e->span = span ? span : a->span;
    e->args = {std::move(a), std::move(b)};
    return e;
}
ExprPtr make_call(std::string name, std::vector<ExprPtr> args, SourceSpan span) {
    auto e = std::make_shared<Expr>();
    e->kind = Expr::Kind::Call;
    e->text = std::move(name);
    e->args = std::move(args);
    e->span = span;
    return e;
}

}  // namespace nrn::nmodl
