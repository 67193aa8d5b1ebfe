// SPDX-License-Identifier: BSD-3-Clause
// Visits the blocks of a program, and the statements in them, to change them in place.
#pragma once
#include <functional>

#include "ast.hpp"

namespace nrn::nmodl {

/// Every block that holds statements; the second argument is its procedure, null for INITIAL, BREAKPOINT and the like.
inline void each_block(Program& p, const std::function<void(Block&, const Procedure*)>& visit) {
    for (Block* b : {&p.constructor, &p.destructor, &p.initial, &p.breakpoint}) visit(*b, nullptr);
    for (auto& t : p.timed) visit(t.body, nullptr);
    for (auto& q : p.procedures) visit(q.body, &q);
}

inline void each_statement(Block& b, const std::function<void(Stmt&)>& visit) {
    for (Stmt& s : b) {
        visit(s);
        each_statement(s.body, visit);
        each_statement(s.otherwise, visit);
    }
}

}  // namespace nrn::nmodl
