// SPDX-License-Identifier: BSD-3-Clause
// What every name of a mechanism is and where its value lives; made by passes/resolve.
#pragma once
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "ast.hpp"

namespace nrn::nmodl {

struct Variable {
    enum class Where { Instance, Global, Pointer, Ion, BuiltIn, Constant, External, Foreign };  // Foreign: a C name of VERBATIM text
    std::string name, units, told_units;
    Where where = Where::Instance;
    Declaration::Kind kind = Declaration::Kind::Assigned;
    int column = 0;       // instance: first column; global: index; pointer: slot; ion: nrn_ion_column
    int ion = -1;         // index in Program::ions
    int length = 1;
    bool is_array = false, visible = false, assigned = false;  // assigned: some block writes it
    double value = 0, lower = 1, upper = 0, abstol = 0;
    enum class Slot { None, Pointer, BBCore, Random } slot = Slot::None;
    SourceSpan span;
};

/// An ion variable kept in a column of its own, copied from and to the ion.
struct IonCopy { std::string name; int ion, ion_column; bool read, written; };

struct Mechanism {
    Program program;
    std::map<std::string, Variable> variables;
    std::vector<std::string> order;          // instance variables in the order of their columns
    std::vector<std::string> global_order;
    std::map<std::string, const Procedure*> procedures;
    std::vector<IonCopy> ion_copies;         // columned ion variables
    struct Current { std::string name; int ion; bool electrode; };
    std::vector<Current> currents;
    int n_column = 0, n_global = 0, n_pointer = 0, n_table = 0;
    bool electrode = false;
    std::vector<std::string> states;         // flat: solved states "m" or "x[2]"
    std::set<std::string> needs_instance;    // procedures that touch instance data, directly or not
    std::map<std::string, int> table_offset; // procedures with TABLE
    bool writes_concentration = false;
    std::string kept_voltage;                // the variable that keeps v for functions called by the user; see passes/keep_voltage
    const Procedure* net_receive = nullptr;
    std::vector<const Stmt*> solves;         // SOLVE statements of BREAKPOINT, in order
    std::shared_ptr<const struct VerbatimFacts> verbatim_facts;  // of the C text as a whole; codegen/verbatim_text makes them when it is first asked
};

/// Doubles in one row of a TABLE of so many variables (as nrn_batch::table_width).
constexpr int table_width(int variables) { return variables <= 2 ? variables : variables <= 4 ? 4 : (variables + 7) / 8 * 8; }

}  // namespace nrn::nmodl
