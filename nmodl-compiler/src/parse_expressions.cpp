// SPDX-License-Identifier: BSD-3-Clause
// Expressions: precedence as in the reference (^ binds tightest, unary minus below it).
#include "parser_base.hpp"

namespace nrn::nmodl {

std::string ParserBase::units() {
    if (!is("(")) return {};
    std::string text;
    int depth = 0;
    const SourceSpan opened = now().span;
    // `(J/(K.mol)` ends at its first `)`, as it does for the reference, where no other stands on the line.
    int balance = 0;
    for (std::size_t k = at_; k < tokens_.size() && tokens_[k].span.line == opened.line && tokens_[k].span.source == opened.source; ++k) {
        if (tokens_[k].text == "(") ++balance;
        if (tokens_[k].text == ")" && --balance == 0) break;
    }
    const bool first_closes = balance > 0;
    do {
        if (now().kind == Token::Kind::End) {
            d_.error(opened, "syntax error: the unit's `(` is not closed");
            throw ParseFailure{};
        }
        if (is("(")) ++depth;
        if (is(")")) depth = first_closes ? 0 : depth - 1;
        text += now().text;
        // Two words in a row are a product: keep them apart.
        if (now().kind != Token::Kind::Punctuation && ahead().kind != Token::Kind::Punctuation) text += ' ';
        next();
        // A `)` too few: the unit ends with its line, as the reference ends it with the first `)`.
    } while (depth > 0 && !(text.back() == ')' && now().span.line != opened.line));
    return text.substr(1, text.size() - 2);
}

double ParserBase::number() {
    const bool minus = take("-");
    if (!minus) take("+");
    if (now().kind == Token::Kind::Name) {
        const auto found = program_.defines.find(now().text);
        if (found != program_.defines.end()) {
            next();
            return minus ? -found->second : found->second;
        }
    }
    if (now().kind != Token::Kind::Number) fail(fmt::format("syntax error: a number is needed here, not {}", shown()));
    const double x = next().number;
    return minus ? -x : x;
}

int ParserBase::integer_constant() {
    const SourceSpan span = now().span;
    const double x = number();
    if (!(x >= -2147483648.0 && x <= 2147483647.0) || x != static_cast<int>(x)) {
        d_.error(span, fmt::format("a whole number is needed here, not {}", x));
        return 1;
    }
    return static_cast<int>(x);
}

ExprPtr ParserBase::logical_or() {
    ExprPtr a = logical_and();
    for (int n = 0; is("||");) {
        count_operator(n);
        const SourceSpan span = next().span;
        a = make_binary("||", a, logical_and(), span);
    }
    return a;
}
ExprPtr ParserBase::logical_and() {
    ExprPtr a = comparison();
    for (int n = 0; is("&&");) {
        count_operator(n);
        const SourceSpan span = next().span;
        a = make_binary("&&", a, comparison(), span);
    }
    return a;
}
ExprPtr ParserBase::comparison() {
    ExprPtr a = sum();
    for (int n = 0; is("<") || is(">") || is("<=") || is(">=") || is("==") || is("!=");) {
        count_operator(n);
        const Token op = next();
        a = make_binary(op.text, a, sum(), op.span);
    }
    return a;
}
ExprPtr ParserBase::sum() {
    ExprPtr a = product();
    for (int n = 0; is("+") || is("-");) {
        count_operator(n);
        const Token op = next();
        a = make_binary(op.text, a, product(), op.span);
    }
    return a;
}
ExprPtr ParserBase::product() {
    ExprPtr a = unary();
    for (int n = 0; is("*") || is("/");) {
        count_operator(n);
        const Token op = next();
        a = make_binary(op.text, a, unary(), op.span);
    }
    return a;
}
ExprPtr ParserBase::unary() {
    const Deeper level(*this);
    if (is("-") || is("!") || is("+")) {
        const Token op = next();
        ExprPtr a = unary();
        return op.text == "+" ? a : make_unary(op.text, a, op.span);
    }
    return power();
}
ExprPtr ParserBase::power() {
    ExprPtr a = primary();
    for (int n = 0; is("^");) {
        count_operator(n);
        const SourceSpan span = next().span;
        a = make_binary("^", a, is("-") || is("+") ? unary() : primary(), span);
    }
    return a;
}

ExprPtr ParserBase::primary() {
    const Token t = now();
    if (t.kind == Token::Kind::Number) {
        next();
        return make_number(t.number, t.span, is("(") ? units() : std::string());
    }
    if (t.kind == Token::Kind::String) {
        next();
        auto e = std::make_shared<Expr>();
        e->kind = Expr::Kind::String;
        e->text = t.text;
        e->span = t.span;
        return e;
    }
    if (take("(")) {
        ExprPtr e = expression();
        expect(")");
        if (e->kind != Expr::Kind::Number || !e->units.empty()) return e;
        auto factor = std::make_shared<Expr>(*e);
        factor->factor = true;
        return factor;
    }
    if (t.kind != Token::Kind::Name) fail(fmt::format("syntax error: an expression is needed here, not {}", shown()));
    next();
    if (take("(")) {
        std::vector<ExprPtr> args;
        while (!is(")")) {
            args.push_back(expression());
            if (!take(",") && !is(")") && now().kind == Token::Kind::End) break;
        }
        expect(")");
        return make_call(t.text, std::move(args), t.span);
    }
    auto e = std::make_shared<Expr>();
    e->kind = Expr::Kind::Name;
    e->text = t.text;
    e->span = t.span;
    while (take("'")) ++e->prime;
    if (take("[")) {
        e->args.push_back(expression());
        expect("]");
        while (take("'")) ++e->prime;
    }
    if (take("@")) next();  // LAG idiom x@step
    return e;
}

}  // namespace nrn::nmodl
