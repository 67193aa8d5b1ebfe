// SPDX-License-Identifier: BSD-3-Clause
// The compiler: expressions. Where a number is wanted, code is chosen that leaves a number for certain, so that
// arithmetic need not look at kinds.
#include <cmath>

#include <fmt/format.h>

#include "compiler.hpp"
#include "model/range_variable.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/scope.hpp"

namespace nrn::hoc {
namespace {

const Expr& bare(const Expr& e) {
    const Expr* at = &e;
    while (at->kind == Expr::Kind::Group) at = at->left.get();
    return *at;
}

bool is_order(Operator op) { return op >= Operator::Less && op <= Operator::GreaterEqual; }

Opcode opcode_of(Operator op) {
    switch (op) {
    case Operator::Add: return Opcode::Add;
    case Operator::Subtract: return Opcode::Subtract;
    case Operator::Multiply: return Opcode::Multiply;
    case Operator::Divide: return Opcode::Divide;
    case Operator::Modulo: return Opcode::Modulo;
    case Operator::Power: return Opcode::Power;
    case Operator::Less: return Opcode::Less;
    case Operator::LessEqual: return Opcode::LessEqual;
    case Operator::Greater: return Opcode::Greater;
    case Operator::GreaterEqual: return Opcode::GreaterEqual;
    case Operator::Equal: return Opcode::Equal;
    case Operator::NotEqual: return Opcode::NotEqual;
    case Operator::And: return Opcode::And;
    default: return Opcode::Or;
    }
}

}  // namespace

void Compiler::constant(double x, SourceSpan span) { emit(Opcode::PushNumber, span).number = x; }

/// Known to leave a number, whatever names mean when it runs?
bool Compiler::is_number(const Expr& given) const {
    const Expr& e = bare(given);
    switch (e.kind) {
    case Expr::Kind::Number:
    case Expr::Kind::Unary:
    case Expr::Kind::Binary: return true;
    case Expr::Kind::Argument: return e.text.empty();
    case Expr::Kind::Assign: return !e.left->object && e.left->local >= 0 && is_number(*e.left);
    case Expr::Kind::Name: return !e.object && e.local >= 0 && code_->locals[static_cast<std::size_t>(e.local)].kind != LocalKind::Object &&
                                  (code_->locals[static_cast<std::size_t>(e.local)].kind == LocalKind::Number || !e.index.empty());
    default: return false;
    }
}

void Compiler::require_number(const Expr& e) {
    value(e);
    if (!is_number(e)) emit(Opcode::RequireNumber, e.span);
}

void Compiler::number(const Expr& given) {
    const Expr& e = bare(given);
    if (e.kind == Expr::Kind::Name && !e.object) named(e, true);
    else require_number(e);
}

void Compiler::value(const Expr& given) {
    const Expr& e = bare(given);
    switch (e.kind) {
    case Expr::Kind::Number: constant(e.number, e.span); return;
    case Expr::Kind::String:
        code_->texts.push_back(make_counted<StringCell>(e.text));
        emit(Opcode::PushString, e.span).text = code_->texts.back().get();
        return;
    case Expr::Kind::Unary:
        if (e.op == Operator::Negate && bare(*e.left).kind == Expr::Kind::Number) {
            constant(-bare(*e.left).number, e.span);
            return;
        }
        number(*e.left);
        emit(e.op == Operator::Negate ? Opcode::Negate : Opcode::Not, e.span);
        return;
    case Expr::Kind::Binary: binary(e); return;
    case Expr::Kind::Assign: assign(e, true); return;
    case Expr::Kind::New: new_object(e); return;
    case Expr::Kind::Reference: reference(*e.left); return;
    case Expr::Kind::Argument: argument_value(e); return;
    case Expr::Kind::Name:
        if (e.object) member(e);
        else named(e, false);
        return;
    case Expr::Kind::Group: return;  // bare() took them away
    }
}

/// A chain of operators is walked along its left operands, whatever its length.
void Compiler::binary(const Expr& e) {
    std::vector<const Expr*> operators;
    for (const Expr* at = &e; at->kind == Expr::Kind::Binary; at = &bare(*at->left)) operators.push_back(at);
    innermost_binary(*operators.back());
    operators.pop_back();
    for (auto at = operators.rbegin(); at != operators.rend(); ++at) {
        if (with_constant(**at)) continue;
        number(*(*at)->right);
        emit(opcode_of((*at)->op), (*at)->span);
    }
}

/// Its left operand is no binary operator.
void Compiler::innermost_binary(const Expr& e) {
    const Expr& left = bare(*e.left);
    const bool objects = (e.op == Operator::Equal || e.op == Operator::NotEqual) && !is_number(left) && !is_number(*e.right);
    if (objects) {
        value(left);
        value(*e.right);
        emit(opcode_of(e.op), e.span);
        return;
    }
    const bool commutes = e.op == Operator::Add || e.op == Operator::Multiply;
    if (commutes && left.kind == Expr::Kind::Number && bare(*e.right).kind != Expr::Kind::Number) {
        number(*e.right);
        emit(e.op == Operator::Add ? Opcode::AddNumber : Opcode::MultiplyNumber, e.span).number = left.number;
        return;
    }
    number(left);
    if (with_constant(e)) return;
    number(*e.right);
    emit(opcode_of(e.op), e.span);
}

/// The operation on what is on the stack, when its right operand is a constant.
bool Compiler::with_constant(const Expr& e) {
    const Expr& right = bare(*e.right);
    if (right.kind != Expr::Kind::Number) return false;
    switch (e.op) {
    case Operator::Add: emit(Opcode::AddNumber, e.span).number = right.number; return true;
    case Operator::Subtract: emit(Opcode::AddNumber, e.span).number = -right.number; return true;
    case Operator::Multiply: emit(Opcode::MultiplyNumber, e.span).number = right.number; return true;
    case Operator::Divide:
        if (right.number == 0) return false;
        emit(Opcode::DivideNumber, e.span).number = right.number;
        return true;
    default: return false;
    }
}

/// Jumps, to be landed by the caller, when the condition's truth is `sense`.
void Compiler::condition(const Expr& given, bool sense, std::vector<std::size_t>& jumps) {
    const Expr& e = bare(given);
    if (e.kind == Expr::Kind::Unary && e.op == Operator::Not) {
        condition(*e.left, !sense, jumps);
        return;
    }
    if (e.kind == Expr::Kind::Binary && is_order(e.op)) {
        number(*e.left);
        number(*e.right);
        const auto first = static_cast<std::uint16_t>(sense ? Opcode::JumpIfLess : Opcode::JumpUnlessLess);
        jumps.push_back(jump(static_cast<Opcode>(first + static_cast<int>(e.op) - static_cast<int>(Operator::Less)), e.span));
        return;
    }
    number(e);
    jumps.push_back(jump(sense ? Opcode::JumpUnlessZero : Opcode::JumpIfZero, e.span));
}

void Compiler::condition_to(const Expr& e, bool sense, std::size_t target) {
    std::vector<std::size_t> jumps;
    condition(e, sense, jumps);
    for (const std::size_t j : jumps) code_->instructions[j].a = static_cast<std::int32_t>(target);
}

void Compiler::indices(const Expr& e) {
    for (const auto& i : e.index) number(*i);
}

/// A name without anything before it: a local, a variable, a range variable or a call.
void Compiler::named(const Expr& e, bool want_number) {
    if (e.local >= 0) {
        const LocalName& local = code_->locals[static_cast<std::size_t>(e.local)];
        if (e.has_arguments) throw Error(ErrorKind::Syntax, e.span, fmt::format("syntax error: local `{}` is not a function", e.text));
        if (!e.index.empty()) {
            if (local.kind != LocalKind::Array || e.index.size() != 1) throw Error(ErrorKind::Index, e.span, fmt::format("local `{}` is not an array of {} dimension{}: wrong number of subscripts", e.text, e.index.size(), e.index.size() == 1 ? "" : "s"));
            indices(e);
            site_instruction(Opcode::LoadLocalElement, site(e), 0);
            return;
        }
        emit(local.kind == LocalKind::Number ? Opcode::LoadLocal : Opcode::LoadLocalValue, e.span).a = e.local;
        if (want_number && local.kind != LocalKind::Number) emit(Opcode::RequireNumber, e.span);
        return;
    }
    if (e.slot == 0 && e.text == "this" && e.index.empty()) {
        emit(Opcode::LoadThis, e.span);
        if (want_number) emit(Opcode::RequireNumber, e.span);
        return;
    }
    if (e.index.empty() && !e.has_arguments) {
        if (e.slot >= 0) {
            Instruction& i = emit(want_number ? Opcode::LoadOwnNumber : Opcode::LoadOwn, e.span);
            i.a = e.slot;
        } else {
            Symbol& symbol = scope_.intern(e.text);
            emit(want_number ? Opcode::LoadNumber : Opcode::LoadVariable, e.span).symbol = &symbol;
        }
        return;
    }
    Site& at = site(e);
    indices(e);
    if (!e.has_arguments) {
        site_instruction(Opcode::LoadElement, at, 1 - static_cast<int>(e.index.size()));
    } else {
        const bool range = at.symbol && at.symbol->kind == Symbol::Kind::RangeVariable && !at.symbol->range->is_stream;
        if (range && e.arguments.size() == 1) {
            number(*e.arguments[0]);
            site_instruction(Opcode::LoadRange, at, -static_cast<int>(e.index.size()));
            return;  // a number
        }
        if (e.text == "read" && e.arguments.size() == 1 && (e.arguments[0]->kind == Expr::Kind::Name || e.arguments[0]->kind == Expr::Kind::Argument) && e.slot < 0) {
            reference(*e.arguments[0]);  // read(x) assigns to x
            code_->sites.back().keep = true;
        } else {
            call_arguments(e, at);
        }
        site_instruction(Opcode::Call, at, 1 - static_cast<int>(e.index.size() + e.arguments.size()));
    }
    if (want_number) emit(Opcode::RequireNumber, e.span);
}

void Compiler::member(const Expr& e) {
    value(*e.object);
    Site& at = site(e);
    indices(e);
    call_arguments(e, at);
    site_instruction(Opcode::LoadMember, at, -static_cast<int>(e.index.size() + e.arguments.size()));
}

void Compiler::argument_value(const Expr& e) {
    if (e.text.empty() && e.number > 0 && e.index.empty() && !e.has_arguments) {
        emit(Opcode::LoadArgument, e.span).a = static_cast<std::int32_t>(e.number);
        return;
    }
    if (e.has_arguments) throw Error(ErrorKind::Syntax, e.span, fmt::format("syntax error: `{}` cannot be called", to_text(e)));
    Site& at = site(e);
    indices(e);
    site_instruction(Opcode::LoadAnyArgument, at, 1 - static_cast<int>(e.index.size()));
}

void Compiler::reference(const Expr& e) {
    if (e.kind != Expr::Kind::Name && e.kind != Expr::Kind::Argument) throw Error(ErrorKind::Syntax, e.span, "syntax error: & wants a variable");
    Site& at = site(e);
    const int operands = static_cast<int>(e.index.size() + e.arguments.size());
    if (e.kind == Expr::Kind::Argument) {
        indices(e);
        site_instruction(Opcode::ReferArgument, at, 1 - static_cast<int>(e.index.size()));
        return;
    }
    if (e.object) {
        value(*e.object);
        indices(e);
        call_arguments(e, at);
        site_instruction(Opcode::ReferMember, at, -operands);
        return;
    }
    if (e.local >= 0) {
        if (code_->locals[static_cast<std::size_t>(e.local)].kind == LocalKind::Number && e.index.empty() && !e.has_arguments) {
            emit(Opcode::ReferLocal, e.span).a = e.local;
            return;
        }
        // Of an object or an element, a reference to a copy. Arrays are references themselves.
        named(e, false);
        if (code_->locals[static_cast<std::size_t>(e.local)].kind != LocalKind::Array || !e.index.empty()) emit(Opcode::MakeCell, e.span);
        return;
    }
    indices(e);
    call_arguments(e, at);
    site_instruction(Opcode::ReferVariable, at, 1 - operands);
}

void Compiler::new_object(const Expr& e) {
    Site& at = site(e);
    at.symbol = &scope_.intern(e.text);
    call_arguments(e, at);
    site_instruction(Opcode::New, at, 1 - static_cast<int>(e.arguments.size()));
}

void Compiler::call_arguments(const Expr& e, Site& at) {
    for (std::size_t i = 0; i < e.arguments.size(); ++i) call_argument(*e.arguments[i], at, i);
}

/// Object variables may have to go by reference: whether they do depends on the callee, found when it runs.
void Compiler::call_argument(const Expr& a, Site& at, std::size_t i) {
    if (a.kind == Expr::Kind::Argument && (a.text == "o" || (a.text.empty() && a.number < 0))) code_->assigns_objects = true;
    if (a.kind == Expr::Kind::Argument && a.text == "o" && a.index.empty()) {
        if (at.written.size() <= i) at.written.resize(i + 1);
        Site& own = site(a);
        at.written[i].argument = &own;
        own.position = static_cast<int>(i);
        own.call = &at;
        site_instruction(Opcode::LoadForCall, own, 1);
        return;
    }
    const bool local_object = a.kind == Expr::Kind::Name && !a.object && a.local >= 0 && a.index.empty() && !a.has_arguments &&
                              code_->locals[static_cast<std::size_t>(a.local)].kind == LocalKind::Object;
    if (local_object) {
        if (at.written.size() <= i) at.written.resize(i + 1);
        at.written[i].local = a.local;
        Site& own = site(a);
        own.position = static_cast<int>(i);
        own.call = &at;
        site_instruction(Opcode::LoadForCall, own, 1);
        return;
    }
    const bool variable = a.kind == Expr::Kind::Name && !a.object && a.local < 0 && !a.has_arguments && !(a.slot == 0 && a.text == "this");
    if (variable) {
        Symbol* symbol = a.slot >= 0 ? nullptr : &scope_.intern(a.text);
        const bool may_be_object = !symbol || symbol->kind == Symbol::Kind::ObjectVar || symbol->kind == Symbol::Kind::Undefined;
        if (may_be_object) {
            if (at.written.size() <= i) at.written.resize(i + 1);
            at.written[i] = {symbol, a.slot, !a.index.empty()};
            Site& own = site(a);
            own.position = static_cast<int>(i);
            own.call = &at;
            indices(a);
            site_instruction(Opcode::LoadForCall, own, 1 - static_cast<int>(a.index.size()));
            return;
        }
    }
    value(a);
}

}  // namespace nrn::hoc
