// SPDX-License-Identifier: BSD-3-Clause
// Finds families exp(k s x + offset), k = 1, 2, 3, 4 or -1, and writes their members by one exponential.
// The results differ from the separate ones by a few roundings; the clamping at exp(700) is kept.
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "dataflow/flow.hpp"

namespace nrn::nmodl {
namespace {

/// slope * base + offset, with a number as slope; the offset is a number and multiples of uniform values.
struct Affine {
    double slope = 1;
    NodeId base = -1;
    double number = 0;
    std::map<NodeId, double> uniform;

    void scale(double by) {
        slope *= by;
        number *= by;
        for (auto& [n, c] : uniform) c *= by;
    }
    void add(const Graph& g, NodeId n, double by) {
        const Node& x = g[n];
        if (x.op == Op::Number) number += by * x.number;
        else if (x.op == Op::Negate) add(g, x.args[0], -by);
        else if (x.op == Op::Multiply && g[x.args[0]].op == Op::Number) add(g, x.args[1], by * g[x.args[0]].number);
        else if (x.op == Op::Add || x.op == Op::Subtract) {
            add(g, x.args[0], by);
            add(g, x.args[1], x.op == Op::Add ? by : -by);
        } else {
            uniform[n] += by;
        }
    }
};

/// Offset of `a` less that of `b` taken `times`; what cancels to rounding is gone.
Affine difference(const Affine& a, const Affine& b, double times) {
    Affine d = a;
    d.number -= times * b.number;
    if (std::fabs(d.number) <= 1e-15 * std::fabs(a.number)) d.number = 0;
    for (const auto& [n, c] : b.uniform) {
        double& own = d.uniform[n];
        const double before = own;
        own -= times * c;
        if (std::fabs(own) <= 1e-15 * std::fabs(before)) d.uniform.erase(n);
    }
    return d;
}

class Sharing {
  public:
    explicit Sharing(Flow& flow) : flow_(flow), g_(flow.graph) {}

    void run() {
        const auto live = live_nodes(g_, flow_.stores);
        users_.resize(static_cast<std::size_t>(g_.size()));
        for (const NodeId n : live)
            for (const NodeId a : g_[n].args) users_[static_cast<std::size_t>(a)].push_back(n);
        for (const Store& s : flow_.stores) users_[static_cast<std::size_t>(s.value)].push_back(-1);
        for (const NodeId n : live)
            if (g_[n].op == Op::Call && g_[n].text == "exp" && !g_[n].uniform)
                if (const auto a = affine(g_[n].args[0]); a && g_[a->base].op == Op::Leaf && a->slope != 0) families_[a->base].push_back({n, *a});
        bool any = false;
        for (auto& [base, members] : families_) any = plan(members) || any;
        if (!any) return;
        for (Store& s : flow_.stores) s.value = renewed(s.value);
    }

  private:
    struct Member { NodeId node; Affine form; };
    struct Plan { NodeId first; int power; NodeId shift; bool inverse; };  // node = (exp of first)^power exp(shift), or its inverse

    std::optional<Affine> affine(NodeId n) const {
        const Node& x = g_[n];
        switch (x.op) {
        case Op::Leaf: return x.uniform ? std::nullopt : std::optional(Affine{.base = n});
        case Op::Negate:
        case Op::Multiply: {
            if (x.op == Op::Multiply && g_[x.args[0]].op != Op::Number) return std::nullopt;
            auto a = affine(x.args.back());
            if (a) a->scale(x.op == Op::Negate ? -1 : g_[x.args[0]].number);
            return a;
        }
        case Op::Add:
        case Op::Subtract: {
            const std::size_t lane = g_[x.args[0]].uniform ? 1 : 0;
            if (!g_[x.args[1 - lane]].uniform) return std::nullopt;
            auto a = affine(x.args[lane]);
            if (!a) return a;
            if (x.op == Op::Subtract && lane == 1) a->scale(-1);
            a->add(g_, x.args[1 - lane], x.op == Op::Subtract && lane == 0 ? -1 : 1);
            return a;
        }
        default: return std::nullopt;
        }
    }

    const std::vector<NodeId>& users(NodeId n) const { return users_[static_cast<std::size_t>(n)]; }

    /// Does exp(-y) stand only in sums with 1 or -1 that divide?
    bool only_divides(NodeId n) const {
        return std::all_of(users(n).begin(), users(n).end(), [&](NodeId sum) {
            if (sum < 0 || g_[sum].op != Op::Add) return false;
            const NodeId other = g_[sum].args[g_[sum].args[0] == n ? 1 : 0];
            if (!g_.is_number(other, 1) && !g_.is_number(other, -1)) return false;
            return std::all_of(users(sum).begin(), users(sum).end(), [&](NodeId d) { return d >= 0 && g_[d].op == Op::Divide && g_[d].args[1] == sum && g_[d].args[0] != sum; });
        });
    }

