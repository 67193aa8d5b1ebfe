// SPDX-License-Identifier: BSD-3-Clause
// The syntax tree of Hoc. It knows locals and a template's own names; what top-level names mean is asked when they run.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "nrn/api/callable.hpp"

namespace nrn::hoc {

/// Trees deeper than this are refused, so that no walk over them exhausts the stack. The left operands of a chain
/// `a + b + c ...` count as one level: walks go along it without recursion.
inline constexpr int kMaximumDepth = 2000;

enum class Operator : std::uint8_t {
    None, Add, Subtract, Multiply, Divide, Modulo, Power, Less, LessEqual, Greater, GreaterEqual, Equal, NotEqual, And, Or, Negate, Not
};
/// As it is written.
const char* spelling(Operator op);

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;

/// An expression; a Name is one step of a path: name, indices, arguments: `obj.arr[i].method(a, b)`.
struct Expr {
    enum class Kind : std::uint8_t { Number, String, Name, Argument, Unary, Binary, Assign, Reference, New, Group };
    Kind kind = Kind::Number;
    Operator op = Operator::None;   // Unary, Binary; Assign: of += and the like
    bool has_arguments = false;     // parentheses were written
    bool is_range = false;          // v(x0:x1)
    int local = -1;                 // number of a local variable in the function
    int slot = -1;                  // number of a name in the template
    int depth = 1;                  // of the tree below
    SourceSpan span;
    double number = 0;              // Argument: its number or -1 for $i
    std::string text;               // name, string, Argument's letter, class of New
    std::vector<ExprPtr> index;     // of a Name or Argument
    std::vector<ExprPtr> arguments;
    ExprPtr object;                 // what stands before the dot
    ExprPtr left, right;            // operands; Assign: target, value
    ExprPtr high;                   // Assign of a ramp: value of y0:y1

    Expr() = default;
    Expr(const Expr&) = delete;
    Expr& operator=(const Expr&) = delete;
    ~Expr();
};

struct Stmt;
using StmtPtr = std::unique_ptr<Stmt>;

struct Stmt {
    enum class Kind : std::uint8_t {
        Expression, Print, If, While, For, ForRange, ForSegments, ForIterator, ForAll, ForSec, IfSec, Block, Section, Return, Break, Continue,
        Stop, Create, Access, Connect, Insert, Uninsert, Objref, Strdef, Double, Local, Define, Template, Public, External, Setpointer,
        IteratorStatement, Delete, Dependent, Equation, Empty
    };
    Kind kind = Kind::Empty;
    bool leading = false;            // Local: nothing stands before it in the function
    bool anew = false;               // Equation: `::`, what was said of the variable before is forgotten
    bool perhaps_two = false;        // Section: `a.b c.d()`, which are two statements unless a.b is a section
    SourceSpan span;
    ExprPtr a, b, c;                 // condition, bounds, target; Equation: variable, left and right side, or null ...
    std::vector<ExprPtr> list;       // Print; Create, Objref, Strdef, Double, Dependent: names with sizes as indices; Local: sizes or null
    std::vector<StmtPtr> body;
    StmtPtr then, otherwise, step;   // then: the controlled statement
    std::string name;                // Insert, Uninsert, Define, Template
    std::vector<std::string> names;  // Public, External, Delete
    std::vector<int> locals;         // Local: their numbers; Define in a template: its slot
    std::shared_ptr<struct FunctionBody> function;  // Define
    std::shared_ptr<struct TemplateBody> tmpl;      // Template
};

enum class LocalKind : std::uint8_t { Number, Array, Object };
struct LocalName { std::string name; LocalKind kind = LocalKind::Number; };

struct FunctionBody {
    std::string name;
    Callable::Kind kind = Callable::Kind::Procedure;
    SourceSpan span;
    StmtPtr body;
    std::vector<LocalName> locals;   // in order of declaration
};

struct TemplateBody {
    std::string name;
    SourceSpan span;
    std::vector<StmtPtr> body;
    std::vector<std::string> names;    // of slots; grows when statements run in an instance's scope
    std::vector<std::string> publics, externals;
    std::vector<int> assigned;         // slots that some statement assigns a value to
    /// The slot of `name`, or -1.
    [[nodiscard]] int slot_of(std::string_view name) const;
    int add_slot(std::string_view name);
};

/// As a message would quote it: `cell.dend[...](...)`.
std::string to_text(const Expr& e);

}  // namespace nrn::hoc
