// SPDX-License-Identifier: BSD-3-Clause
// Puts a statement at the beginning of INITIAL and one in DESTRUCTOR for every LAG.
#include "passes/keep_lags.hpp"

#include <algorithm>

namespace nrn::nmodl {
namespace {

Stmt call_with(const char* function, const std::string& slot, SourceSpan span) {
    Stmt s{};
    s.kind = Stmt::Kind::Call;
    s.span = span;
    s.value = make_call(function, {make_name(slot, span)}, span);
    return s;
}

}  // namespace

bool is_lag_slot(const std::string& name) { return name.starts_with("lag_") && name.ends_with("_seen"); }

bool keeps_lags(const Mechanism& m) {
    return std::any_of(m.program.bbcore.begin(), m.program.bbcore.end(), [](const auto& slot) { return is_lag_slot(slot.first); });
}

void keep_lags(Mechanism& m, Diagnostics&) {
    Program& p = m.program;
    for (const auto& [name, span] : p.bbcore) {
        if (!is_lag_slot(name)) continue;
        p.initial.insert(p.initial.begin(), call_with("lag_begin", name, span));
        p.has_initial = true;
        p.destructor.push_back(call_with("lag_end", name, span));
    }
}

}  // namespace nrn::nmodl
