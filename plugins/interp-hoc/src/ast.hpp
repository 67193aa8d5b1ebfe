// SPDX-License-Identifier: BSD-3-Clause
// The syntax tree of Hoc. Names are resolved when they are first evaluated: what a name means changes at run time.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "nrn/api/callable.hpp"

namespace nrn {
struct Symbol;
class Member;
class Class;
}  // namespace nrn

namespace nrn::hoc {

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;

/// One step of a path: name, indices, arguments: `obj.arr[i].method(a, b)`.
struct Expr {
    enum class Kind { Number, String, Name, Argument, Unary, Binary, Assign, Reference, New, Group };
    Kind kind = Kind::Number;
    SourceSpan span;
    double number = 0;          // Argument: its number or -1 for $i
    std::string text;           // name, operator, string, Argument's letter, class of New
    std::vector<ExprPtr> index; // of a Name or Argument
    bool has_arguments = false;
    std::vector<ExprPtr> arguments;
    bool is_range = false;      // v(x0:x1)
    ExprPtr object;             // what stands before the dot
    ExprPtr left, right;        // operands; Assign: target, value
    ExprPtr high;               // Assign of a ramp: value of y0:y1
    // caches
    Symbol* symbol = nullptr;
    int local = -1;             // number of a local variable in the running function
    int slot = -1;              // number of a name in the template
    Class* cached_class = nullptr;
    const Member* cached_member = nullptr;
    Ptr<StringCell> constant;   // String
};

struct Stmt;
using StmtPtr = std::unique_ptr<Stmt>;

struct Stmt {
    enum class Kind {
        Expression, Print, If, While, For, ForRange, ForSegments, ForIterator, ForAll, ForSec, IfSec, Block, Section, Return, Break, Continue,
        Stop, Quit, Create, Access, Connect, Insert, Uninsert, Objref, Strdef, Double, Local, LocalObj, Define, Template, Public, External,
        Setpointer, IteratorStatement, Delete, Empty
    };
    Kind kind = Kind::Empty;
    SourceSpan span;
    ExprPtr a, b, c;                 // condition, bounds, target ...
    std::vector<ExprPtr> list;       // Print, Create, Objref (names with indices)
    std::vector<StmtPtr> body;
    StmtPtr then, otherwise, step;   // then: the controlled statement
    std::string name;                // Insert, Template
    std::vector<std::string> names;  // Public, External, Local
    std::vector<int> locals;
    std::shared_ptr<struct FunctionBody> function;  // Define
    std::shared_ptr<struct TemplateBody> tmpl;      // Template
};

struct FunctionBody {
    std::string name;
    Callable::Kind kind = Callable::Kind::Procedure;
    SourceSpan span;
    StmtPtr body;
    std::vector<std::string> locals;   // names, in order of declaration
};

struct TemplateBody {
    std::string name;
    SourceSpan span;
    std::vector<StmtPtr> body;
    std::vector<std::string> names;    // of slots
    std::vector<std::string> publics, externals;
};

}  // namespace nrn::hoc
