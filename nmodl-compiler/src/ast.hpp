// SPDX-License-Identifier: BSD-3-Clause
// The syntax tree of an NMODL file. Expressions are immutable and shared; statements are values in vectors.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "nrn/api/source.hpp"

namespace nrn::nmodl {

struct Expr;
using ExprPtr = std::shared_ptr<const Expr>;

struct Expr {
    enum class Kind { Number, Name, Call, Unary, Binary, String };
    Kind kind;
    SourceSpan span;
    std::string text;            // number as written, name, function, operator, string
    double number = 0;
    std::vector<ExprPtr> args;   // index of a Name; arguments of a Call; operands
    int prime = 0;               // x' in a DERIVATIVE block
    std::string units;           // of a number
    bool factor = false;         // a number in parentheses: a factor between units
};

ExprPtr make_number(double value, SourceSpan span = {}, std::string units = {});
ExprPtr make_name(std::string name, SourceSpan span = {});
ExprPtr make_unary(std::string op, ExprPtr a, SourceSpan span = {});
ExprPtr make_binary(std::string op, ExprPtr a, ExprPtr b, SourceSpan span = {});
ExprPtr make_call(std::string name, std::vector<ExprPtr> args, SourceSpan span = {});

struct Stmt;
using Block = std::vector<Stmt>;

struct Term { double coefficient = 1; ExprPtr state; };  // of a reaction or CONSERVE

struct Stmt {
    enum class Kind {
        Assign, DiffEq, Call, If, While, From, Local, Solve, Verbatim, Table, Reaction, Conserve, Compartment,
        Diffusion, LinearEq, Watch, Block, ForNetcons, Initial, Conductance, Return
    };
    Kind kind;
    SourceSpan span;
    ExprPtr target, value;              // Assign, DiffEq (target without prime), LinearEq (left, right), Call (value), If/While (value)
    Block body, otherwise;              // If (otherwise holds else or else-if), While, From, Block, ForNetcons, Initial
    std::vector<std::string> names;     // Local, Table (variables), Compartment/Diffusion (states), ForNetcons (arguments)
    std::string name, method;           // Solve (block, method), From (index), Verbatim (text)
    bool steady_state = false;          // SOLVE ... STEADYSTATE
    ExprPtr low, high, step;            // From, Table
    std::vector<std::string> depend;    // Table
    int count = 0;                      // Table: WITH
    std::vector<Term> left, right;      // Reaction, Conserve (left)
    ExprPtr forward, backward;          // Reaction rates
    enum class Arrow { Both, Right, Into } arrow = Arrow::Both;
    std::vector<ExprPtr> sizes;         // declared lengths of Local arrays (null: scalar), by names
};

struct Declaration {
    std::string name, units;
    std::string told_units;  // what units("name") answers
    SourceSpan span;
    enum class Kind { Parameter, Assigned, State, Constant } kind = Kind::Parameter;
    double value = 0;
    bool has_value = false;
    int length = 1;
    bool is_array = false;
    double lower = 1, upper = 0;
    double start = 0;
    bool has_start = false;
    double abstol = 0;
};

struct Procedure {
    enum class Kind { Function, Procedure, Derivative, Kinetic, Linear, Nonlinear, Discrete, NetReceive, FunctionTable };
    Kind kind = Kind::Procedure;
    std::string name, units;
    SourceSpan span;
    std::vector<std::string> args, arg_units;
    std::vector<std::string> solve_for;
    Block body;
};

struct IonUse {
    std::string name;
    SourceSpan span;
    std::vector<std::pair<std::string, SourceSpan>> read, write;
    bool has_valence = false;
    double valence = 0;
    std::string represents;
};

struct TimedBlock { int when; Block body; SourceSpan span; };

struct Program {
    std::uint32_t source = 0;
    std::string file, title;
    std::map<std::uint32_t, std::string> included;  // files of INCLUDE
    enum class Type { Density, PointProcess, ArtificialCell } type = Type::Density;
    std::string suffix;
    SourceSpan suffix_span;
    bool nameless = false, thread_safe = false;
    std::vector<IonUse> ions;
    std::vector<std::pair<std::string, SourceSpan>> range, global, nonspecific, electrode, pointer, bbcore, external, random;
    std::map<std::string, double> defines, unit_constants;
    struct UnitName { std::string name, units; SourceSpan span; };
    std::vector<UnitName> unit_names;      // (name) = (units)
    std::map<std::string, std::string> unit_constant_units;
    std::vector<std::pair<SourceSpan, bool>> unit_switches;  // UNITSOFF (false) and UNITSON, where they stand
    std::vector<Declaration> declarations;
    std::vector<std::string> hidden_globals;  // arrays declared LOCAL outside blocks
    std::vector<std::string> file_locals;  // LOCAL outside blocks: static
    struct Verbatim { std::string text; SourceSpan span; };
    std::vector<Verbatim> verbatim;        // VERBATIM outside blocks
    std::string header_text;               // the files of its folder that VERBATIM text includes
    std::vector<Procedure> procedures;
    Block initial, breakpoint, constructor, destructor;
    bool has_breakpoint = false, has_initial = false, has_verbatim = false;
    std::vector<TimedBlock> timed;
    std::vector<std::pair<std::string, ExprPtr>> slopes;  // d current / d v, where BREAKPOINT is linear in v; see passes/split_currents
};

}  // namespace nrn::nmodl
