// SPDX-License-Identifier: BSD-3-Clause
// The kernels of a mechanism as graphs: what each reads, computes and leaves behind.
#pragma once
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "dataflow/graph.hpp"
#include "dataflow/rates.hpp"
#include "dataflow/trace.hpp"

namespace nrn::nmodl {

/// A value that a kernel leaves: in a column, an ion, a global, or added to what is there.
struct Store {
    enum class To { Column, Ion, Global, AddIon, SubtractRhs, AddDiagonal };
    To to = To::Column;
    int index = 0, part = 0;  // column or global; ion and its column
    NodeId value = 0;
    std::string name;         // of the variable, "" for what is no variable
};

struct Flow {
    Graph graph;
    std::vector<Store> stores;
};

class FlowBuilder {
  public:
    FlowBuilder(const Mechanism& m, int rhs_column, int g_column) : m_(m), rhs_column_(rhs_column), g_column_(g_column) {}
    /// @throws NotAGraph
    Flow state(bool tables) const;
    Flow current(bool tables) const;
    /// INITIAL, with the start of states before it; tables are not looked up.
    Flow initial() const;
    /// Any other block, for what it reads.
    Flow block(const Block& b, bool solving) const;
    Flow procedure(const Procedure& p) const;
    /// Derivatives of the states of `blocks` to columns from `first` on; with `solve`, what stands there is
    /// overwritten by x of (1 - dt J) x = b.
    /// (1 - dt J) x = b of one block, b in columns from `first` on. As in the reference, J of a DERIVATIVE block is its
    /// diagonal, of each equation as it is written, and rates that a KINETIC block computes beforehand count as constants:
    /// within the tolerances a variable step's result depends on it.
    std::vector<NodeId> corrected(Trace& t, const Procedure& p, int first) const;
    Flow ode(const std::vector<const Procedure*>& blocks, int first, bool solve, bool tables) const;
    /// BREAKPOINT without its SOLVEs.
    [[nodiscard]] Block current_part() const;

  private:
    void read_ions(Trace& t, bool solving, bool currents = false) const;
    void solve(Trace& t, const Stmt& s) const;
    void cnexp(Trace& t, const Stmt& s) const;
    void euler(Trace& t, const Procedure& p) const;
    void implicit(Trace& t, const Procedure& p) const;
    void finish(Trace& t, Flow& flow) const;
    [[nodiscard]] bool writes_current(int ion) const;
    std::function<NodeId(NodeId)> second_evaluation(Trace& t, NodeId above) const;
    const Mechanism& m_;
    int rhs_column_, g_column_;
};

/// Nodes that the stores need, in an order in which arguments come first.
std::vector<NodeId> live_nodes(const Graph& g, const std::vector<Store>& stores);
/// How often each node is an argument of a live one or is stored.
std::vector<int> uses_of(const Flow& flow);

/// Exponentials of the same variable whose slopes are small multiples of one another come from one: by powers, a
/// constant factor, and exp(-x) - 1 = (1 - exp(x)) / exp(x) below a line.
void share_exponentials(Flow& flow);
/// u / (c + n / d) as u d / (c d + n), where u, c and n are the same for all: one division instead of two.
void join_divisions(Flow& flow);
/// u (x + c) as u x + u c in exponents.
void unfold_arguments(Flow& flow);

}  // namespace nrn::nmodl
