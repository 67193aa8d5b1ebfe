// SPDX-License-Identifier: BSD-3-Clause
// Looks through all blocks once.
#include "codegen/mechanism_flags.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "dataflow/solved_states.hpp"

namespace nrn::nmodl {
namespace {

/// What blocks call and leave behind.
class Calls {
  public:
    std::set<std::string> names;  // of functions that any block calls
    bool sections = false;

    explicit Calls(const Mechanism& m) : m_(m) {
        const Program& p = m.program;
        for (const Block* b : {&p.constructor, &p.destructor}) (void)block(*b);
        initial_ = block(p.initial);
        steps_.push_back(block(p.breakpoint));
        for (const auto& t : p.timed) steps_.push_back(block(t.body));
        for (const auto& q : p.procedures) procedures_[q.name] = block(q.body);
        for (const auto& v : p.verbatim) {
            draws_in_c_ = draws_in_c_ || says(v.text, kDraws);
            sections = sections || says(v.text, kSections);
        }
    }

    /// Does an instance see there what the one before it did: drew numbers, counted, printed a line?
    [[nodiscard]] bool initial_in_order() const { return in_order({initial_}); }
    [[nodiscard]] bool steps_in_order() const { return in_order(steps_); }

  private:
    struct Doings {
        bool traces = false;
        std::set<std::string> calls;
    };
    using Words = std::initializer_list<const char*>;
    static constexpr Words kDraws{"scop_random", "exprand", "normrand", "poisrand"};
    static constexpr Words kLeavesTraces{"rand", "print", "put", "++", "--", "+=", "hoc_"};
    /// Signs of C text that looks at sections and nodes, or that cannot be seen from here.
    static constexpr Words kSections{"Section", "Node", "sec", "Sec", "_nt", "access", "#include \""};

    static bool says(const std::string& text, Words words) {
        return std::any_of(words.begin(), words.end(), [&](const char* word) { return text.find(word) != std::string::npos; });
    }

    Doings block(const Block& b) {
        Doings found;
        walk(b, [&](const Stmt& s) {
            found.traces = found.traces || (s.kind == Stmt::Kind::Assign && counts(s));
            for (const auto& e : {s.target, s.value, s.low, s.high, s.step, s.forward, s.backward}) expression(e, found.calls);
            if (s.kind == Stmt::Kind::Solve) found.calls.insert(s.name);
            if (s.kind != Stmt::Kind::Verbatim) return;
            found.traces = found.traces || says(s.name, kLeavesTraces);
            sections = sections || says(s.name, kSections);
            for (const auto& q : m_.program.procedures)
                if (s.name.find(q.name) != std::string::npos) found.calls.insert(q.name);
        });
        names.insert(found.calls.begin(), found.calls.end());
        found.traces = found.traces || found.calls.contains("printf") || std::any_of(kDraws.begin(), kDraws.end(), [&](const char* draws) { return found.calls.contains(draws); });
        return found;
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
    static void expression(const ExprPtr& e, std::set<std::string>& calls) {
        if (!e) return;
        if (e->kind == Expr::Kind::Call) calls.insert(e->text);
        for (const auto& a : e->args) expression(a, calls);
    }

    [[nodiscard]] bool in_order(std::vector<Doings> open) const {
        if (draws_in_c_) return true;
        std::set<std::string> seen;
        while (!open.empty()) {
            const Doings doings = std::move(open.back());
            open.pop_back();
            if (doings.traces) return true;
            for (const std::string& name : doings.calls)
                if (const auto called = procedures_.find(name); called != procedures_.end() && seen.insert(name).second) open.push_back(called->second);
        }
        return false;
    }

    const Mechanism& m_;
    Doings initial_;
    std::vector<Doings> steps_;
    std::map<std::string, Doings> procedures_;
    bool draws_in_c_ = false;
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
    flag(calls.steps_in_order(), "NRN_DRAWS_SHARED_NUMBERS");
    flag(calls.initial_in_order(), "NRN_INITIAL_IN_ORDER");
    flag(calls.sections, "NRN_WALKS_SECTIONS");
    return flags;
}

}  // namespace nrn::nmodl
