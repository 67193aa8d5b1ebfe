// SPDX-License-Identifier: BSD-3-Clause
// The Hoc parser: expressions.
#include "parser.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "nrn/api/error.hpp"

namespace nrn::hoc {
namespace {

std::string shown(const Token& t) {
    if (t.kind == Token::Kind::End) return "the end of the text";
    if (t.kind == Token::Kind::Newline) return "the end of the line";
    if (t.kind == Token::Kind::String) return "a string";
    if (t.kind == Token::Kind::Argument) return t.number < 0 ? fmt::format("`${}i`", t.text) : fmt::format("`${}{:g}`", t.text, t.number);
    return "`" + t.text + "`";
}

ExprPtr make(Expr::Kind kind, SourceSpan span, std::string text = {}) {
    auto e = std::make_unique<Expr>();
    e->kind = kind;
    e->span = span;
    e->text = std::move(text);
    return e;
}

/// How strongly a binary operator binds; 0 for none.
int strength(const Token& t, Operator& op) {
    if (t.kind != Token::Kind::Punctuation) return 0;
    struct Row { std::string_view text; Operator op; int level; };
    static constexpr Row rows[] = {
        {"||", Operator::Or, 1}, {"&&", Operator::And, 2}, {"<", Operator::Less, 3}, {">", Operator::Greater, 3}, {"<=", Operator::LessEqual, 3},
        {">=", Operator::GreaterEqual, 3}, {"==", Operator::Equal, 3}, {"!=", Operator::NotEqual, 3}, {"+", Operator::Add, 4},
        {"-", Operator::Subtract, 4}, {"*", Operator::Multiply, 5}, {"/", Operator::Divide, 5}, {"%", Operator::Modulo, 5}};
    for (const Row& row : rows)
        if (row.text == t.text) {
            op = row.op;
            return row.level;
        }
    return 0;
}

struct DepthGuard {
    int& depth;
    ~DepthGuard() { --depth; }
};

}  // namespace

Token Parser::pop() {
    Token t = now();
    tokens_.pop_front();
    return t;
}

bool Parser::take(std::string_view text) {
    if (!word(text)) return false;
    tokens_.pop_front();
    return true;
}

void Parser::fail(const std::string& message, const std::string& hint) { throw Error(ErrorKind::Syntax, now().span, message).hint(hint); }

void Parser::expect(std::string_view text) {
    if (!take(text)) fail(fmt::format("syntax error: `{}` is needed before {}", text, shown(now())));
}

Token Parser::name(const char* what) {
    if (now().kind != Token::Kind::Name) fail(fmt::format("syntax error: {} is needed, not {}", what, shown(now())));
    return pop();
}

void Parser::newlines() {
    while (now().kind == Token::Kind::Newline) tokens_.pop_front();
}

bool Parser::at_end_of_statement() { return now().kind == Token::Kind::End || now().kind == Token::Kind::Newline || punctuation("}"); }

ExprPtr Parser::whole_expression() {
    newlines();
    ExprPtr e = expression();
    newlines();
    if (now().kind != Token::Kind::End) fail(fmt::format("syntax error: unexpected {}", shown(now())));
    return e;
}

void Parser::skip(std::size_t n) {
    tokens_.clear();
    lexer_.skip(n);
}

void Parser::deeper(const char* what) {
    constexpr int kShallow = 32;  // deep calls leave room for
    if (++depth_ > kMaximumDepth || (depth_ % kShallow == 0 && native_stack_.low())) fail(what);
}

/// Sets the depth of a new node from what it holds. @throws Error(Syntax) when it is too deep
ExprPtr Parser::grown(ExprPtr e) {
    int deepest = 0;
    const auto look = [&](const ExprPtr& child) {
        if (child) deepest = std::max(deepest, child->depth);
    };
    look(e->object);
    if (e->kind == Expr::Kind::Binary && e->left->kind == Expr::Kind::Binary) deepest = e->left->depth - 1;
    else look(e->left);
    look(e->right);
    look(e->high);
    for (const auto& i : e->index) look(i);
    for (const auto& a : e->arguments) look(a);
    e->depth = deepest + 1;
    if (e->depth > kMaximumDepth) throw Error(ErrorKind::Syntax, e->span, "the expression is nested too deeply");
    return e;
}

ExprPtr Parser::assignment() {
    deeper("the expression is nested too deeply");
    const DepthGuard guard{depth_};
    ExprPtr e = binary(1);
    if (assignment_operator()) fail("syntax error: only a variable can be assigned to");
    return e;
}

std::optional<Operator> Parser::assignment_operator() {
    struct Row { std::string_view text; Operator op; };
    static constexpr Row rows[] = {{"=", Operator::None}, {"+=", Operator::Add}, {"-=", Operator::Subtract}, {"*=", Operator::Multiply}, {"/=", Operator::Divide}};
    if (now().kind != Token::Kind::Punctuation) return {};
    for (const Row& row : rows)
        if (row.text == now().text) return row.op;
    return {};
}

/// What a template's statements assign is a member of its instances from the start.
void Parser::note_assigned(const Expr& target) {
    if (template_ && target.slot >= 0 && !target.object && target.index.empty() && !target.has_arguments) template_->assigned.push_back(target.slot);
}

/// A variable, or an assignment to it: `97 + i += 1` adds to i before it is added to 97.
ExprPtr Parser::variable() {
    ExprPtr left = path();
    const auto op = assignment_operator();
    if (!op || (equation_side_ && *op == Operator::None)) return left;
    ExprPtr e = make(Expr::Kind::Assign, pop().span);
    e->op = *op;
    note_assigned(*left);
    e->left = std::move(left);
    e->right = assignment();
    if (e->left->is_range && take(":")) e->high = assignment();
    return grown(std::move(e));
}

ExprPtr Parser::binary(int level) {
    ExprPtr left = unary();
    while (true) {
        Operator op = Operator::None;
        const int here = strength(now(), op);
        if (here < level || here == 0) return left;
        ExprPtr e = make(Expr::Kind::Binary, pop().span);
        e->op = op;
        e->left = std::move(left);
        e->right = binary(here + 1);
        left = grown(std::move(e));
    }
}

ExprPtr Parser::unary() {
    deeper("the expression is nested too deeply");
    const DepthGuard guard{depth_};
    if (punctuation("-") || punctuation("!") || punctuation("+")) {
        const Token t = pop();
        ExprPtr operand = unary();
        if (t.text == "+") return operand;
        ExprPtr e = make(Expr::Kind::Unary, t.span);
        e->op = t.text == "-" ? Operator::Negate : Operator::Not;
        e->left = std::move(operand);
        return grown(std::move(e));
    }
    if (punctuation("&")) {
        ExprPtr e = make(Expr::Kind::Reference, pop().span);
        e->left = path();
        return grown(std::move(e));
    }
    return power();
}

ExprPtr Parser::power() {
    ExprPtr left = primary();
    if (!punctuation("^")) return left;
    deeper("the expression is nested too deeply");
    const DepthGuard guard{depth_};
    ExprPtr e = make(Expr::Kind::Binary, pop().span);
    e->op = Operator::Power;
    e->left = std::move(left);
    e->right = punctuation("-") || punctuation("+") || punctuation("!") ? unary() : power();  // 2^3^2 is 2^9
    return grown(std::move(e));
}

ExprPtr Parser::primary() {
    const Token& t = now();
    switch (t.kind) {
    case Token::Kind::Number: {
        ExprPtr e = make(Expr::Kind::Number, t.span);
        e->number = t.number;
        tokens_.pop_front();
        return e;
    }
    case Token::Kind::String: {
        ExprPtr e = make(Expr::Kind::String, t.span, t.text);
        tokens_.pop_front();
        return e;
    }
    case Token::Kind::Name:
        if (t.keyword == Keyword::New && !is_local(t.text)) return new_object();
        return variable();
    case Token::Kind::Argument: return variable();
    default: break;
    }
    if (punctuation("(")) {
        ExprPtr e = make(Expr::Kind::Group, pop().span);
        e->left = expression();
        expect(")");
        return grown(std::move(e));
    }
    fail(fmt::format("syntax error: an expression is needed, not {}", shown(t)));
}

ExprPtr Parser::new_object() {
    tokens_.pop_front();
    const Token cls = name("the name of a class");
    ExprPtr e = make(Expr::Kind::New, cls.span, cls.text);
    index_and_arguments(*e);
    if (!e->index.empty() || e->is_range) throw Error(ErrorKind::Syntax, cls.span, "syntax error: `new` wants a class and its arguments");
    return grown(std::move(e));
}

void Parser::index_and_arguments(Expr& e) {
    while (take("[")) {
        e.index.push_back(expression());
        expect("]");
    }
    if (!punctuation("(")) return;
    tokens_.pop_front();
    e.has_arguments = true;
    newlines();
    while (!punctuation(")")) {
        e.arguments.push_back(expression());
        if (take(":")) {
            e.is_range = true;
            e.arguments.push_back(expression());
        }
        newlines();
        if (!take(",")) break;
        newlines();
    }
    expect(")");
    if (e.is_range && e.arguments.size() != 2) throw Error(ErrorKind::Syntax, e.span, "syntax error: a range is written name(x0:x1)");
}

bool Parser::is_local(const std::string& text) const {
    return function_ && std::any_of(function_->locals.begin(), function_->locals.end(), [&](const LocalName& l) { return l.name == text; });
}

ExprPtr Parser::path() {
    const Token t = now();
    ExprPtr e;
    if (t.kind == Token::Kind::Argument) {
        tokens_.pop_front();
        e = make(Expr::Kind::Argument, t.span, t.text);
        e->number = t.number;
        if (t.number < 0) {  // $i: the local i tells which
            Expr i;
            i.text = "i";
            resolve(i);
            e->local = i.local;
        }
    } else {
        e = make(Expr::Kind::Name, t.span, name("a name").text);
        resolve(*e);
    }
    index_and_arguments(*e);
    // With parentheses it is no local: the function of that name, found when the call runs.
    if (e->kind == Expr::Kind::Name && e->local >= 0 && e->has_arguments && e->index.empty() && !assignment_operator()) {
        e->local = -1;
        resolve_outside(*e);
    }
    e = grown(std::move(e));
    while (punctuation(".") && ahead(1).kind == Token::Kind::Name) {
        tokens_.pop_front();
        const Token m = pop();
        ExprPtr member = make(Expr::Kind::Name, m.span, m.text);
        oracle_.seen(m.text);
        member->object = std::move(e);
        index_and_arguments(*member);
        e = grown(std::move(member));
    }
    return e;
}

/// Locals and names of the template are known now; top-level names are looked up when they run.
void Parser::resolve(Expr& e) {
    if (function_) {
        const auto& locals = function_->locals;
        const auto found = std::find_if(locals.rbegin(), locals.rend(), [&](const LocalName& l) { return l.name == e.text; });
        if (found != locals.rend()) {
            e.local = static_cast<int>(locals.rend() - found) - 1;
            return;
        }
    }
    resolve_outside(e);
}

/// A name that is not local to the function.
void Parser::resolve_outside(Expr& e) {
    if (template_) {
        e.slot = template_->slot_of(e.text);
        if (e.slot >= 0) return;
        const bool external = std::find(template_->externals.begin(), template_->externals.end(), e.text) != template_->externals.end();
        if (!external && !guest_ && !oracle_.is_global(e.text)) {
            e.slot = template_->add_slot(e.text);
            return;
        }
    }
    oracle_.seen(e.text);
}

}  // namespace nrn::hoc
