// SPDX-License-Identifier: BSD-3-Clause
// What the compiler makes and the machine runs. Not responsible for either.
#pragma once
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "ast.hpp"
#include "nrn/api/class.hpp"

namespace nrn {
struct Symbol;
class NumberFunction;
}

namespace nrn::hoc {

enum class Opcode : std::uint16_t {
#define NRN_HOC_OPCODE(name, operand, effect, meaning) name,
#include "opcode.def"
#undef NRN_HOC_OPCODE
};

enum class Operand : std::uint8_t { None, Number, Text, Local, Own, Symbol, Site, Target, Count };
inline constexpr int kVaries = 127;

/// A row of opcode.def.
struct OpcodeInfo {
    const char* name;
    Operand operand;
    int effect;  // on the height of the stack
    const char* meaning;
};
const OpcodeInfo& info(Opcode op);

struct Code;
class TemplateClass;
struct Site;

struct Instruction {
    Opcode op;
    std::uint16_t b = 0;   // operator, hidden local ...
    std::int32_t a = 0;    // local, own variable, jump's target (an index) or count
    union {
        double number;
        Symbol* symbol;
        Site* site;
        StringCell* text;
        std::int64_t local;
    };
};

/// How an argument was written, for callees that assign to object variables.
struct WrittenArgument {
    Symbol* symbol = nullptr;
    int own = -1;
    bool indexed = false;
    Site* argument = nullptr;  // $o1 handed on
    int local = -1;            // a localobj
};

/// The description of one place in the text that reaches for something by name, with what it found last time.
struct Site {
    std::string name;
    SourceSpan span;
    Symbol* symbol = nullptr;      // of the top level, when own < 0
    int own = -1;                  // number of a template's variable
    int local = -1;                // $i: of the local i
    int number = 0;                // argument: its number, -1 for $i
    char letter = 0;               // argument: 0, 's', 'o' or '&'
    std::uint16_t n_index = 0, n_arguments = 0;
    bool has_arguments = false;
    bool is_range = false;         // v(x0:x1)
    bool has_high = false;         // = y0:y1
    bool keep = false;             // an assignment whose value is used
    bool has_base = false;         // something stands before the dot
    Operator op = Operator::None;  // of an assignment
    Stmt::Kind statement = Stmt::Kind::Empty;
    std::string base_text;         // what stands before the dot, for messages
    std::vector<WrittenArgument> written;
    std::shared_ptr<Code> code;            // Define: the function; the template's constructor
    std::shared_ptr<FunctionBody> function;
    std::shared_ptr<TemplateBody> tmpl;

    // Found last time: members per class, functions per symbol.
    enum class Found : std::uint8_t { Nothing, Method, Variable, Element, Own, Procedure };
    Found found = Found::Nothing;
    Class* cls = nullptr;
    const Member* member = nullptr;
    int found_slot = -1;
    const Callable* callable = nullptr;    // the function that `target` belongs to, or the built-in
    const Code* target = nullptr;          // code of a Hoc function; null for built-ins
    const NumberFunction* plain = nullptr; // sin, exp ... called with one argument
    Symbol* section_symbol = nullptr;      // what `name` means for a section
    Site* call = nullptr;                  // LoadForCall: the call that this is an argument of
    int position = 0;                      // and which one
};

/// A function's or statement's instructions. Sites hold caches, so a Code belongs to one interpreter.
struct Code {
    std::string name;                      // of the function; empty for statements
    Callable::Kind kind = Callable::Kind::Procedure;
    bool is_function = false;
    bool assigns_objects = false;          // to object arguments, itself or by handing them on
    bool holds_objects = false;            // in local variables
    SourceSpan span;
    std::vector<Instruction> instructions;
    std::vector<SourceSpan> spans;         // [instructions.size()]
    std::deque<Site> sites;
    std::vector<Ptr<StringCell>> texts;
    std::vector<LocalName> locals;         // the user's, then hidden ones
    std::size_t stack_height = 0;          // beyond the locals
    // What a call asks, from the above: see finish().
    std::size_t frame_height = 0;          // values that a frame may need
    std::uint32_t n_locals = 0;
    bool only_numbers = true;              // are they
    void finish();
};

/// Readable instructions, functions inside included.
std::string disassemble(const Code& code);
/// The tree as indented text.
std::string print_tree(const Stmt& statement);

}  // namespace nrn::hoc