    /// The multiple of `first` that m is; 0 when it is none that can be used.
    int multiple(const Member& m, const Member& first) const {
        const double ratio = m.form.slope / first.form.slope, whole = std::round(ratio);
        if (whole == 0 || whole > 4 || whole < -1 || std::fabs(ratio - whole) > 4e-16 * std::fabs(whole)) return 0;
        return whole < 0 && !only_divides(m.node) ? 0 : static_cast<int>(whole);
    }

    static Affine shift_of(const Member& m, const Member& first, int times) {
        Affine own = m.form;
        if (times < 0) own.scale(-1);
        return difference(own, first.form, std::abs(times));
    }

    bool plan(const std::vector<Member>& members) {
        bool any = false;
        for (;;) {
            // The next one to compute is that which gives the most others, first of all those without a factor.
            const Member* best = nullptr;
            int most = 0;
            for (const Member& first : members) {
                if (plans_.contains(first.node)) continue;
                int worth = 0;
                for (const Member& m : members) {
                    if (m.node == first.node || plans_.contains(m.node)) continue;
                    const int times = multiple(m, first);
                    if (times == 0) continue;
                    const Affine shift = shift_of(m, first, times);
                    if (shift.uniform.empty() && std::fabs(shift.number) > 30) continue;
                    worth += shift.uniform.empty() && shift.number == 0 ? 11 : 10;
                }
                if (worth > most) {
                    most = worth;
                    best = &first;
                }
            }
            if (!best) return any;
            any = true;
            plans_[best->node] = {best->node, 0, 0, false};
            for (const Member& m : members) {
                if (plans_.contains(m.node)) continue;
                const int times = multiple(m, *best);
                if (times == 0) continue;
                const Affine d = shift_of(m, *best, times);
                if (d.uniform.empty() && std::fabs(d.number) > 30) continue;
                NodeId shift = g_.number(d.number);
                for (const auto& [n, c] : d.uniform) shift = g_.add(shift, g_.multiply(g_.number(c), n));
                plans_[m.node] = {best->node, std::abs(times), shift, times < 0};
            }
        }
    }

    /// The positive exponential of a planned member.
    NodeId positive(const Plan& p, NodeId argument) {
        const NodeId power = g_.power(renewed(p.first), g_.number(p.power));
        if (p.power == 1 && g_.is_number(p.shift, 0)) return power;
        if (g_.is_number(p.shift, 0)) return g_.call("min", {g_.number(std::exp(700.0)), power});
        const NodeId product = g_.multiply(g_.call("exp", {p.shift}), power);
        if (g_[p.shift].op == Op::Number) return g_.call("min", {g_.number(std::exp(700.0)), product});
        // Offsets that only run time knows: far apart, they have exponentials of their own.
        return g_.call("related_exp", {g_.less(g_.call("fabs", {p.shift}), g_.number(30)), product, p.inverse ? g_.negate(argument) : argument});
    }

    NodeId renewed(NodeId n) {
        const auto found = now_.find(n);
        if (found != now_.end()) return found->second;
        const NodeId r = rewritten(n);
        now_[n] = r;
        return r;
    }

    NodeId rewritten(NodeId n) {
        const Node x = g_[n];
        if (const auto p = plans_.find(n); p != plans_.end() && p->second.power > 0 && !p->second.inverse) {
            return positive(p->second, renewed(x.args[0]));
        }
        if (x.op == Op::Divide && g_[x.args[1]].op == Op::Add) {
            const Node sum = g_[x.args[1]];
            for (const std::size_t i : {0U, 1U}) {
                const auto p = plans_.find(sum.args[i]);
                if (p == plans_.end() || !p->second.inverse) continue;
                // n / (exp(-y) + c) = n exp(y) / (1 + c exp(y)), c = 1 or -1
                const NodeId e = positive(p->second, renewed(g_[p->first].args[0])), above = g_.multiply(renewed(x.args[0]), e);
                const bool plus = g_.is_number(sum.args[1 - i], 1);
                const NodeId quotient = g_.divide(above, g_.add(e, g_.number(plus ? 1 : -1)));
                return plus ? quotient : g_.negate(quotient);
            }
        }
        std::vector<NodeId> args;
        for (const NodeId a : x.args) args.push_back(renewed(a));
        return args == x.args ? n : g_.rebuilt(x, args);
    }

    Flow& flow_;
    Graph& g_;
    std::vector<std::vector<NodeId>> users_;
    std::map<NodeId, std::vector<Member>> families_;
    std::map<NodeId, Plan> plans_;
    std::map<NodeId, NodeId> now_;
};

}  // namespace

void share_exponentials(Flow& flow) { Sharing(flow).run(); }

}  // namespace nrn::nmodl
