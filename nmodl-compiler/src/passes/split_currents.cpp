// SPDX-License-Identifier: BSD-3-Clause
// Differentiates the statements one after the other.
#include "passes/split_currents.hpp"

#include "algebra/differentiate.hpp"
#include "dataflow/solved_states.hpp"

namespace nrn::nmodl {

void split_currents(Mechanism& m, Diagnostics&) {
    m.program.slopes.clear();
    std::map<std::string, ExprPtr> slopes;
    const Expr v = *make_name("v");
    const auto inner = [&](const Expr& x) -> ExprPtr {
        const auto found = slopes.find(x.text);
        return found == slopes.end() ? nullptr : found->second;
    };
    for (const Stmt& s : without_solves(m.program.breakpoint)) {
        if (s.kind == Stmt::Kind::Local || s.kind == Stmt::Kind::Conductance) continue;
        if (s.kind != Stmt::Kind::Assign || !s.target->args.empty()) return;
        const auto slope = differentiate(s.value, v, inner);
        if (!slope) return;
        const bool again = mentions(*slope, [&](const Expr& x) {
            if (x.text == "v") return true;
            const auto found = slopes.find(x.text);
            return found != slopes.end() && !is_number(found->second, 0);
        });
        if (again) return;
        slopes[s.target->text] = *slope;
    }
    for (const auto& c : m.currents) {
        const auto found = slopes.find(c.name);
        m.program.slopes.emplace_back(c.name, found == slopes.end() ? make_number(0) : found->second);
    }
}

}  // namespace nrn::nmodl
