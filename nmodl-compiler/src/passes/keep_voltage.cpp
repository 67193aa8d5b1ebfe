// SPDX-License-Identifier: BSD-3-Clause
// Every block that the engine runs notes v first. A density mechanism with states notes nothing: its states are
// advanced last in a step, with the voltage that it has then, and a column more would cost time in every step.
#include "passes/keep_voltage.hpp"

#include <algorithm>
#include <cctype>

#include "algebra/differentiate.hpp"
#include "dataflow/solved_states.hpp"

namespace nrn::nmodl {
namespace {

constexpr const char* kName = "voltage_seen";

bool has_word(const std::string& text, char word) {
    const auto in_word = [&](std::size_t i) { return i < text.size() && (std::isalnum(static_cast<unsigned char>(text[i])) || text[i] == '_'); };
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1))
        if (!in_word(at + 1) && (at == 0 || !in_word(at - 1))) return true;
    return false;
}

/// Does a FUNCTION or PROCEDURE read v that is not its argument or LOCAL?
bool reads_voltage(const Procedure& q) {
    if (q.kind != Procedure::Kind::Function && q.kind != Procedure::Kind::Procedure) return false;
    bool own = std::find(q.args.begin(), q.args.end(), "v") != q.args.end(), reads = false;
    const auto is_voltage = [](const Expr& e) { return e.kind == Expr::Kind::Name && e.text == "v"; };
    walk(q.body, [&](const Stmt& s) {
        if (s.kind == Stmt::Kind::Local) own = own || std::find(s.names.begin(), s.names.end(), "v") != s.names.end();
        if (s.kind == Stmt::Kind::Verbatim) reads = reads || has_word(s.name, 'v');
        for (const auto& e : {s.target, s.value, s.low, s.high, s.step}) reads = reads || (e && mentions(e, is_voltage));
    });
    return reads && !own;
}

}  // namespace

void keep_voltage(Mechanism& m, Diagnostics&) {
    Program& p = m.program;
    if (p.type == Program::Type::ArtificialCell || p.nameless || m.variables.contains(kName)) return;
    if (!m.solves.empty() && p.type == Program::Type::Density) return;
    if (std::none_of(p.procedures.begin(), p.procedures.end(), reads_voltage)) return;
    Variable kept{.name = kName, .units = "mV", .where = Variable::Where::Instance, .kind = Declaration::Kind::Assigned, .column = m.n_column++, .assigned = true};
    m.variables[kName] = kept;
    m.order.push_back(kName);
    m.kept_voltage = kName;
    Stmt note{};
    note.kind = Stmt::Kind::Assign;
    note.target = make_name(kName);
    note.value = make_name("v");
    const auto begin_with_note = [&](Block& b) { b.insert(b.begin(), note); };
    std::vector<std::string> solved;
    for (const Stmt* s : m.solves) solved.push_back(s->name);
    begin_with_note(p.initial);
    if (p.has_breakpoint) begin_with_note(p.breakpoint);
    for (auto& q : p.procedures)
        if (std::find(solved.begin(), solved.end(), q.name) != solved.end()) begin_with_note(q.body);
    m.solves = distinct_solves(p.breakpoint);  // which has moved
}

}  // namespace nrn::nmodl
