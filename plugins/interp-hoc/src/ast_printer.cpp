// SPDX-License-Identifier: BSD-3-Clause
// The syntax tree as indented text, for --dump=ast and tests.
#include <fmt/format.h>

#include "bytecode.hpp"

namespace nrn::hoc {
namespace {

std::string written(const Expr& e);

std::string list(const std::vector<ExprPtr>& expressions) {
    std::string text;
    for (const auto& e : expressions) text += (text.empty() ? "" : ", ") + (e ? written(*e) : std::string());
    return text;
}

/// Operators with all their parentheses, along the left operands.
std::string chain(const Expr& e) {
    std::vector<const Expr*> operators;
    const Expr* at = &e;
    for (; at->kind == Expr::Kind::Binary; at = at->left.get()) operators.push_back(at);
    std::string text = std::string(operators.size(), '(') + written(*at);
    for (auto op = operators.rbegin(); op != operators.rend(); ++op) text += fmt::format(" {} {})", spelling((*op)->op), written(*(*op)->right));
    return text;
}

/// An expression with all its parentheses.
std::string written(const Expr& e) {
    switch (e.kind) {
    case Expr::Kind::Number: return fmt::format("{:.17g}", e.number);
    case Expr::Kind::String: return fmt::format("\"{}\"", e.text);
    case Expr::Kind::Group: return written(*e.left);
    case Expr::Kind::Unary: return fmt::format("({}{})", spelling(e.op), written(*e.left));
    case Expr::Kind::Binary: return chain(e);
    case Expr::Kind::Assign: return fmt::format("({} {}= {}{})", written(*e.left), spelling(e.op), written(*e.right), e.high ? ":" + written(*e.high) : "");
    case Expr::Kind::Reference: return "&" + written(*e.left);
    case Expr::Kind::New: return fmt::format("new {}({})", e.text, list(e.arguments));
    case Expr::Kind::Name:
    case Expr::Kind::Argument: break;
    }
    std::string text = e.object ? written(*e.object) + "." + e.text : e.text;
    if (e.kind == Expr::Kind::Argument) text = e.number < 0 ? fmt::format("${}i", e.text) : fmt::format("${}{:g}", e.text, e.number);
    if (e.local >= 0 && e.kind == Expr::Kind::Name) text += fmt::format("@{}", e.local);
    if (e.slot >= 0) text += fmt::format("#{}", e.slot);
    for (const auto& i : e.index) text += "[" + written(*i) + "]";
    if (e.is_range) text += fmt::format("({}:{})", written(*e.arguments[0]), written(*e.arguments[1]));
    else if (e.has_arguments) text += "(" + list(e.arguments) + ")";
    return text;
}

const char* name_of(Stmt::Kind kind) {
    static constexpr const char* names[] = {
        "expression", "print", "if", "while", "for", "for range", "for segments", "for iterator", "forall", "forsec", "ifsec", "block", "section",
        "return", "break", "continue", "stop", "create", "access", "connect", "insert", "uninsert", "objref", "strdef", "double", "local", "define",
        "template", "public", "external", "setpointer", "iterator_statement", "delete", "depvar", "eqn", "empty"};
    return names[static_cast<std::size_t>(kind)];
}

void print(const Stmt& s, int indent, std::string& text) {
    text += std::string(static_cast<std::size_t>(indent) * 2, ' ') + name_of(s.kind);
    if (!s.name.empty()) text += " " + s.name;
    for (const auto& n : s.names) text += " " + n;
    for (const ExprPtr* e : {&s.a, &s.b, &s.c})
        if (*e) text += " " + written(**e);
    if (!s.list.empty() && s.kind != Stmt::Kind::Local) text += " " + list(s.list);
    text += "\n";
    if (s.then) print(*s.then, indent + 1, text);
    if (s.otherwise) print(*s.otherwise, indent + 1, text);
    if (s.step) print(*s.step, indent + 1, text);
    for (const auto& inside : s.body) print(*inside, indent + 1, text);
    if (s.function) print(*s.function->body, indent + 1, text);
    if (s.tmpl)
        for (const auto& inside : s.tmpl->body) print(*inside, indent + 1, text);
}

}  // namespace

std::string print_tree(const Stmt& statement) {
    std::string text;
    print(statement, 0, text);
    return text;
}

}  // namespace nrn::hoc
