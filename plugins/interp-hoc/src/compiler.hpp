// SPDX-License-Identifier: BSD-3-Clause
// Syntax tree to bytecode, one statement or function at a time. Never executes anything.
#pragma once
#include <functional>
#include <unordered_set>

#include "bytecode.hpp"

namespace nrn {
class Scope;
struct Symbol;
}

namespace nrn::hoc {

/// Numbers that exist because a text assigns to them, be it in a function that never ran.
using ImpliedNumbers = std::unordered_set<const Symbol*>;

class Compiler {
  public:
    /// Names of the top level become symbols of `scope`; those that the text assigns to become numbers at once.
    Compiler(Scope& scope, ImpliedNumbers& implied) : scope_(scope), implied_(implied) {}
    /// A statement; at top level (`show`) the value of an expression is shown.
    std::shared_ptr<Code> statement(const Stmt& s, bool show);
    /// An expression whose value is the result.
    std::shared_ptr<Code> expression(const Expr& e);
    std::shared_ptr<Code> function(const FunctionBody& f);
    /// The body of a template, run once where it stands: arrays of all instances have the sizes that it finds.
    std::shared_ptr<Code> definition(const TemplateBody& t);
    /// What each new instance of a template declares. `sizes`: of an array, by slot.
    std::shared_ptr<Code> constructor(const TemplateBody& t, const std::function<std::vector<long>(int slot)>& sizes);

  private:
    struct Loop {
        bool iterator = false;
        int section_scopes = 0;            // open where the loop stands
        std::vector<std::size_t> breaks, continues;
    };
    using Emit = std::function<void()>;

    // emitting
    Instruction& emit(Opcode op, SourceSpan span, int effect = kVaries);
    std::size_t jump(Opcode op, SourceSpan span);
    void land(std::size_t jump) { code_->instructions[jump].a = static_cast<std::int32_t>(code_->instructions.size()); }
    void land(const std::vector<std::size_t>& jumps) { for (const std::size_t j : jumps) land(j); }
    void go_to(Opcode op, SourceSpan span, std::size_t target);
    Instruction& site_instruction(Opcode op, Site& site, int effect);
    Site& site(const Expr& e);
    int hidden();
    std::shared_ptr<Code> finish(Opcode last, SourceSpan span);
    void begin(std::string name, SourceSpan span);

    // expressions (compile_expressions.cpp)
    void value(const Expr& e);
    void number(const Expr& e);
    void require_number(const Expr& e);
    bool is_number(const Expr& e) const;
    void constant(double x, SourceSpan span);
    void name_value(const Expr& e);
    void named(const Expr& e, bool want_number);
    void member(const Expr& e);
    void argument_value(const Expr& e);
    void binary(const Expr& e);
    void innermost_binary(const Expr& e);
    bool with_constant(const Expr& e);
    void condition(const Expr& e, bool sense, std::vector<std::size_t>& jumps);
    void condition_to(const Expr& e, bool sense, std::size_t target);
    void reference(const Expr& e);
    void new_object(const Expr& e);
    void call_arguments(const Expr& e, Site& at);
    void call_argument(const Expr& a, Site& at, std::size_t i);
    void indices(const Expr& e);
    // assignments (compile_assignments.cpp)
    void assign(const Expr& e, bool keep);
    bool assign_in_place(const Expr& target, const Expr& right);
    void assign_local(const Expr& e, bool keep);
    void assign_plain(const Expr& e, bool keep);
    void assign_argument(const Expr& e, bool keep);
    void imply_number(const Expr& target);
    void store(const Expr& target, Operator op, const Emit& right, const Expr* high, bool keep);
    bool pure(const Expr& e) const;
    bool assigns_to_local(const Expr& e, int local) const;
    // statements (compile_statements.cpp)
    void run(const Stmt& s);
    void expression_statement(const Expr& e);
    void if_statement(const Stmt& s);
    void while_statement(const Stmt& s);
    void for_statement(const Stmt& s);
    void range_loop(const Stmt& s);
    void segment_loop(const Stmt& s);
    void section_loop(const Stmt& s);
    void iterator_loop(const Stmt& s);
    void section_block(const Stmt& s);
    bool is_variable_number(const Expr& e) const;
    void leave(const Stmt& s);
    void leave_section_scopes(int down_to, SourceSpan span);
    void return_statement(const Stmt& s);
    void print(const Stmt& s);
    void locals(const Stmt& s);
    void declare(const Stmt& s);
    void declare_of_size(const Expr& e, Stmt::Kind kind, const std::function<std::vector<long>(int slot)>& sizes);
    void equation(const Stmt& s);
    void define(const Stmt& s);
    void connect(const Stmt& s);
    void setpointer(const Stmt& s);

    Scope& scope_;
    ImpliedNumbers& implied_;
    std::shared_ptr<Code> code_;
    int height_ = 0;
    bool defining_ = false;            // a template's body: its sections are not made
    std::vector<Loop> loops_;
    std::vector<int> section_scopes_;  // hidden locals of open ones; loops over sections are negative minus one
};

}  // namespace nrn::hoc
