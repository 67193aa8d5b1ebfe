// SPDX-License-Identifier: BSD-3-Clause
// The compiler: assignments, `x += y` and `x = x + y` in place where nothing can tell the difference.
#include <fmt/format.h>

#include "compiler.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/scope.hpp"

namespace nrn::hoc {
namespace {

const Expr& bare(const Expr& e) {
    const Expr* at = &e;
    while (at->kind == Expr::Kind::Group) at = at->left.get();
    return *at;
}

bool same_variable(const Expr& a, const Expr& b) {
    return a.kind == Expr::Kind::Name && b.kind == Expr::Kind::Name && !a.object && !b.object && a.index.empty() && b.index.empty() &&
           !a.has_arguments && !b.has_arguments && a.local == b.local && a.slot == b.slot && a.text == b.text;
}

bool is_arithmetic(Operator op) { return op >= Operator::Add && op <= Operator::Divide; }

}  // namespace

/// No assignment and no call: evaluating it changes nothing.
bool Compiler::pure(const Expr& given) const {
    const Expr* at = &bare(given);
    for (; at->kind == Expr::Kind::Binary; at = &bare(*at->left))
        if (!pure(*at->right)) return false;
    const Expr& e = *at;
    switch (e.kind) {
    case Expr::Kind::Number: return true;
    case Expr::Kind::Argument: return e.index.empty();
    case Expr::Kind::Unary: return pure(*e.left);
    case Expr::Kind::Name: {
        if (e.object || e.has_arguments || !e.index.empty()) return false;
        if (e.local >= 0) return true;
        if (e.slot >= 0) return false;
        const Symbol* s = scope_.find(e.text);
        return s && s->kind == Symbol::Kind::Number;
    }
    default: return false;
    }
}

bool Compiler::assigns_to_local(const Expr& given, int local) const {
    const Expr* at = &given;
    for (; at->kind == Expr::Kind::Binary; at = at->left.get())
        if (assigns_to_local(*at->right, local)) return true;
    const Expr& e = *at;
    if (e.kind == Expr::Kind::Assign && e.left->local == local) return true;
    const auto inside = [&](const ExprPtr& child) { return child && assigns_to_local(*child, local); };
    if (inside(e.left) || inside(e.right) || inside(e.high) || inside(e.object)) return true;
    for (const auto& i : e.index)
        if (inside(i)) return true;
    for (const auto& a : e.arguments)
        if (inside(a)) return true;
    return false;
}

void Compiler::assign(const Expr& e, bool keep) {
    const Expr& target = *e.left;
    if (target.kind == Expr::Kind::Argument) {
        store(target, e.op, [&] { value(*e.right); }, nullptr, keep);
        return;
    }
    if (target.has_arguments && !target.object && target.local >= 0) throw Error(ErrorKind::Syntax, target.span, fmt::format("syntax error: local `{}` is not a function", target.text));
    if (!target.object && target.local >= 0 && target.index.empty()) {
        assign_local(e, keep);
        return;
    }
    const bool plain_variable = !target.object && target.local < 0 && target.index.empty() && !target.has_arguments;
    if (plain_variable) imply_number(target);
    if (plain_variable && e.op == Operator::None && assign_in_place(target, *e.right)) {
        if (keep) named(target, true);
        return;
    }
    if (e.op == Operator::None) store(target, e.op, [&] { value(*e.right); }, e.high.get(), keep);
    else store(target, e.op, [&] { number(*e.right); }, e.high.get(), keep);
}

/// x = x + y as x += y, when y changes nothing.
bool Compiler::assign_in_place(const Expr& target, const Expr& right) {
    const Expr& r = bare(right);
    if (r.kind != Expr::Kind::Binary || !is_arithmetic(r.op)) return false;
    const bool left = same_variable(target, bare(*r.left));
    const bool commuted = !left && r.op == Operator::Add && same_variable(target, bare(*r.right));
    if (!left && !commuted) return false;
    const Expr& other = left ? *r.right : *r.left;
    if (target.local >= 0 ? assigns_to_local(other, target.local) : !pure(other)) return false;
    if (target.local < 0 && target.slot < 0) {
        const Symbol* s = scope_.find(target.text);
        if (!s || s->kind != Symbol::Kind::Number) return false;
    }
    if (target.local < 0 && target.slot >= 0) return false;
    number(other);
    if (target.local >= 0) {
        Instruction& i = emit(r.op == Operator::Add ? Opcode::AddLocal : Opcode::UpdateLocal, r.span);
        i.a = target.local;
        i.b = static_cast<std::uint16_t>(r.op);
    } else {
        Instruction& i = emit(Opcode::UpdateVariable, r.span);
        i.b = static_cast<std::uint16_t>(r.op);
        i.symbol = &scope_.intern(target.text);
    }
    return true;
}

void Compiler::assign_local(const Expr& e, bool keep) {
    const Expr& target = *e.left;
    const LocalName& local = code_->locals[static_cast<std::size_t>(target.local)];
    if (local.kind == LocalKind::Array) throw Error(ErrorKind::Index, target.span, fmt::format("local array `{}` needs a subscript: wrong number of subscripts", target.text));
    if (local.kind == LocalKind::Object) {
        if (e.op != Operator::None) throw Error(ErrorKind::Type, e.span, fmt::format("`{}=` does not work on localobj `{}`", spelling(e.op), target.text));
        value(*e.right);
        emit(Opcode::StoreLocalObject, target.span).a = target.local;
    } else if (e.op == Operator::None) {
        if (!assign_in_place(target, *e.right)) {
            number(*e.right);
            emit(Opcode::StoreLocal, target.span).a = target.local;
        }
    } else {
        const Expr& right = bare(*e.right);
        const bool step = right.kind == Expr::Kind::Number && (e.op == Operator::Add || e.op == Operator::Subtract);
        if (step) {
            Instruction& i = emit(Opcode::IncrementLocal, e.span);
            i.a = target.local;
            i.number = e.op == Operator::Add ? right.number : -right.number;
        } else {
            number(right);
            Instruction& i = emit(e.op == Operator::Add ? Opcode::AddLocal : Opcode::UpdateLocal, e.span);
            i.a = target.local;
            i.b = static_cast<std::uint16_t>(e.op);
        }
    }
    if (keep) named(target, false);
}

/// A text that assigns to a name makes a number of it, 0 until the assignment runs.
void Compiler::imply_number(const Expr& target) {
    if (target.local >= 0 || target.slot >= 0 || target.text.empty()) return;
    Symbol& s = scope_.intern(target.text);
    if (s.kind != Symbol::Kind::Undefined) return;
    implied_.insert(&scope_.define_number(target.text));
}

/// Assignment to anything: pushes what the target needs, then what `right` emits, then stores.
void Compiler::store(const Expr& target, Operator op, const Emit& right, const Expr* high, bool keep) {
    const int n_index = static_cast<int>(target.index.size()), n_arguments = static_cast<int>(target.arguments.size());
    const bool plain_variable = target.kind == Expr::Kind::Name && !target.object && target.index.empty() && !target.has_arguments;
    if (plain_variable && target.local >= 0) {
        right();
        emit(Opcode::RequireNumber, target.span);
        emit(Opcode::StoreLocal, target.span).a = target.local;
        if (keep) named(target, false);
        return;
    }
    if (plain_variable) {
        imply_number(target);
        right();
        const bool own = target.slot >= 0;
        Instruction& i = emit(op == Operator::None ? (own ? Opcode::StoreOwn : Opcode::StoreVariable) : (own ? Opcode::UpdateOwn : Opcode::UpdateVariable), target.span);
        i.b = static_cast<std::uint16_t>(op);
        if (own) i.a = target.slot;
        else i.symbol = &scope_.intern(target.text);
        if (keep) named(target, false);
        return;
    }
    Site& at = site(target);
    at.op = op;
    at.keep = keep;
    const int kept = keep ? 1 : 0;
    if (target.kind == Expr::Kind::Argument) {
        if (target.has_arguments) throw Error(ErrorKind::Syntax, target.span, fmt::format("syntax error: `{}` cannot be called", to_text(target)));
        if (target.text == "o" || (target.text.empty() && target.number < 0)) code_->assigns_objects = true;
        indices(target);
        right();
        site_instruction(Opcode::StoreArgument, at, kept - n_index - 1);
        return;
    }
    if (target.object) value(*target.object);
    indices(target);
    for (const auto& a : target.arguments) number(*a);
    right();
    if (high) {
        at.has_high = true;
        number(*high);
    }
    const int values = high ? 2 : 1;
    if (target.object) site_instruction(Opcode::StoreMember, at, kept - 1 - n_index - n_arguments - values);
    else if (target.local >= 0) site_instruction(Opcode::StoreLocalElement, at, kept - n_index - values);
    else if (target.has_arguments) site_instruction(Opcode::StoreRange, at, kept - n_index - n_arguments - values);
    else site_instruction(Opcode::StoreElement, at, kept - n_index - values);
}

}  // namespace nrn::hoc
