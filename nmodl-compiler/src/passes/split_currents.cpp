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

/// Does a value call a function of which something is true, itself or by way of others?
class Reaching {
  public:
    using OfName = std::function<bool(const std::string&)>;
    using OfBody = std::function<bool(const Procedure&)>;
    Reaching(const Mechanism& m, OfName name, OfBody body) : m_(m), name_(std::move(name)), body_(std::move(body)) {}
    bool operator()(const ExprPtr& e) {
        if (!e) return false;
        return (e->kind == Expr::Kind::Call && call(e->text)) || std::any_of(e->args.begin(), e->args.end(), std::ref(*this));
    }

  private:
    bool call(const std::string& name) {
        if (name_(name)) return true;
        if (!seen_.insert(name).second) return false;
        return std::any_of(m_.program.procedures.begin(), m_.program.procedures.end(), [&](const Procedure& p) { return p.name == name && (body_(p) || calls(p.body)); });
    }
    bool calls(const Block& b) {
        bool found = false;
        walk(b, [&](const Stmt& s) {
            for (const ExprPtr& e : {s.target, s.value, s.low, s.high, s.step}) found = found || (*this)(e);
        });
        return found;
    }
    const Mechanism& m_;
    OfName name_;
    OfBody body_;
    std::set<std::string> seen_;
};

/// Does a value come with an act: numbers drawn from a shared stream, C text, a printed line? Such a value is asked
/// for as often as the block is evaluated, once for each of the two voltages.
Reaching acting(const Mechanism& m) {
    const auto is_act = [](const std::string& name) {
        static constexpr std::string_view kActs[] = {"scop_random", "exprand", "normrand", "poisrand", "random_uniform", "random_negexp", "random_normal", "random_ipick", "random_dpick", "printf"};
        return std::find(std::begin(kActs), std::end(kActs), name) != std::end(kActs);
    };
    return {m, is_act, [](const Procedure& p) {
        bool c_text = false;
        walk(p.body, [&](const Stmt& s) { c_text = c_text || s.kind == Stmt::Kind::Verbatim; });
        return c_text;
    }};
}

/// Does a value follow the voltage by way of a function that looks at it, or at what was made from it, by itself? Such a
/// function is no constant, whatever its arguments are.
Reaching following(const Mechanism& m, const std::function<bool(const std::string&)>& follows) {
    return {m, [](const std::string&) { return false; }, [&follows](const Procedure& p) {
        std::set<std::string> own(p.args.begin(), p.args.end());
        bool looks = false;
        walk(p.body, [&](const Stmt& s) {
            if (s.kind == Stmt::Kind::Local) own.insert(s.names.begin(), s.names.end());
        });
        walk(p.body, [&](const Stmt& s) {
            for (const ExprPtr& e : {s.value, s.low, s.high, s.step})
                looks = looks || (e && mentions(e, [&](const Expr& x) { return !own.contains(x.text) && follows(x.text); }));
        });
        return looks;
    }};
}

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
        const std::function<bool(const std::string&)> follows = [&](const std::string& name) {
            const auto found = slopes.find(name);
            return name == "v" || (found != slopes.end() && !is_number(found->second, 0));
        };
        if (acting(m)(s.value) || following(m, follows)(s.value)) return;
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
