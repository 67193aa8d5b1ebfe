// SPDX-License-Identifier: BSD-3-Clause
// Looks through all blocks once.
#include "codegen/mechanism_flags.hpp"

#include <algorithm>
#include <functional>

#include "dataflow/solved_states.hpp"

namespace nrn::nmodl {
namespace {

/// Functions that blocks call, and the words of C text that may be such.
struct Calls {
    std::set<std::string> names;
    bool in_order = false;  // an instance sees what the one before it did: drew numbers, counted, printed a line
    bool sections = false;

    explicit Calls(const Mechanism& m) : m_(m) {
        const Program& p = m.program;
        for (const Block* b : {&p.constructor, &p.destructor, &p.initial, &p.breakpoint}) block(*b);
        for (const auto& t : p.timed) block(t.body);
        for (const auto& q : p.procedures) block(q.body);
        for (const auto& v : p.verbatim) text(v.text, kDraws);
        for (const char* draws : kDraws) in_order = in_order || names.contains(draws);
        in_order = in_order || names.contains("printf");
    }

  private:
    static constexpr std::initializer_list<const char*> kDraws{"scop_random", "exprand", "normrand", "poisrand"};
    static constexpr std::initializer_list<const char*> kLeavesTraces{"rand", "print", "put", "++", "--", "+=", "hoc_"};
    /// Signs of C text that looks at sections and nodes, or that cannot be seen from here.
    static constexpr std::initializer_list<const char*> kSections{"Section", "Node", "sec", "Sec", "_nt", "access", "#include \""};

    void block(const Block& b) {
        walk(b, [&](const Stmt& s) {
            in_order = in_order || (s.kind == Stmt::Kind::Assign && counts(s));
            for (const auto& e : {s.target, s.value, s.low, s.high, s.step, s.forward, s.backward}) expression(e);
            if (s.kind == Stmt::Kind::Verbatim) text(s.name, kLeavesTraces);
        });
    }
    /// Is a GLOBAL made from what it was?
    [[nodiscard]] bool counts(const Stmt& s) const {
        if (!s.target) return false;
        const auto variable = m_.variables.find(s.target->text);
        return variable != m_.variables.end() && variable->second.where == Variable::Where::Global && mentions(s.value, s.target->text);
    }
    static bool mentions(const ExprPtr& e, const std::string& name) {
        return e && (e->text == name || std::any_of(e->args.begin(), e->args.end(), [&](const ExprPtr& a) { return mentions(a, name); }));
    }
    void expression(const ExprPtr& e) {
        if (!e) return;
        if (e->kind == Expr::Kind::Call) names.insert(e->text);
        for (const auto& a : e->args) expression(a);
    }
    void text(const std::string& c_text, std::initializer_list<const char*> traces) {
        const auto says = [&](const auto& words) { return std::any_of(words.begin(), words.end(), [&](const char* word) { return c_text.find(word) != std::string::npos; }); };
        in_order = in_order || says(traces);
        sections = sections || says(kSections);
    }

    const Mechanism& m_;
};

}  // namespace

std::string flags_text(const Mechanism& m, const PrintedFacts& printed) {
    const Program& p = m.program;
    const Calls calls(m);
    std::string flags = "0";
    const auto flag = [&](bool on, const char* name) {
        if (on) flags += std::string(" | ") + name;
    };
    flag(p.type != Program::Type::Density, "NRN_POINT_PROCESS");
    flag(p.type == Program::Type::ArtificialCell, "NRN_ARTIFICIAL_CELL");
    flag(p.nameless, "NRN_NO_SUFFIX");
    flag(m.electrode, "NRN_ELECTRODE_CURRENT");
    flag(!printed.thread_safe, "NRN_NOT_THREAD_SAFE");
    flag(m.net_receive != nullptr, "NRN_NET_RECEIVE");
    flag(calls.names.contains("net_event"), "NRN_NET_EVENT");
    flag(printed.net_initial, "NRN_NET_RECEIVE_INITIAL");
    flag(calls.names.contains("net_send") || calls.names.contains("net_move"), "NRN_SELF_EVENTS");
    flag(m.writes_concentration, "NRN_WRITES_CONCENTRATION");
    flag(printed.unfit, "NRN_VARIABLE_STEP_UNFIT");
    flag(calls.in_order, "NRN_DRAWS_SHARED_NUMBERS");
    flag(calls.sections, "NRN_WALKS_SECTIONS");
    return flags;
}

}  // namespace nrn::nmodl
