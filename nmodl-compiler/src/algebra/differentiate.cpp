// SPDX-License-Identifier: BSD-3-Clause
// Derivative rules, with zeros and ones folded away.
#include "algebra/differentiate.hpp"

#include <cmath>

#include <fmt/format.h>

namespace nrn::nmodl {

std::string to_text(const ExprPtr& e) {
    switch (e->kind) {
    case Expr::Kind::Number: return fmt::format("{:.17g}", e->number);
    case Expr::Kind::String: return "\"" + e->text + "\"";
    case Expr::Kind::Name: return e->args.empty() ? e->text : e->text + "[" + to_text(e->args[0]) + "]";
    case Expr::Kind::Unary: return "(" + e->text + to_text(e->args[0]) + ")";
    case Expr::Kind::Binary: return "(" + to_text(e->args[0]) + " " + e->text + " " + to_text(e->args[1]) + ")";
    case Expr::Kind::Call: {
        std::string s = e->text + "(";
        for (std::size_t i = 0; i < e->args.size(); ++i) s += (i ? ", " : "") + to_text(e->args[i]);
        return s + ")";
    }
    }
    return {};
}

bool same_variable(const Expr& a, const Expr& b) {
    if (a.kind != Expr::Kind::Name || b.kind != Expr::Kind::Name || a.text != b.text || a.args.size() != b.args.size()) return false;
    return a.args.empty() || to_text(a.args[0]) == to_text(b.args[0]);
}

bool mentions(const ExprPtr& e, const std::function<bool(const Expr&)>& is) {
    if (e->kind == Expr::Kind::Name && is(*e)) return true;
    for (const auto& a : e->args)
        if (mentions(a, is)) return true;
    return false;
}

bool mentions(const ExprPtr& e, const Expr& variable) {
    return mentions(e, [&](const Expr& x) { return x.text == variable.text; });
}

bool is_number(const ExprPtr& e, double value) { return e->kind == Expr::Kind::Number && e->number == value; }

ExprPtr simplify_binary(const std::string& op, ExprPtr a, ExprPtr b) {
    const bool numbers = a->kind == Expr::Kind::Number && b->kind == Expr::Kind::Number;
    if (op == "+") {
        if (is_number(a, 0)) return b;
        if (is_number(b, 0)) return a;
        if (numbers) return make_number(a->number + b->number);
    } else if (op == "-") {
        if (is_number(b, 0)) return a;
        if (is_number(a, 0)) return b->kind == Expr::Kind::Number ? make_number(-b->number) : make_unary("-", b);
        if (numbers) return make_number(a->number - b->number);
    } else if (op == "*") {
        if (is_number(a, 0) || is_number(b, 0)) return make_number(0);
        if (is_number(a, 1)) return b;
        if (is_number(b, 1)) return a;
        if (numbers) return make_number(a->number * b->number);
    } else if (op == "/") {
        if (is_number(a, 0)) return make_number(0);
        if (is_number(b, 1)) return a;
    } else if (op == "^") {
        if (is_number(b, 1)) return a;
        if (is_number(b, 0)) return make_number(1);
    }
    return make_binary(op, std::move(a), std::move(b));
}

std::optional<ExprPtr> differentiate(const ExprPtr& e, const Expr& x, const std::function<ExprPtr(const Expr&)>& inner) {
    const auto d = [&](const ExprPtr& a) { return differentiate(a, x, inner); };
    const auto combine = [](const std::string& op, ExprPtr a, ExprPtr b) { return simplify_binary(op, std::move(a), std::move(b)); };
    switch (e->kind) {
    case Expr::Kind::Number:
    case Expr::Kind::String: return make_number(0);
    case Expr::Kind::Name:
        if (same_variable(*e, x)) return make_number(1);
        if (inner)
            if (ExprPtr known = inner(*e)) return known;
        // Another element of the same array, by an index that only run time knows: no closed form.
        if (e->text == x.text && !e->args.empty() && (e->args[0]->kind != Expr::Kind::Number || x.args.empty() || x.args[0]->kind != Expr::Kind::Number)) return std::nullopt;
        return make_number(0);
    case Expr::Kind::Unary: {
        const auto a = d(e->args[0]);
        if (!a) return std::nullopt;
        if (e->text != "-") return is_number(*a, 0) ? a : std::nullopt;
        return combine("-", make_number(0), *a);
    }
    case Expr::Kind::Binary: {
        const auto &u = e->args[0], &w = e->args[1];
        const auto du = d(u), dw = d(w);
        if (!du || !dw) return std::nullopt;
        if (e->text == "+" || e->text == "-") return combine(e->text, *du, *dw);
        if (e->text == "*") return combine("+", combine("*", *du, w), combine("*", u, *dw));
        if (e->text == "/") {
            if (is_number(*dw, 0)) return combine("/", *du, w);
            return combine("/", combine("-", combine("*", *du, w), combine("*", u, *dw)), combine("*", w, w));
        }
        if (e->text == "^") {
            if (is_number(*dw, 0)) {
                if (is_number(*du, 0)) return make_number(0);
                return combine("*", combine("*", w, combine("^", u, combine("-", w, make_number(1)))), *du);
            }
            return std::nullopt;
        }
        if (is_number(*du, 0) && is_number(*dw, 0)) return make_number(0);
        return std::nullopt;
    }
    case Expr::Kind::Call: {
        bool constant = true;
        std::vector<ExprPtr> parts;
        for (const auto& a : e->args) {
            const auto da = d(a);
            if (!da) return std::nullopt;
            constant = constant && is_number(*da, 0);
            parts.push_back(*da);
        }
        if (constant) return make_number(0);
        if (e->args.size() != 1) return std::nullopt;
        const auto& u = e->args[0];
        if (e->text == "exp") return combine("*", parts[0], e);
        if (e->text == "log") return combine("/", parts[0], u);
        if (e->text == "sqrt") return combine("/", combine("*", make_number(0.5), parts[0]), e);
        if (e->text == "sin") return combine("*", parts[0], make_call("cos", {u}));
        if (e->text == "cos") return combine("*", combine("-", make_number(0), parts[0]), make_call("sin", {u}));
        return std::nullopt;
    }
    }
    return std::nullopt;
}

ExprPtr substitute(const ExprPtr& e, const Expr& variable, const ExprPtr& by) {
    if (same_variable(*e, variable)) return by;
    if (e->args.empty()) return e;
    auto copy = std::make_shared<Expr>(*e);
    for (auto& a : copy->args) a = substitute(a, variable, by);
    if (copy->kind == Expr::Kind::Binary) return simplify_binary(copy->text, copy->args[0], copy->args[1]);
    return copy;
}

}  // namespace nrn::nmodl
