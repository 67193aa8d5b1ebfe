// SPDX-License-Identifier: BSD-3-Clause
// Units of expressions: what a name, an operator and a function make of the units they are given.
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "diagnostics.hpp"
#include "symbols.hpp"
#include "unit_table.hpp"

namespace nrn::nmodl {

/// The units of a value.
struct Quantity {
    Unit unit;
    bool any = false;      // a number without units: goes with any
    bool unknown = false;  // could not be determined, which is reported already: so is what is made of it
};

class UnitExpressions {
  public:
    UnitExpressions(const Mechanism& m, Diagnostics& d);

    Quantity of(const ExprPtr& e);
    /// Reports it when `found` is not what `wanted` is.
    bool same(const Quantity& wanted, const Quantity& found, SourceSpan span, const std::string& what);
    /// Units as written; an unknown one is reported once.
    Quantity parse(const std::string& text, SourceSpan span);
    Quantity of_variable(const std::string& name) const;
    /// What a name that the language itself gives (v, ions, currents) has to be; nothing for others.
    [[nodiscard]] std::optional<std::string> prescribed(const std::string& name) const;
    void report(SourceSpan span, const std::string& message, const std::string& hint = {});
    static Quantity times(const Quantity& a, const Quantity& b, bool divide = false);

    std::map<std::string, Quantity> locals;  // LOCAL variables and arguments of the block at hand

  private:
    Quantity binary(const Expr& e);
    Quantity power(const Expr& e);
    Quantity call(const Expr& e);
    Quantity own_function(const Expr& e, const Procedure& p);
    Quantity root(const Quantity& a, SourceSpan span);
    [[nodiscard]] bool switched_off(SourceSpan span) const;
    const Mechanism& m_;
    Diagnostics& d_;
    UnitTable table_;
    std::map<std::string, Quantity> variables_;
    std::set<std::string> unknown_;
};

}  // namespace nrn::nmodl
