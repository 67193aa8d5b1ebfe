// SPDX-License-Identifier: BSD-3-Clause
// SOLVE blocks as C++: cnexp and euler in place, the implicit ones through Newton's method.
#pragma once
#include "codegen/emitter.hpp"
#include "dataflow/solved_states.hpp"

namespace nrn::nmodl {

class SolvePrinter {
  public:
    SolvePrinter(Emitter& e, Mechanism& m, Diagnostics& d) : e_(e), m_(m), d_(d) {}
    /// Their declarations: a FUNCTION may SOLVE a block too.
    void declare_helpers(std::string& out);
    /// Functions that the kernels call: residuals, derivatives. Printed before the kernels.
    void print_helpers(std::string& out);
    /// One SOLVE statement inside a kernel's loop over rows.
    void print_solve(std::string& out, const Stmt& s, int indent);
    /// ode_rhs and ode_solve for all blocks solved in BREAKPOINT; false when there are no states or it cannot be.
    bool print_ode(std::string& out);
    [[nodiscard]] int derivatives() const;
    /// States that cnexp solves, with the slope of their equation where it can be written outside the block.
    [[nodiscard]] std::map<std::string, ExprPtr> decaying_states() const;
    [[nodiscard]] const std::vector<StateColumn>& ode_states() const { return ode_states_; }
    [[nodiscard]] const std::string& unfit_reason() const { return unfit_; }
    int first_derivative_column = 0;
    /// Prints ode_rhs or ode_solve on registers of instances, if it can.
    std::function<bool(std::string& out, const std::string& name)> vectors;

  private:
    void derivative_function(std::string& out, const Procedure& p);
    void kinetic_function(std::string& out, const Procedure& p);
    void algebraic_function(std::string& out, const Procedure& p);
    void cnexp_equation(std::string& out, const Stmt& s, int indent, double fraction);
    std::string reference(const StateColumn& s) const;
    void implicit_step(std::string& out, const Procedure& p, bool steady, int indent);
    Emitter& e_;
    Mechanism& m_;
    Diagnostics& d_;
    std::vector<StateColumn> ode_states_;
    std::string unfit_;
};

}  // namespace nrn::nmodl
