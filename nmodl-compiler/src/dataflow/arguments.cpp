// SPDX-License-Identifier: BSD-3-Clause
// Arguments of exponentials as products and sums that machines fuse.
#include <algorithm>

#include "dataflow/flow.hpp"

namespace nrn::nmodl {
namespace {

/// u (x + c) as u x + u c, where u and c are the same for all instances. What cancels in x + c has the rounding of u c
/// then, which as an absolute error of an exponent is nothing; so only there.
class Unfolding {
  public:
    explicit Unfolding(Flow& flow) : flow_(flow), g_(flow.graph), uses_(uses_of(flow)) {}
    void run() {
        for (Store& s : flow_.stores) s.value = renewed(s.value);
    }

  private:
    [[nodiscard]] bool used(NodeId n, int times) const { return static_cast<std::size_t>(n) < uses_.size() && uses_[static_cast<std::size_t>(n)] == times; }

    NodeId renewed(NodeId n) {
        const auto found = now_.find(n);
        if (found != now_.end()) return found->second;
        const Node x = g_[n];
        std::vector<NodeId> args;
        for (const NodeId a : x.args) args.push_back(x.op == Op::Call && x.text == "exp" && !x.uniform ? argument(a, 1) : renewed(a));
        const NodeId r = args == x.args ? n : g_.rebuilt(x, args);
        now_[n] = r;
        return r;
    }

    /// Part of an exponent, used so many times by the part above it and by nobody else.
    NodeId argument(NodeId n, int times) {
        const Node x = g_[n];
        if (x.uniform || !used(n, times)) return renewed(n);
        if (x.op == Op::Negate) return g_.negate(argument(x.args[0], 1));
        if (x.op == Op::Add) return g_.add(argument(x.args[0], 1), argument(x.args[1], 1));
        if (x.op == Op::Subtract) return g_.subtract(argument(x.args[0], 1), argument(x.args[1], 1));
        if (x.op != Op::Multiply) return renewed(n);
        if (x.args[0] == x.args[1]) {
            const NodeId root = argument(x.args[0], 2);
            return g_.multiply(root, root);
        }
        const Node sum = g_[x.args[1]];
        if (g_[x.args[0]].uniform && used(x.args[1], 1) && (sum.op == Op::Add || sum.op == Op::Subtract)) {
            const bool first = g_[sum.args[0]].uniform;
            if (first || g_[sum.args[1]].uniform) {
                const NodeId a = g_.multiply(x.args[0], first ? sum.args[0] : argument(sum.args[0], 1));
                const NodeId b = g_.multiply(x.args[0], first ? argument(sum.args[1], 1) : sum.args[1]);
                return sum.op == Op::Add ? g_.add(a, b) : g_.subtract(a, b);
            }
        }
        return g_.multiply(argument(x.args[0], 1), argument(x.args[1], 1));
    }

    Flow& flow_;
    Graph& g_;
    std::vector<int> uses_;
    std::map<NodeId, NodeId> now_;
};

}  // namespace

void unfold_arguments(Flow& flow) { Unfolding(flow).run(); }

}  // namespace nrn::nmodl
