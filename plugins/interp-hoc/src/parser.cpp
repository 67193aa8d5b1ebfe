// SPDX-License-Identifier: BSD-3-Clause
// The Hoc parser: expressions.
#include "parser.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "nrn/api/error.hpp"

namespace nrn::hoc {

bool Parser::take(std::string_view text) {
    if (!is(text)) return false;
    ++at_;
    return true;
}

void Parser::fail(const std::string& message, const std::string& hint) { throw Error(ErrorKind::Syntax, now().span, message).hint(hint); }

namespace {
std::string shown(const Token& t) {
    if (t.kind == Token::Kind::End) return "the end of the text";
    if (t.kind == Token::Kind::Newline) return "the end of the line";
    return "`" + t.text + "`";
}
}  // namespace

void Parser::expect(std::string_view text) {
    if (!take(text)) fail(fmt::format("syntax error: `{}` is needed before {}", text, shown(now())));
}

Token Parser::name(const char* what) {
    if (now().kind != Token::Kind::Name) fail(fmt::format("syntax error: {} is needed, not {}", what, shown(now())));
    return tokens_[at_++];
}

void Parser::newlines() {
    while (now().kind == Token::Kind::Newline) ++at_;
}

void Parser::skip_line() {
    while (now().kind != Token::Kind::End && now().kind != Token::Kind::Newline) ++at_;
    depth_ = 0;
    template_ = nullptr;
    function_ = nullptr;
}

bool Parser::at_end_of_statement() const { return now().kind == Token::Kind::End || now().kind == Token::Kind::Newline || punctuation("}"); }

ExprPtr Parser::whole_expression() {
    newlines();
    ExprPtr e = expression();
    newlines();
    if (now().kind != Token::Kind::End) fail(fmt::format("syntax error: unexpected {}", shown(now())));
    return e;
}

namespace {
ExprPtr make(Expr::Kind kind, SourceSpan span, std::string text = {}) {
    auto e = std::make_unique<Expr>();
    e->kind = kind;
    e->span = span;
    e->text = std::move(text);
    return e;
}
}  // namespace

ExprPtr Parser::assignment() {
    ExprPtr left = binary(0);
    for (const char* op : {"=", "+=", "-=", "*=", "/="})
        if (punctuation(op)) {
            const SourceSpan span = now().span;
            if (left->kind != Expr::Kind::Name && left->kind != Expr::Kind::Argument) fail("syntax error: only a variable can be assigned to");
            ++at_;
            ExprPtr e = make(Expr::Kind::Assign, span, op);
            e->left = std::move(left);
            e->right = assignment();
            if (e->left->is_range && take(":")) e->high = assignment();
            return e;
        }
    return left;
}

ExprPtr Parser::binary(int level) {
    static const std::vector<std::vector<std::string_view>> levels{{"||"}, {"&&"}, {"<", ">", "<=", ">=", "==", "!="}, {"+", "-"}, {"*", "/", "%"}};
    if (level == static_cast<int>(levels.size())) return unary();
    ExprPtr left = binary(level + 1);
    while (true) {
        const auto& ops = levels[static_cast<std::size_t>(level)];
        const auto op = std::find_if(ops.begin(), ops.end(), [&](std::string_view o) { return punctuation(o); });
        if (op == ops.end()) return left;
        ExprPtr e = make(Expr::Kind::Binary, now().span, std::string(*op));
        ++at_;
        e->left = std::move(left);
        e->right = binary(level + 1);
        left = std::move(e);
    }
}

ExprPtr Parser::unary() {
    if (punctuation("-") || punctuation("!") || punctuation("+")) {
        const Token t = tokens_[at_++];
        if (++depth_ > 2000) fail("the expression is nested too deeply");
        ExprPtr operand = unary();
        --depth_;
        if (t.text == "+") return operand;
        ExprPtr e = make(Expr::Kind::Unary, t.span, t.text);
        e->left = std::move(operand);
        return e;
    }
    if (punctuation("&")) {
        ExprPtr e = make(Expr::Kind::Reference, now().span);
        ++at_;
        e->left = path();
        return e;
    }
    return power();
}

ExprPtr Parser::power() {
    ExprPtr left = primary();
    if (!punctuation("^")) return left;
    ExprPtr e = make(Expr::Kind::Binary, now().span, "^");
    ++at_;
    e->left = std::move(left);
    if (++depth_ > 2000) fail("the expression is nested too deeply");
    e->right = punctuation("-") ? unary() : power();  // 2^3^2 is 2^9
    --depth_;
    return e;
}

ExprPtr Parser::primary() {
    const Token t = now();
    if (t.kind == Token::Kind::Number) {
        ++at_;
        ExprPtr e = make(Expr::Kind::Number, t.span);
        e->number = t.number;
        return e;
    }
    if (t.kind == Token::Kind::String) {
        ++at_;
        ExprPtr e = make(Expr::Kind::String, t.span, t.text);
        e->constant = make_counted<StringCell>(t.text);
        return e;
    }
    if (punctuation("(")) {
        ++at_;
        if (++depth_ > 2000) fail("the expression is nested too deeply");
        ExprPtr e = make(Expr::Kind::Group, t.span);
        e->left = expression();
        --depth_;
        expect(")");
        return e;
    }
    if (t.kind == Token::Kind::Name && t.text == "new") {
        ++at_;
        ExprPtr e = make(Expr::Kind::New, t.span, name("the name of a class").text);
        if (take("(")) {
            e->has_arguments = true;
            while (!punctuation(")")) {
                e->arguments.push_back(expression());
                if (!take(",")) break;
            }
            expect(")");
        }
        return e;
    }
    if (t.kind == Token::Kind::Name || t.kind == Token::Kind::Argument) return path();
    fail(fmt::format("syntax error: an expression is needed, not {}", shown(t)));
}

void Parser::index_and_arguments(Expr& e) {
    while (take("[")) {
        e.index.push_back(expression());
        expect("]");
    }
    if (punctuation("(")) {
        ++at_;
        e.has_arguments = true;
        newlines();
        while (!punctuation(")")) {
            e.arguments.push_back(expression());
            if (take(":")) {
                e.is_range = true;
                e.arguments.push_back(expression());
            }
            if (!take(",")) break;
            newlines();
        }
        expect(")");
    }
}

ExprPtr Parser::path() {
    const Token t = now();
    ExprPtr e;
    if (t.kind == Token::Kind::Argument) {
        ++at_;
        e = make(Expr::Kind::Argument, t.span, t.text);
        e->number = t.number;
        if (t.number < 0 && function_) {
            const auto found = std::find(function_->locals.begin(), function_->locals.end(), "i");
            if (found != function_->locals.end()) e->local = static_cast<int>(found - function_->locals.begin());
        }
    } else {
        e = make(Expr::Kind::Name, t.span, name("a name").text);
        resolve(*e);
    }
    index_and_arguments(*e);
    while (punctuation(".") && ahead().kind == Token::Kind::Name) {
        ++at_;
        const Token m = tokens_[at_++];
        ExprPtr member = make(Expr::Kind::Name, m.span, m.text);
        member->object = std::move(e);
        index_and_arguments(*member);
        e = std::move(member);
    }
    return e;
}

/// Locals and names of the template are known now; top-level names are looked up when they run.
void Parser::resolve(Expr& e) {
    if (function_) {
        const auto found = std::find(function_->locals.rbegin(), function_->locals.rend(), e.text);
        if (found != function_->locals.rend()) {
            e.local = static_cast<int>(function_->locals.rend() - found) - 1;
            return;
        }
    }
    if (!template_) return;
    const auto external = std::find(template_->externals.begin(), template_->externals.end(), e.text) != template_->externals.end();
    auto found = std::find(template_->names.begin(), template_->names.end(), e.text);
    if (found == template_->names.end()) {
        if (external || oracle_(e.text, false)) return;
        template_->names.push_back(e.text);
        found = template_->names.end() - 1;
    }
    e.slot = static_cast<int>(found - template_->names.begin());
}

}  // namespace nrn::hoc
