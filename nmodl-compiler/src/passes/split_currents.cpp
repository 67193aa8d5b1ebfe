// SPDX-License-Identifier: BSD-3-Clause
// Differentiates the statements one after the other.
#include "passes/split_currents.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>

#include "algebra/differentiate.hpp"
#include "dataflow/solved_states.hpp"

namespace nrn::nmodl {
namespace {

/// Does a value come with an act: numbers drawn from a shared stream, C text, a printed line? Such a value is asked
/// for as often as the block is evaluated, once for each of the two voltages.
class Acting {
  public:
    explicit Acting(const Mechanism& m) : m_(m) {}
    bool operator()(const ExprPtr& e) {
        if (!e) return false;
        return (e->kind == Expr::Kind::Call && call(e->text)) || std::any_of(e->args.begin(), e->args.end(), std::ref(*this));
    }

  private:
    bool call(const std::string& name) {
        static constexpr std::string_view kActs[] = {"scop_random", "exprand", "normrand", "poisrand", "random_uniform", "random_negexp", "random_normal", "random_ipick", "random_dpick", "printf"};
        if (std::find(std::begin(kActs), std::end(kActs), name) != std::end(kActs)) return true;
        if (!seen_.insert(name).second) return false;
        for (const Procedure& p : m_.program.procedures)
            if (p.name == name && block(p.body)) return true;
        return false;
    }
    bool block(const Block& b) {
        bool acts = false;
        walk(b, [&](const Stmt& s) {
            acts = acts || s.kind == Stmt::Kind::Verbatim || (*this)(s.target) || (*this)(s.value);
        });
        return acts;
    }
    const Mechanism& m_;
    std::set<std::string> seen_;
};

/// Does a value follow the voltage by way of a function that looks at it, or at what was made from it, by itself? Such a
/// function is no constant, whatever its arguments are.
class Following {
  public:
    Following(const Mechanism& m, std::function<bool(const std::string&)> follows) : m_(m), follows_(std::move(follows)) {}
    bool operator()(const ExprPtr& e) {
        if (!e) return false;
        return (e->kind == Expr::Kind::Call && call(e->text)) || std::any_of(e->args.begin(), e->args.end(), std::ref(*this));
    }

  private:
    bool call(const std::string& name) {
        if (!seen_.insert(name).second) return false;
        for (const Procedure& p : m_.program.procedures)
            if (p.name == name && looks(p)) return true;
        return false;
    }
    bool looks(const Procedure& p) {
        std::set<std::string> own(p.args.begin(), p.args.end());
        walk(p.body, [&](const Stmt& s) {
            if (s.kind == Stmt::Kind::Local) own.insert(s.names.begin(), s.names.end());
        });
        bool found = false;
        walk(p.body, [&](const Stmt& s) {
            for (const ExprPtr& e : {s.value, s.low, s.high, s.step})
                found = found || (e && (mentions(e, [&](const Expr& x) { return !own.contains(x.text) && follows_(x.text); }) || (*this)(e)));
        });
        return found;
    }
    const Mechanism& m_;
    std::function<bool(const std::string&)> follows_;
    std::set<std::string> seen_;
};

}  // namespace

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
        const auto follows = [&](const std::string& name) {
            const auto found = slopes.find(name);
            return name == "v" || (found != slopes.end() && !is_number(found->second, 0));
        };
        if (Acting(m)(s.value) || Following(m, follows)(s.value)) return;
        // A current that is made from itself goes on from the first voltage at the second.
        if (mentions(s.value, [&](const Expr& x) {
                return !slopes.contains(x.text) && std::any_of(m.currents.begin(), m.currents.end(), [&](const auto& c) { return c.name == x.text; });
            }))
            return;
        const auto slope = differentiate(s.value, v, inner);
        if (!slope) return;
        if (mentions(*slope, [&](const Expr& x) { return follows(x.text); })) return;
        slopes[s.target->text] = *slope;
    }
    for (const auto& c : m.currents) {
        const auto found = slopes.find(c.name);
        m.program.slopes.emplace_back(c.name, found == slopes.end() ? make_number(0) : found->second);
    }
}

}  // namespace nrn::nmodl
