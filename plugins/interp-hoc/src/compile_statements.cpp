// SPDX-License-Identifier: BSD-3-Clause
// The compiler: statements. Loops test at their end; what a loop or section block keeps, it keeps in hidden locals.
#include <fmt/format.h>

#include "compiler.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/scope.hpp"

namespace nrn::hoc {

void Compiler::run(const Stmt& s) {
    switch (s.kind) {
    case Stmt::Kind::Empty:
    case Stmt::Kind::Public:
    case Stmt::Kind::External: return;
    case Stmt::Kind::Expression: expression_statement(*s.a); return;
    case Stmt::Kind::Print: print(s); return;
    case Stmt::Kind::If: if_statement(s); return;
    case Stmt::Kind::While: while_statement(s); return;
    case Stmt::Kind::For: for_statement(s); return;
    case Stmt::Kind::ForRange: range_loop(s); return;
    case Stmt::Kind::ForSegments: segment_loop(s); return;
    case Stmt::Kind::ForIterator: iterator_loop(s); return;
    case Stmt::Kind::ForAll:
    case Stmt::Kind::ForSec:
    case Stmt::Kind::IfSec: section_loop(s); return;
    case Stmt::Kind::Block:
        for (const auto& inside : s.body) run(*inside);
        return;
    case Stmt::Kind::Section: section_block(s); return;
    case Stmt::Kind::Break:
    case Stmt::Kind::Continue: leave(s); return;
    case Stmt::Kind::Return: return_statement(s); return;
    case Stmt::Kind::Stop: emit(Opcode::Stop, s.span); return;
    case Stmt::Kind::IteratorStatement: emit(Opcode::IteratorStatement, s.span); return;
    case Stmt::Kind::Objref:
    case Stmt::Kind::Strdef:
    case Stmt::Kind::Double:
    case Stmt::Kind::Create: declare(s); return;
    case Stmt::Kind::Local: locals(s); return;
    case Stmt::Kind::Define:
    case Stmt::Kind::Template: define(s); return;
    case Stmt::Kind::Access:
        value(*s.a);
        site_instruction(Opcode::Access, site(*s.a), -1);
        return;
    case Stmt::Kind::Connect: connect(s); return;
    case Stmt::Kind::Delete:
        for (const auto& n : s.names) emit(Opcode::Delete, s.span).symbol = &scope_.intern(n);
        return;
    case Stmt::Kind::Insert:
    case Stmt::Kind::Uninsert: {
        Site& at = code_->sites.emplace_back();
        at.name = s.name;
        at.span = s.span;
        site_instruction(s.kind == Stmt::Kind::Insert ? Opcode::Insert : Opcode::Uninsert, at, 0);
        return;
    }
    case Stmt::Kind::Setpointer: setpointer(s); return;
    case Stmt::Kind::Dependent:
        for (const auto& e : s.list) site_instruction(Opcode::DeclareDependent, site(*e), 0);
        return;
    case Stmt::Kind::Equation: equation(s); return;
    }
}

void Compiler::expression_statement(const Expr& e) {
    if (e.kind == Expr::Kind::Assign) {
        assign(e, false);
        return;
    }
    value(e);
    emit(Opcode::Drop, e.span);
}

void Compiler::if_statement(const Stmt& s) {
    std::vector<std::size_t> to_else;
    condition(*s.a, false, to_else);
    run(*s.then);
    if (!s.otherwise) {
        land(to_else);
        return;
    }
    const std::size_t to_end = jump(Opcode::Jump, s.span);
    land(to_else);
    run(*s.otherwise);
    land(to_end);
}

void Compiler::while_statement(const Stmt& s) {
    const std::size_t to_test = jump(Opcode::Jump, s.span);
    const std::size_t body = code_->instructions.size();
    loops_.push_back({.section_scopes = static_cast<int>(section_scopes_.size())});
    run(*s.body[0]);
    land(to_test);
    land(loops_.back().continues);
    condition_to(*s.a, true, body);
    land(loops_.back().breaks);
    loops_.pop_back();
}

void Compiler::for_statement(const Stmt& s) {
    run(*s.then);
    const std::size_t to_test = jump(Opcode::Jump, s.span);
    const std::size_t body = code_->instructions.size();
    loops_.push_back({.section_scopes = static_cast<int>(section_scopes_.size())});
    run(*s.body[0]);
    land(loops_.back().continues);
    run(*s.step);
    land(to_test);
    if (s.a) condition_to(*s.a, true, body);
    else go_to(Opcode::Jump, s.span, body);
    land(loops_.back().breaks);
    loops_.pop_back();
}

/// for i = first, last: the bounds are evaluated once, the variable itself counts.
void Compiler::range_loop(const Stmt& s) {
    const Expr& target = *s.a;
    const int last = hidden();
    const bool local = !target.object && target.local >= 0 && target.index.empty();
    if (local && code_->locals[static_cast<std::size_t>(target.local)].kind != LocalKind::Number) throw Error(ErrorKind::Type, target.span, fmt::format("`{}` is not a number and cannot count a loop", target.text));
    const bool variable = target.kind == Expr::Kind::Name && !target.object && target.local < 0 && target.slot < 0 && target.index.empty() && !target.has_arguments;
    if (variable) imply_number(target);
    if (local || variable) {
        number(*s.b);
        number(*s.c);
        emit(Opcode::StoreLocal, s.span).a = last;
        if (local) emit(Opcode::StoreLocal, target.span).a = target.local;
        else emit(Opcode::StoreVariable, target.span).symbol = &scope_.intern(target.text);
    } else {
        number(*s.b);
        number(*s.c);
        emit(Opcode::StoreLocal, s.span).a = last;
        const int first = hidden();
        emit(Opcode::StoreLocal, s.span).a = first;
        store(target, Operator::None, [&] { emit(Opcode::LoadLocal, target.span).a = first; }, nullptr, false);
    }
    const auto fill = [&](Instruction& i) {
        i.b = static_cast<std::uint16_t>(last);
        if (local) i.local = target.local;
        else if (variable) i.symbol = &scope_.intern(target.text);
    };
    loops_.push_back({.section_scopes = static_cast<int>(section_scopes_.size())});
    std::size_t to_end = 0;
    if (local || variable) {
        to_end = jump(local ? Opcode::BeginLocalRange : Opcode::BeginVariableRange, target.span);
        fill(code_->instructions[to_end]);
    } else {
        to_end = jump(Opcode::Jump, s.span);  // to the test
    }
    const std::size_t body = code_->instructions.size();
    run(*s.body[0]);
    land(loops_.back().continues);
    if (local || variable) {
        go_to(local ? Opcode::NextLocalRange : Opcode::NextVariableRange, target.span, body);
        fill(code_->instructions.back());
        land(to_end);
    } else {
        store(target, Operator::Add, [&] { constant(1, target.span); }, nullptr, false);
        land(to_end);
        number(target);
        go_to(Opcode::JumpIfInRange, target.span, body);
        fill(code_->instructions.back());
    }
    land(loops_.back().breaks);
    loops_.pop_back();
}

/// for (x), for (x, 0): the centres of the accessed section's segments, with or without its ends.
void Compiler::segment_loop(const Stmt& s) {
    const int places = hidden();
    const int place = hidden();
    if (s.b) number(*s.b);
    Instruction& first = emit(Opcode::BeginSegments, s.span, s.b ? -1 : 0);
    first.a = s.b ? 1 : 0;
    first.b = static_cast<std::uint16_t>(places);
    const std::size_t next = jump(Opcode::NextSegment, s.span);
    code_->instructions[next].b = static_cast<std::uint16_t>(places);
    store(*s.a, Operator::None, [&] { emit(Opcode::LoadLocal, s.a->span).a = place; }, nullptr, false);
    loops_.push_back({.section_scopes = static_cast<int>(section_scopes_.size())});
    run(*s.body[0]);
    land(loops_.back().continues);
    go_to(Opcode::Jump, s.span, next);
    land(next);
    land(loops_.back().breaks);
    loops_.pop_back();
}

void Compiler::section_loop(const Stmt& s) {
    const int sections = hidden();
    const int depth = hidden();
    if (s.a) value(*s.a);
    Instruction& first = emit(Opcode::BeginSections, s.a ? s.a->span : s.span, s.a ? -1 : 0);
    first.a = s.kind == Stmt::Kind::ForAll ? 0 : s.kind == Stmt::Kind::ForSec ? 1 : 2;
    first.b = static_cast<std::uint16_t>(sections);
    const std::size_t next = jump(Opcode::NextSection, s.span);
    code_->instructions[next].b = static_cast<std::uint16_t>(sections);
    section_scopes_.push_back(depth);
    const bool loop = s.kind != Stmt::Kind::IfSec;
    if (loop) loops_.push_back({.section_scopes = static_cast<int>(section_scopes_.size())});
    run(*s.body[0]);
    if (loop) land(loops_.back().continues);
    go_to(Opcode::Jump, s.span, next);
    section_scopes_.pop_back();
    land(next);
    if (loop) {
        land(loops_.back().breaks);
        loops_.pop_back();
    }
    emit(Opcode::EndSections, s.span).b = static_cast<std::uint16_t>(sections);
}

/// A local or top-level variable that is known to hold a number.
bool Compiler::is_variable_number(const Expr& e) const {
    if (e.object || e.slot >= 0 || !e.index.empty()) return false;
    if (e.local >= 0) return code_->locals[static_cast<std::size_t>(e.local)].kind == LocalKind::Number;
    const Symbol* s = scope_.find(e.text);
    return s && s->kind == Symbol::Kind::Number && s->dims.empty();
}

void Compiler::section_block(const Stmt& s) {
    value(*s.a);
    if (code_->is_function && s.then->kind != Stmt::Kind::Block && is_variable_number(*s.a)) {  // `x  y = 3`: two statements
        emit(Opcode::Drop, s.a->span);
        run(*s.then);
        return;
    }
    const int depth = hidden();
    Instruction& enter = emit(Opcode::EnterSection, s.a->span);
    enter.b = static_cast<std::uint16_t>(depth);
    enter.a = s.perhaps_two ? 1 : 0;
    section_scopes_.push_back(depth);
    run(*s.then);
    section_scopes_.pop_back();
    emit(Opcode::LeaveSection, s.span).b = static_cast<std::uint16_t>(depth);
}

/// for name(arguments) body: the iterator is called; its iterator_statement runs our body in our scope.
void Compiler::iterator_loop(const Stmt& s) {
    const Expr& call = *s.a;
    if (call.kind != Expr::Kind::Name) throw Error(ErrorKind::Syntax, call.span, "syntax error: for wants an iterator's call");
    if (call.object) value(*call.object);
    Site& at = site(call);
    if (!call.index.empty()) throw Error(ErrorKind::Syntax, call.span, fmt::format("syntax error: iterator `{}` has no subscripts", call.text));
    call_arguments(call, at);
    site_instruction(Opcode::CallIterator, at, -static_cast<int>(call.arguments.size()) - (call.object ? 1 : 0));
    const std::size_t from = code_->instructions.size() - 1;
    const std::size_t to_end = jump(Opcode::Jump, s.span);
    land(from);
    loops_.push_back({.iterator = true, .section_scopes = static_cast<int>(section_scopes_.size())});
    run(*s.body[0]);
    land(loops_.back().continues);
    emit(Opcode::EndIteratorBody, s.span);
    land(to_end);
    land(loops_.back().breaks);
    loops_.pop_back();
}

void Compiler::leave_section_scopes(int down_to, SourceSpan span) {
    if (static_cast<int>(section_scopes_.size()) <= down_to) return;
    emit(Opcode::LeaveSection, span).b = static_cast<std::uint16_t>(section_scopes_[static_cast<std::size_t>(down_to)]);
}

/// break and continue.
void Compiler::leave(const Stmt& s) {
    const bool breaks = s.kind == Stmt::Kind::Break;
    if (loops_.empty()) {  // of no loop: it leaves the procedure or statement
        leave_section_scopes(0, s.span);
        emit(code_->is_function ? Opcode::Return : Opcode::End, s.span);
        return;
    }
    Loop& loop = loops_.back();
    leave_section_scopes(loop.section_scopes, s.span);
    const std::size_t from = jump(breaks && loop.iterator ? Opcode::BreakIterator : Opcode::Jump, s.span);
    (breaks ? loop.breaks : loop.continues).push_back(from);
}

void Compiler::return_statement(const Stmt& s) {
    if (!code_->is_function) throw Error(ErrorKind::Runtime, s.span, "return belongs inside a procedure or function");
    if (s.a) value(*s.a);
    leave_section_scopes(0, s.span);
    if (!s.a) {
        emit(Opcode::Return, s.span);
        return;
    }
    emit(Opcode::ReturnValue, s.span);
}

void Compiler::print(const Stmt& s) {
    for (const auto& e : s.list) {  // what an argument prints comes before the next one is evaluated
        value(*e);
        // A string of one's own stands bare; one that an object gave is followed by a space, as numbers are.
        emit(Opcode::Print, e->span).a = e->object ? 0 : 1;
    }
    emit(Opcode::PrintNewline, s.span);
}

void Compiler::locals(const Stmt& s) {
    for (std::size_t i = 0; i < s.locals.size(); ++i) {
        if (s.list[i]) {
            number(*s.list[i]);
            emit(Opcode::MakeLocalArray, s.span).a = s.locals[i];
        } else if (!s.leading) {  // else the frame begins with it
            emit(Opcode::ResetLocal, s.span).a = s.locals[i];
        }
    }
}

void Compiler::declare(const Stmt& s) {
    for (const auto& e : s.list) {
        Site& at = site(*e);
        at.statement = s.kind;
        indices(*e);
        site_instruction(s.kind == Stmt::Kind::Create && !defining_ ? Opcode::CreateSections : Opcode::Declare, at, -static_cast<int>(e->index.size()));
    }
}

void Compiler::declare_of_size(const Expr& e, Stmt::Kind kind, const std::function<std::vector<long>(int slot)>& sizes) {
    Site& at = site(e);
    at.statement = kind;
    const std::vector<long> dims = sizes(e.slot);
    at.n_index = static_cast<std::uint16_t>(dims.size());
    for (const long n : dims) constant(static_cast<double>(n), e.span);
    site_instruction(kind == Stmt::Kind::Create ? Opcode::CreateSections : Opcode::Declare, at, -static_cast<int>(dims.size()));
}

/// The sides are evaluated as often as the equation asks for it: it tries out what each variable changes.
void Compiler::equation(const Stmt& s) {
    const int row = hidden();
    indices(*s.a);
    Instruction& first = site_instruction(Opcode::BeginEquation, site(*s.a), -static_cast<int>(s.a->index.size()));
    first.a = s.anew ? 1 : 0;
    first.b = static_cast<std::uint16_t>(row);
    const std::size_t sides = code_->instructions.size();
    for (const Expr* side : {s.b.get(), s.c.get()}) {
        if (side) number(*side);
        else constant(0, s.span);
    }
    go_to(Opcode::StepEquation, s.span, sides);
    code_->instructions.back().b = static_cast<std::uint16_t>(row);
}

void Compiler::define(const Stmt& s) {
    if (s.kind == Stmt::Kind::Define && !s.locals.empty()) return;  // a template's own: the class has it
    Compiler inner(scope_, implied_);
    Site& at = code_->sites.emplace_back();
    at.name = s.name;
    at.statement = s.kind;
    if (s.kind == Stmt::Kind::Define) {
        at.span = s.function->span;
        at.code = inner.function(*s.function);
        at.function = s.function;
    } else {
        at.span = s.tmpl->span;
        at.code = inner.definition(*s.tmpl);
        at.tmpl = s.tmpl;
    }
    site_instruction(Opcode::Define, at, 0);
}

/// connect child(x), parent(y), or connect child(x), y with the accessed section as parent.
void Compiler::connect(const Stmt& s) {
    const auto section = [&](const Expr& e) {
        if (e.kind != Expr::Kind::Name || e.arguments.size() != 1 || e.is_range) throw Error(ErrorKind::Syntax, e.span, "syntax error: connect wants section(x)");
        Site& at = site(e);
        if (e.object) {
            value(*e.object);
            at.has_arguments = false;
            at.n_arguments = 0;
            indices(e);
            site_instruction(Opcode::LoadMember, at, -static_cast<int>(e.index.size()));
        } else if (e.local >= 0) {
            emit(Opcode::LoadLocalValue, e.span).a = e.local;
        } else {
            at.has_arguments = false;
            at.n_arguments = 0;
            indices(e);
            if (e.index.empty() && e.slot >= 0) emit(Opcode::LoadOwn, e.span).a = e.slot;
            else if (e.index.empty()) emit(Opcode::LoadVariable, e.span).symbol = at.symbol;
            else site_instruction(Opcode::LoadElement, at, 1 - static_cast<int>(e.index.size()));
        }
        number(*e.arguments[0]);
    };
    section(*s.a);
    const Expr& b = *s.b;
    const bool call = b.kind == Expr::Kind::Name && b.has_arguments;
    if (call && b.object) {
        section(b);
        site_instruction(Opcode::Connect, site(b), -4).a = 2;
    } else if (call && b.local < 0 && b.arguments.size() == 1) {
        // A section or a function: known when it runs.
        Site& at = site(b);
        indices(b);
        number(*b.arguments[0]);
        site_instruction(Opcode::Connect, at, -3 - static_cast<int>(b.index.size())).a = 1;
    } else {
        number(b);
        site_instruction(Opcode::Connect, site(b), -3).a = 0;
    }
}

void Compiler::setpointer(const Stmt& s) {
    const Expr& e = *s.a;
    if (e.kind != Expr::Kind::Name || e.local >= 0 || e.arguments.size() > 1) throw Error(ErrorKind::Syntax, e.span, "syntax error: setpointer wants a POINTER variable and what it points to");
    reference(*s.b);
    if (e.object) value(*e.object);
    if (!e.arguments.empty()) number(*e.arguments[0]);
    Site& at = site(e);
    site_instruction(Opcode::SetPointer, at, -1 - (e.object ? 1 : 0) - static_cast<int>(e.arguments.size()));
}

}  // namespace nrn::hoc
