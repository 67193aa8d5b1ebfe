// SPDX-License-Identifier: BSD-3-Clause
// Looks for unknowns in equations and reactions.
#include "dataflow/solved_states.hpp"

#include <algorithm>

#include "algebra/differentiate.hpp"

namespace nrn::nmodl {

void walk(const Block& b, const std::function<void(const Stmt&)>& f) {
    for (const Stmt& s : b) {
        f(s);
        walk(s.body, f);
        walk(s.otherwise, f);
    }
}

std::vector<const Stmt*> distinct_solves(const Block& b) {
    std::vector<const Stmt*> solves;
    walk(b, [&](const Stmt& s) {
        const auto same = [&](const Stmt* other) { return other->name == s.name; };
        if (s.kind == Stmt::Kind::Solve && std::none_of(solves.begin(), solves.end(), same)) solves.push_back(&s);
    });
    return solves;
}

Block without_solves(const Block& b) {
    Block kept;
    for (const Stmt& s : b) {
        if (s.kind == Stmt::Kind::Solve) continue;
        kept.push_back(s);
        kept.back().body = without_solves(s.body);
        kept.back().otherwise = without_solves(s.otherwise);
    }
    return kept;
}

std::vector<const Procedure*> integrated_blocks(const Mechanism& m) {
    std::vector<const Procedure*> blocks;
    for (const Stmt* s : m.solves) {
        const auto found = m.procedures.find(s->name);
        if (found == m.procedures.end() || s->steady_state || solved_states(m, *found->second).empty()) continue;
        if (found->second->kind == Procedure::Kind::Derivative || found->second->kind == Procedure::Kind::Kinetic) blocks.push_back(found->second);
    }
    return blocks;
}

std::vector<StateColumn> solved_states(const Mechanism& m, const Procedure& p) {
    std::vector<std::string> names;
    const auto note = [&](const std::string& n) {
        const auto v = m.variables.find(n);
        if (v != m.variables.end() && v->second.where == Variable::Where::Instance && std::find(names.begin(), names.end(), n) == names.end()) names.push_back(n);
    };
    const auto note_state = [&](const std::string& n) {
        const auto v = m.variables.find(n);
        if (v != m.variables.end() && v->second.kind == Declaration::Kind::State) note(n);
    };
    std::vector<StateColumn> list;
    if (!p.solve_for.empty()) {
        for (const auto& n : p.solve_for) note(n);
    } else {
        walk(p.body, [&](const Stmt& s) {
            if (s.kind == Stmt::Kind::DiffEq) note(s.target->text);
            for (const auto* terms : {&s.left, &s.right})
                for (const Term& t : *terms) note_state(t.state->text);
            if (s.kind == Stmt::Kind::LinearEq)
                for (const auto& side : {s.target, s.value})
                    mentions(side, [&](const Expr& x) {
                        note_state(x.text);
                        return false;
                    });
        });
    }
    for (const auto& n : m.order) {  // in the order of declaration
        if (std::find(names.begin(), names.end(), n) == names.end()) continue;
        const Variable& v = m.variables.at(n);
        for (int i = 0; i < v.length; ++i) list.push_back({n, i, v.column + i});
    }
    return list;
}

}  // namespace nrn::nmodl
