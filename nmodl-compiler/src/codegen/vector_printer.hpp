// SPDX-License-Identifier: BSD-3-Clause
// Kernels that work on several instances at once (nrn/abi/batch.hpp), for blocks that are graphs. What is not
// one is left to the scalar printer.
#pragma once
#include <set>
#include <string>

#include "dataflow/flow.hpp"

namespace nrn::nmodl {

class VectorPrinter {
  public:
    /// @param first_derivative where the derivatives of the solved states go
    VectorPrinter(const Mechanism& m, int rhs_column, int g_column, int first_derivative, bool enabled);
    /// Prints a kernel of this name. @returns false (and prints nothing) when the block is no graph
    bool initial(std::string& out);
    bool state(std::string& out);
    bool current(std::string& out);
    /// ode_rhs or ode_solve.
    bool ode(std::string& out, const std::string& name);
    /// A variable that only users read.
    [[nodiscard]] bool told(const Variable& v) const { return v.where == Variable::Where::Instance && v.kind == Declaration::Kind::Assigned && observed_.contains(v.name) && !read_.contains(v.name); }
    /// A hidden variable that every block writes before it reads it.
    [[nodiscard]] bool scratch(const Variable& v) const { return v.where == Variable::Where::Instance && v.kind == Declaration::Kind::Assigned && !observed_.contains(v.name); }

  private:
    struct Kernel { std::optional<Flow> exact, tabulated; };
    void observe();
    void observe_reads(const Flow& flow);
    void observe_all();
    bool print(std::string& out, const std::string& name, const Kernel& k) const;
    void loop(std::string& out, const std::string& name, const Flow& flow) const;
    const Mechanism& m_;
    FlowBuilder build_;
    Kernel initial_, state_, current_, rhs_, solve_;
    std::vector<const Procedure*> ode_blocks_;
    std::set<std::string> observed_;  // variables whose columns somebody reads, users among them
    std::set<std::string> read_;      // those that blocks of the mechanism read
};

}  // namespace nrn::nmodl
