// SPDX-License-Identifier: BSD-3-Clause
// Spellings and names of the syntax tree.
#include "ast.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace nrn::hoc {

const char* spelling(Operator op) {
    static constexpr const char* texts[] = {"", "+", "-", "*", "/", "%", "^", "<", "<=", ">", ">=", "==", "!=", "&&", "||", "-", "!"};
    return texts[static_cast<std::size_t>(op)];
}

/// A chain of operators is taken apart from its end, whatever its length.
Expr::~Expr() {
    ExprPtr at = std::move(left);
    while (at) at = std::move(at->left);
}

int TemplateBody::slot_of(std::string_view wanted) const {
    const auto found = std::find(names.begin(), names.end(), wanted);
    return found == names.end() ? -1 : static_cast<int>(found - names.begin());
}

int TemplateBody::add_slot(std::string_view wanted) {
    const int known = slot_of(wanted);
    if (known >= 0) return known;
    names.emplace_back(wanted);
    return static_cast<int>(names.size()) - 1;
}

std::string to_text(const Expr& e) {
    std::string text = e.object ? to_text(*e.object) + "." + e.text : e.text;
    if (e.kind == Expr::Kind::Argument) text = e.number < 0 ? fmt::format("${}i", e.text) : fmt::format("${}{:g}", e.text, e.number);
    if (!e.index.empty()) text += "[...]";
    if (e.has_arguments) text += "(...)";
    return text;
}

}  // namespace nrn::hoc
