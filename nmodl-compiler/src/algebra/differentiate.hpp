// SPDX-License-Identifier: BSD-3-Clause
// Symbolic derivatives and light simplification of expressions. Pure functions.
#pragma once
#include <functional>
#include <optional>
#include <string>

#include "ast.hpp"

namespace nrn::nmodl {

/// Are the two the same variable (index included, textually)?
bool same_variable(const Expr& a, const Expr& b);
/// Does `e` mention a variable for which `is` says yes?
bool mentions(const ExprPtr& e, const std::function<bool(const Expr&)>& is);
bool mentions(const ExprPtr& e, const Expr& variable);
/// d e / d variable. `inner` gives the derivative of other variables that depend on it (null: none).
/// Empty when a function without a known derivative depends on it.
std::optional<ExprPtr> differentiate(const ExprPtr& e, const Expr& variable, const std::function<ExprPtr(const Expr&)>& inner = {});
/// e with every occurrence of `variable` replaced.
ExprPtr substitute(const ExprPtr& e, const Expr& variable, const ExprPtr& by);
ExprPtr simplify_binary(const std::string& op, ExprPtr a, ExprPtr b);
bool is_number(const ExprPtr& e, double value);
std::string to_text(const ExprPtr& e);

}  // namespace nrn::nmodl
