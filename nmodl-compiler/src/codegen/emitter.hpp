// SPDX-License-Identifier: BSD-3-Clause
// Prints expressions and statements; what stands around them is in cpp_printer.cpp and solve_printer.cpp.
#pragma once
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "algebra/differentiate.hpp"
#include "diagnostics.hpp"
#include "symbols.hpp"

namespace nrn::nmodl {

class Emitter {
  public:
    Emitter(Mechanism& m, Diagnostics& d) : m_(m), d_(d) {}

    std::string expr(const ExprPtr& e);
    /// A place to assign to.
    std::string lvalue(const ExprPtr& e) { return expr(e); }
    void block(std::string& out, const Block& b, int indent);
    /// A block inside a loop or before a `return` of ours: a `return` in its VERBATIM text ends this block only.
    void returning_block(std::string& out, const Block& b, int indent);
    void statement(std::string& out, const Stmt& s, int indent);
    std::string variable(const std::string& name, const std::string& index);

    /// What a DiffEq prints as, and reactions and equations; set by the solve printer while it prints a block.
    std::function<void(std::string& out, const Stmt& s, int indent)> equation;
    /// SOLVE inside INITIAL or BREAKPOINT.
    std::function<void(std::string& out, const Stmt& s, int indent)> solve;

    /// Names that print as something else here: NET_RECEIVE arguments, the block's own locals.
    std::vector<std::map<std::string, std::string>> scopes;
    std::string function_result;   // name of the FUNCTION being printed
    bool in_net_receive = false;
    std::string weight = "nullptr";
    const std::vector<std::string>* net_args = nullptr;
    /// In NET_RECEIVE: states whose jump decays for half a step under nrn_netrec_state_adjust, with the slope of their
    /// equation.
    std::map<std::string, ExprPtr> adjusted;
    int watch_count = 0;
    std::vector<ExprPtr> watches;
    bool jumps_once = false;  // the block is evaluated twice, and state_discontinuity acts the first time
    std::string failure = "return NRN_FAILED;";
    Mechanism& mechanism() { return m_; }
    Diagnostics& diagnostics() { return d_; }
    /// "#line ..." for text that stands at `span`.
    [[nodiscard]] std::string line_of(SourceSpan span) const;
    static std::string pad(int indent) { return std::string(static_cast<std::size_t>(indent) * 4, ' '); }

  private:
    std::string call(const Expr& e);
    std::string print_call(const Expr& e);
    std::string random_call(const Expr& e);
    bool solved_block_call(std::string& out, const Stmt& s, int indent);
    std::string lag_call(const Expr& e);
    void verbatim(std::string& out, const Stmt& s);
    Mechanism& m_;
    Diagnostics& d_;
};

/// After text that came from the NMODL file: what follows was made by the compiler (see build_pack, which puts the line in).
inline constexpr const char* kGenerated = "#line 0 \"generated\"\n";

/// Around VERBATIM text: the generated code's names of its instance are macros, so that the text may use the short
/// ones for its own variables.
inline constexpr const char* kBeforeVerbatim = "#undef k\n#undef r\n#undef _v\n";
inline constexpr const char* kAfterVerbatim = "#define k nrn_k_\n#define r nrn_r_\n#define _v nrn_v_\n";

/// A double as C++ reads it back exactly.
std::string number_text(double x);

}  // namespace nrn::nmodl
