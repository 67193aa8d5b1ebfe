// SPDX-License-Identifier: BSD-3-Clause
// Divisions that disappear in others.
#include <algorithm>

#include "dataflow/flow.hpp"

namespace nrn::nmodl {
namespace {

class Joining {
  public:
    explicit Joining(Flow& flow) : flow_(flow), g_(flow.graph), uses_(uses_of(flow)) {}
    void run() {
        for (Store& s : flow_.stores) s.value = renewed(s.value);
    }

  private:
    bool single(NodeId n) const { return uses_[static_cast<std::size_t>(n)] == 1; }
    bool uniform(NodeId n) const { return g_[n].uniform; }

    NodeId renewed(NodeId n) {
        const auto found = now_.find(n);
        if (found != now_.end()) return found->second;
        const NodeId r = rewritten(n);
        now_[n] = r;
        return r;
    }

    NodeId rewritten(NodeId n) {
        const Node x = g_[n];
        if (x.op == Op::Divide && uniform(x.args[0]) && single(x.args[1])) {
            const Node sum = g_[x.args[1]];
            if (sum.op == Op::Add && !sum.uniform)
                for (const std::size_t i : {0U, 1U}) {
                    const Node part = g_[sum.args[i]];
                    const NodeId rest = sum.args[1 - i];
                    if (part.op != Op::Divide || part.uniform || !single(sum.args[i]) || !uniform(rest) || !uniform(part.args[0])) continue;
                    const NodeId d = renewed(part.args[1]);
                    return g_.divide(g_.multiply(x.args[0], d), g_.add(g_.multiply(rest, d), part.args[0]));
                }
        }
        std::vector<NodeId> args;
        for (const NodeId a : x.args) args.push_back(renewed(a));
        return args == x.args ? n : g_.rebuilt(x, args);
    }

    Flow& flow_;
    Graph& g_;
    std::vector<int> uses_;
    std::map<NodeId, NodeId> now_;
};

}  // namespace

void join_divisions(Flow& flow) { Joining(flow).run(); }

}  // namespace nrn::nmodl
