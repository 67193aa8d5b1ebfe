// SPDX-License-Identifier: BSD-3-Clause
// The compiler: making code objects, emitting instructions, and keeping account of the stack's height.
#include "compiler.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "nrn/api/error.hpp"
#include "nrn/api/scope.hpp"

namespace nrn::hoc {

const OpcodeInfo& info(Opcode op) {
    static constexpr OpcodeInfo rows[] = {
#define NRN_HOC_OPCODE(name, operand, effect, meaning) {#name, Operand::operand, effect, meaning},
#include "opcode.def"
#undef NRN_HOC_OPCODE
    };
    return rows[static_cast<std::size_t>(op)];
}

void Compiler::begin(std::string name, SourceSpan span) {
    code_ = std::make_shared<Code>();
    code_->name = std::move(name);
    code_->span = span;
    height_ = 0;
    loops_.clear();
    section_scopes_.clear();
}

void Code::finish() {
    n_locals = static_cast<std::uint32_t>(locals.size());
    frame_height = locals.size() + stack_height + 64;
    only_numbers = std::all_of(locals.begin(), locals.end(), [](const LocalName& l) { return l.kind == LocalKind::Number; });
}

std::shared_ptr<Code> Compiler::finish(Opcode last, SourceSpan span) {
    emit(last, span);
    if (height_ != 0) throw Error(ErrorKind::Runtime, span, fmt::format("the Hoc compiler left the stack unbalanced by {}", height_));
    // Targets become distances.
    for (std::size_t at = 0; at < code_->instructions.size(); ++at) {
        Instruction& i = code_->instructions[at];
        if (info(i.op).operand == Operand::Target || i.op == Opcode::CallIterator) i.a -= static_cast<std::int32_t>(at);
    }
    code_->finish();
    return std::move(code_);
}

std::shared_ptr<Code> Compiler::statement(const Stmt& s, bool show) {
    begin("", s.span);
    if (show && s.kind == Stmt::Kind::Expression && s.a->kind != Expr::Kind::Assign) {
        value(*s.a);
        Site& at = site(*s.a);
        if (s.a->kind != Expr::Kind::Name || s.a->object) at.symbol = nullptr;
        site_instruction(Opcode::Show, at, -1);
    } else {
        run(s);
    }
    return finish(Opcode::End, s.span);
}

std::shared_ptr<Code> Compiler::expression(const Expr& e) {
    begin("", e.span);
    value(e);
    return finish(Opcode::ReturnValue, e.span);
}

std::shared_ptr<Code> Compiler::function(const FunctionBody& f) {
    begin(f.name, f.span);
    code_->kind = f.kind;
    code_->is_function = true;
    code_->locals = f.locals;
    for (const LocalName& l : f.locals) code_->holds_objects |= l.kind == LocalKind::Object;
    run(*f.body);
    return finish(Opcode::Return, f.span);
}

namespace {

bool is_declaration(const Stmt& s) {
    return s.kind == Stmt::Kind::Objref || s.kind == Stmt::Kind::Strdef || s.kind == Stmt::Kind::Double || s.kind == Stmt::Kind::Create;
}

bool mentions(const Expr* e, const std::set<int>& slots) {
    if (!e) return false;
    for (; e->kind == Expr::Kind::Binary; e = e->left.get())
        if (mentions(e->right.get(), slots)) return true;
    if (!e->object && e->slot >= 0 && slots.contains(e->slot)) return true;
    const auto any = [&](const std::vector<ExprPtr>& list) { return std::any_of(list.begin(), list.end(), [&](const ExprPtr& x) { return mentions(x.get(), slots); }); };
    return mentions(e->object.get(), slots) || mentions(e->left.get(), slots) || mentions(e->right.get(), slots) || mentions(e->high.get(), slots) || any(e->index) || any(e->arguments);
}

/// Is it about sections, those of the template (`sections`: their slots) or the accessed one?
bool about_sections(const Stmt* s, const std::set<int>& sections) {
    if (!s) return false;
    switch (s->kind) {
    case Stmt::Kind::ForSegments:
    case Stmt::Kind::ForAll:
    case Stmt::Kind::ForSec:
    case Stmt::Kind::IfSec:
    case Stmt::Kind::Section:
    case Stmt::Kind::Access:
    case Stmt::Kind::Connect:
    case Stmt::Kind::Insert:
    case Stmt::Kind::Uninsert:
    case Stmt::Kind::Setpointer: return true;
    default: break;
    }
    for (const Expr* e : {s->a.get(), s->b.get(), s->c.get()})
        if (mentions(e, sections)) return true;
    for (const auto& e : s->list)
        if (mentions(e.get(), sections)) return true;
    for (const auto& inner : s->body)
        if (about_sections(inner.get(), sections)) return true;
    return about_sections(s->then.get(), sections) || about_sections(s->otherwise.get(), sections) || about_sections(s->step.get(), sections);
}

}  // namespace

std::shared_ptr<Code> Compiler::definition(const TemplateBody& t) {
    begin(t.name, t.span);
    defining_ = true;
    const std::set<int> assigned(t.assigned.begin(), t.assigned.end());
    std::set<int> declared, sections;
    for (const auto& s : t.body)
        if (is_declaration(*s))
            for (const auto& e : s->list) {
                declared.insert(e->slot);
                if (s->kind == Stmt::Kind::Create) sections.insert(e->slot);
            }
    for (const int slot : assigned)
        if (!declared.contains(slot)) emit(Opcode::DeclareOwnNumber, t.span).a = slot;
    for (const auto& s : t.body) {
        if (is_declaration(*s)) declare(*s);  // sections are counted only
        else if (s->kind != Stmt::Kind::Define && s->kind != Stmt::Kind::Template && !about_sections(s.get(), sections)) run(*s);  // there are no sections yet
    }
    return finish(Opcode::End, t.span);
}

std::shared_ptr<Code> Compiler::constructor(const TemplateBody& t, const std::function<std::vector<long>(int slot)>& sizes) {
    begin(t.name, t.span);
    // Sections are made in the order in which the template mentions their names first, be it in `public`.
    std::vector<const Expr*> sections;
    for (const auto& s : t.body) {
        if (!is_declaration(*s)) continue;
        for (const auto& e : s->list) {
            if (s->kind == Stmt::Kind::Create) sections.push_back(e.get());
            else declare_of_size(*e, s->kind, sizes);
        }
    }
    std::stable_sort(sections.begin(), sections.end(), [](const Expr* a, const Expr* b) { return a->slot < b->slot; });
    for (const Expr* e : sections) declare_of_size(*e, Stmt::Kind::Create, sizes);
    // Also `x = 2` in the body declares only: instances start at 0.
    for (const int slot : std::set<int>(t.assigned.begin(), t.assigned.end())) emit(Opcode::DeclareOwnNumber, t.span).a = slot;
    for (const auto& s : t.body)
        if (s->kind == Stmt::Kind::Dependent) run(*s);
    return finish(Opcode::End, t.span);
}

Instruction& Compiler::emit(Opcode op, SourceSpan span, int effect) {
    const int fixed = info(op).effect;
    height_ += fixed == kVaries ? effect : fixed;
    code_->stack_height = std::max(code_->stack_height, static_cast<std::size_t>(height_) + 1);
    code_->instructions.push_back({.op = op});
    code_->spans.push_back(span);
    return code_->instructions.back();
}

std::size_t Compiler::jump(Opcode op, SourceSpan span) {
    emit(op, span);
    return code_->instructions.size() - 1;
}

void Compiler::go_to(Opcode op, SourceSpan span, std::size_t target) { emit(op, span).a = static_cast<std::int32_t>(target); }

Site& Compiler::site(const Expr& e) {
    Site& s = code_->sites.emplace_back();
    s.name = e.text;
    s.span = e.span;
    s.own = e.slot;
    s.local = e.local;
    if (e.kind == Expr::Kind::Name && !e.object && e.slot < 0 && e.local < 0) s.symbol = &scope_.intern(e.text);
    s.has_arguments = e.has_arguments;
    s.is_range = e.is_range;
    s.n_index = static_cast<std::uint16_t>(e.index.size());
    s.n_arguments = static_cast<std::uint16_t>(e.arguments.size());
    if (e.index.size() > 1000 || e.arguments.size() > 10000) throw Error(ErrorKind::Syntax, e.span, "there are too many arguments");
    if (e.kind == Expr::Kind::Argument) {
        s.letter = e.text.empty() ? '\0' : e.text[0];
        s.number = static_cast<int>(e.number);
    }
    if (e.object) {
        s.has_base = true;
        s.base_text = to_text(*e.object);
    }
    return s;
}

Instruction& Compiler::site_instruction(Opcode op, Site& at, int effect) {
    Instruction& i = emit(op, at.span, effect);
    i.site = &at;
    return i;
}

/// A local of the frame that the user does not see.
int Compiler::hidden() {
    if (code_->locals.size() > 60000) throw Error(ErrorKind::Syntax, code_->span, "this function is too large");
    code_->locals.push_back({"", LocalKind::Number});
    return static_cast<int>(code_->locals.size()) - 1;
}

}  // namespace nrn::hoc
