// SPDX-License-Identifier: BSD-3-Clause
// The Hoc parser: statements.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "nrn/api/error.hpp"
#include "parser.hpp"

namespace nrn::hoc {
namespace {

StmtPtr make(Stmt::Kind kind, SourceSpan span) {
    auto s = std::make_unique<Stmt>();
    s->kind = kind;
    s->span = span;
    return s;
}

}  // namespace

StmtPtr Parser::next_statement() {
    newlines();
    if (now().kind == Token::Kind::End) return nullptr;
    depth_ = braces_ = 0;
    single_ = false;
    function_ = nullptr;
    inner_templates_.clear();
    StmtPtr s = statement();
    if (!inner_templates_.empty()) {
        StmtPtr all = make(Stmt::Kind::Block, s->span);
        all->body = std::move(inner_templates_);
        all->body.push_back(std::move(s));
        s = std::move(all);
    }
    if (now().kind != Token::Kind::End && now().kind != Token::Kind::Newline)
        fail(fmt::format("syntax error: unexpected `{}` after the statement", now().text), "at top level each statement stands on a line of its own");
    return s;
}

StmtPtr Parser::block() {
    StmtPtr s = make(Stmt::Kind::Block, now().span);
    expect("{");
    ++braces_;
    newlines();
    while (!punctuation("}")) {
        if (now().kind == Token::Kind::End) throw Error(ErrorKind::Syntax, s->span, "syntax error: this `{` is not closed by `}`");
        s->body.push_back(statement());
        newlines();
    }
    expect("}");
    --braces_;
    return s;
}

/// What an if, while, for controls; it may begin on the next line.
StmtPtr Parser::controlled() {
    newlines();
    single_ = true;
    return statement();
}

void Parser::name_list(std::vector<std::string>& names) {
    do names.push_back(name("a name").text);
    while (take(","));
}

void Parser::declared_names(Stmt& s) {
    do {
        const Token t = name("a name");
        auto e = std::make_unique<Expr>();
        e->kind = Expr::Kind::Name;
        e->span = t.span;
        e->text = t.text;
        if (template_) e->slot = slot_for(t.text);
        while (take("[")) {
            e->index.push_back(expression());
            expect("]");
        }
        s.list.push_back(std::move(e));
    } while (take(","));
}

StmtPtr Parser::define(StmtPtr s, Callable::Kind kind) {
    const Token t = name("the name of a procedure or function");
    if (function_) throw Error(ErrorKind::Syntax, t.span, fmt::format("syntax error: `{}` is defined inside `{}`", t.text, function_->name)).hint("procedures and functions stand at top level or in a template");
    if (braces_ > 0) throw Error(ErrorKind::Syntax, t.span, fmt::format("syntax error: `{}` is defined inside braces", t.text)).hint("execute puts its text into braces: execute1 can define");
    s->kind = Stmt::Kind::Define;
    s->function = std::make_shared<FunctionBody>();
    s->function->name = t.text;
    s->function->kind = kind;
    s->function->span = t.span;
    s->name = t.text;
    if (template_ && !guest_) s->locals = {template_->add_slot(t.text)};
    expect("(");
    expect(")");
    newlines();
    struct Scope {
        Parser& p;
        ~Scope() { p.function_ = nullptr; }
    } scope{*this};
    function_ = s->function.get();
    leading_ = true;
    s->function->body = block();
    return s;
}

StmtPtr Parser::template_definition(StmtPtr s) {
    TemplateBody* const outer = template_;  // a template inside another is one of its own, defined before that
    const Token t = name("the name of a template");
    s->kind = Stmt::Kind::Template;
    s->name = t.text;
    s->tmpl = std::make_shared<TemplateBody>();
    s->tmpl->name = t.text;
    s->tmpl->span = t.span;
    s->tmpl->names = {"this"};
    struct Scope {
        Parser& p;
        TemplateBody* outer;
        ~Scope() { p.template_ = outer; }
    } scope{*this, outer};
    template_ = s->tmpl.get();
    newlines();
    while (now().keyword != Keyword::EndTemplate) {
        if (now().kind == Token::Kind::End) throw Error(ErrorKind::Syntax, t.span, fmt::format("syntax error: template `{}` is not closed by endtemplate", t.text));
        StmtPtr member = statement();
        (member->kind == Stmt::Kind::Template ? inner_templates_ : s->tmpl->body).push_back(std::move(member));
        newlines();
    }
    tokens_.pop_front();
    const Token end = name("the name of the template");
    if (end.text != t.text) throw Error(ErrorKind::Syntax, end.span, fmt::format("endtemplate {} does not close template `{}`", end.text, t.text));
    return s;
}

StmtPtr Parser::if_statement(StmtPtr s) {
    s->kind = Stmt::Kind::If;
    expect("(");
    newlines();
    s->a = expression();
    newlines();
    expect(")");
    s->then = controlled();
    std::size_t k = 0;
    // At top level the line ends the statement, and what follows may be data that it reads.
    while (braces_ > 0 && ahead(k).kind == Token::Kind::Newline) ++k;
    if (ahead(k).keyword != Keyword::Else) return s;
    for (; k > 0; --k) tokens_.pop_front();
    tokens_.pop_front();
    s->otherwise = controlled();
    return s;
}

StmtPtr Parser::for_statement(StmtPtr s) {
    if (take("(")) return for_parts(std::move(s));
    ExprPtr target = path();
    if (take("=")) {
        note_assigned(*target);
        s->kind = Stmt::Kind::ForRange;
        s->a = std::move(target);
        s->b = expression();
        expect(",");
        s->c = expression();
    } else {
        if (!target->has_arguments) fail("syntax error: for wants `i = a, b`, `(init; condition; step)`, `(x)` or an iterator's call");
        s->kind = Stmt::Kind::ForIterator;
        s->a = std::move(target);
    }
    s->body.push_back(controlled());
    return s;
}

/// for (x) and for (x, 0), or the three parts.
StmtPtr Parser::for_parts(StmtPtr s) {
    newlines();
    StmtPtr first = punctuation(";") ? make(Stmt::Kind::Empty, now().span) : statement();
    if (take(";")) {
        s->kind = Stmt::Kind::For;
        s->then = std::move(first);
        newlines();
        s->a = punctuation(";") ? nullptr : expression();
        newlines();
        expect(";");
        newlines();
        s->step = punctuation(")") ? make(Stmt::Kind::Empty, now().span) : statement();
        newlines();
        expect(")");
    } else {
        s->kind = Stmt::Kind::ForSegments;
        if (first->kind != Stmt::Kind::Expression || first->a->kind != Expr::Kind::Name) fail("syntax error: for (x) wants a variable");
        s->a = std::move(first->a);
        note_assigned(*s->a);
        if (take(",")) s->b = expression();
        expect(")");
    }
    s->body.push_back(controlled());
    return s;
}

StmtPtr Parser::connect(StmtPtr s) {
    s->kind = Stmt::Kind::Connect;
    s->a = path();  // child(x)
    expect(",");
    s->b = expression();  // parent(x), or x on the accessed section
    return s;
}

StmtPtr Parser::locals(StmtPtr s, LocalKind kind) {
    s->kind = Stmt::Kind::Local;
    s->leading = leading_;
    if (!function_) throw Error(ErrorKind::Syntax, s->span, "syntax error: `local` belongs inside a procedure or function");
    do {
        const Token t = name("a name");
        if (function_->locals.size() >= 4096) throw Error(ErrorKind::Syntax, t.span, "there are too many local variables");
        if (is_local(t.text)) throw Error(ErrorKind::Syntax, t.span, fmt::format("syntax error: `{}` is already declared local", t.text));
        LocalKind own = kind;
        ExprPtr size;
        if (take("[")) {
            if (kind == LocalKind::Object) throw Error(ErrorKind::Syntax, t.span, "syntax error: localobj declares single objects, not arrays");
            own = LocalKind::Array;
            size = expression();
            expect("]");
        }
        function_->locals.push_back({t.text, own});
        s->locals.push_back(static_cast<int>(function_->locals.size()) - 1);
        s->list.push_back(std::move(size));
    } while (take(","));
    leading_ = s->leading;
    return s;
}

/// eqn x:: left = right, and the parts eqn x: left =, eqn x: = right
StmtPtr Parser::equation(StmtPtr s) {
    s->kind = Stmt::Kind::Equation;
    s->a = path();
    if (s->a->kind != Expr::Kind::Name || s->a->object || s->a->has_arguments || s->a->local >= 0) throw Error(ErrorKind::Syntax, s->a->span, "syntax error: eqn wants a dependent variable");
    expect(":");
    s->anew = take(":");
    const struct Side {
        bool& flag;
        explicit Side(bool& f) : flag(f) { flag = true; }
        ~Side() { flag = false; }
    } side(equation_side_);
    if (s->anew || !punctuation("=")) s->b = binary(1);
    expect("=");
    if (s->anew || !s->b) s->c = binary(1);
    if (!at_end_of_statement()) fail("syntax error: an equation is written `eqn x:: left = right`, its parts `eqn x: left =` and `eqn x: = right`");
    return s;
}

StmtPtr Parser::declaration(const Token& t, StmtPtr s) {
    switch (t.keyword) {
    case Keyword::Objref: s->kind = Stmt::Kind::Objref; break;
    case Keyword::Strdef: s->kind = Stmt::Kind::Strdef; break;
    case Keyword::Double: s->kind = Stmt::Kind::Double; break;
    case Keyword::Create: s->kind = Stmt::Kind::Create; break;
    case Keyword::Public: s->kind = Stmt::Kind::Public; break;
    default: s->kind = Stmt::Kind::External; break;
    }
    if (s->kind == Stmt::Kind::Public || s->kind == Stmt::Kind::External) {
        name_list(s->names);
        if (!template_) throw Error(ErrorKind::Syntax, t.span, fmt::format("syntax error: `{}` belongs inside a template", t.text));
        if (s->kind == Stmt::Kind::External)
            for (const std::string& n : s->names)
                if (n != template_->name && !oracle_.is_declared(n)) throw Error(ErrorKind::Name, t.span, fmt::format("external `{0}`: {0} not declared at the top level", n)).hint(fmt::format("define `{}` before the template", n));
        auto& known = s->kind == Stmt::Kind::Public ? template_->publics : template_->externals;
        known.insert(known.end(), s->names.begin(), s->names.end());
        if (s->kind == Stmt::Kind::Public)  // its own from here on, also where something built in has the name
            for (const std::string& n : s->names) template_->add_slot(n);
    } else {
        declared_names(*s);
    }
    return s;
}

/// connect, access, insert ...: what is done with sections.
StmtPtr Parser::section_statement(const Token& t, StmtPtr s) {
    switch (t.keyword) {
    case Keyword::ForAll: s->kind = Stmt::Kind::ForAll; s->body.push_back(controlled()); return s;
    case Keyword::ForSec:
    case Keyword::IfSec:
        s->kind = t.keyword == Keyword::ForSec ? Stmt::Kind::ForSec : Stmt::Kind::IfSec;
        s->a = primary();
        s->body.push_back(controlled());
        return s;
    case Keyword::Access:
        s->kind = Stmt::Kind::Access;
        s->a = path();
        // `access soma(0.5)`: what is in parentheses says nothing about a section.
        if (s->a->kind == Expr::Kind::Name && !s->a->object && s->a->arguments.size() == 1) s->a->arguments.clear(), s->a->has_arguments = false;
        return s;
    case Keyword::Connect: return connect(std::move(s));
    case Keyword::Insert:
    case Keyword::Uninsert: {
        s->kind = t.keyword == Keyword::Insert ? Stmt::Kind::Insert : Stmt::Kind::Uninsert;
        const Token m = name("the name of a mechanism");
        s->name = m.text;
        s->span = m.span;
        return s;
    }
    default:
        s->kind = Stmt::Kind::Setpointer;
        s->a = path();
        expect(",");
        s->b = path();
        return s;
    }
}

StmtPtr Parser::keyword_statement(const Token& t) {
    if (t.keyword == Keyword::None || t.keyword == Keyword::New) return nullptr;
    StmtPtr s = make(Stmt::Kind::Empty, t.span);
    tokens_.pop_front();
    if (t.keyword != Keyword::Local && t.keyword != Keyword::LocalObj) leading_ = false;
    switch (t.keyword) {
    case Keyword::Proc: return define(std::move(s), Callable::Kind::Procedure);
    case Keyword::Func: return define(std::move(s), Callable::Kind::Function);
    case Keyword::Obfunc: return define(std::move(s), Callable::Kind::ObjectFunction);
    case Keyword::Iterator: return define(std::move(s), Callable::Kind::Iterator);
    case Keyword::BeginTemplate: return template_definition(std::move(s));
    case Keyword::IteratorStatement: s->kind = Stmt::Kind::IteratorStatement; return s;
    case Keyword::If: return if_statement(std::move(s));
    case Keyword::While:
        s->kind = Stmt::Kind::While;
        expect("(");
        newlines();
        s->a = expression();
        newlines();
        expect(")");
        s->body.push_back(controlled());
        return s;
    case Keyword::For: return for_statement(std::move(s));
    case Keyword::Break: s->kind = Stmt::Kind::Break; return s;
    case Keyword::Continue: s->kind = Stmt::Kind::Continue; return s;
    case Keyword::Stop: s->kind = Stmt::Kind::Stop; return s;
    case Keyword::Return:
        s->kind = Stmt::Kind::Return;
        // A word that begins a statement may follow on the line: `if (a) return  print b`.
        if (!at_end_of_statement() && (now().keyword == Keyword::None || now().keyword == Keyword::New)) s->a = expression();
        return s;
    case Keyword::Print:
        s->kind = Stmt::Kind::Print;
        if (!at_end_of_statement())
            do {
                s->list.push_back(expression());
            } while (take(","));
        return s;
    case Keyword::Local: return locals(std::move(s), LocalKind::Number);
    case Keyword::LocalObj: return locals(std::move(s), LocalKind::Object);
    case Keyword::Objref:
    case Keyword::Strdef:
    case Keyword::Double:
    case Keyword::Create:
    case Keyword::Public:
    case Keyword::External: return declaration(t, std::move(s));
    case Keyword::Else: throw Error(ErrorKind::Syntax, t.span, "syntax error: `else` without an `if` before it");
    case Keyword::EndTemplate: throw Error(ErrorKind::Syntax, t.span, "syntax error: `endtemplate` without a `begintemplate` before it");
    case Keyword::Help:  // takes the rest of its line, whatever it is
        while (!tokens_.empty() && tokens_.front().kind != Token::Kind::Newline && tokens_.front().kind != Token::Kind::End) tokens_.pop_front();
        if (tokens_.empty()) lexer_.skip_line();
        return s;
    case Keyword::Delete: s->kind = Stmt::Kind::Delete; name_list(s->names); return s;
    case Keyword::Depvar:
        s->kind = Stmt::Kind::Dependent;
        declared_names(*s);
        for (const auto& e : s->list)
            if (!e->index.empty()) throw Error(ErrorKind::Syntax, e->span, "syntax error: depvar wants names; arrays are declared with double before it");
        return s;
    case Keyword::Eqn: return equation(std::move(s));
    default: return section_statement(t, std::move(s));
    }
}

StmtPtr Parser::statement() {
    deeper("statements are nested too deeply");
    struct Depth { int& d; ~Depth() { --d; } } guard{depth_};
    const bool single = std::exchange(single_, false);
    if (punctuation("{")) return block();
    const Token t = now();
    if (t.kind == Token::Kind::Name && t.keyword != Keyword::None && !is_local(t.text))
        if (StmtPtr s = keyword_statement(t)) return s;
    leading_ = false;
    return expression_statement(make(Stmt::Kind::Expression, t.span), single);
}

/// `single`: it is what an if, while or for controls, so that a member's call and what follows it are one statement.
StmtPtr Parser::expression_statement(StmtPtr s, bool single) {
    s->a = expression();
    // `soma insert hh`, `soma { ... }`: a section, then what is done in it.
    // So does `g.size(0, 5, 0, 1) g.begin()` on a line at top level, as in the reference: a member that is no section is only evaluated.
    const bool path = s->a->kind == Expr::Kind::Name && (!s->a->has_arguments || (s->a->object && (braces_ == 0 || single)));
    const bool follows = punctuation("{") || now().kind == Token::Kind::Argument || (now().kind == Token::Kind::Name && now().keyword != Keyword::Else && now().keyword != Keyword::EndTemplate);
    if (path && follows) {
        s->kind = Stmt::Kind::Section;
        // `found this = x`: an object variable on its own is only evaluated too.
        s->perhaps_two = !s->a->object ? !s->a->has_arguments && now().kind == Token::Kind::Name && now().keyword == Keyword::None : (braces_ == 0 || s->a->has_arguments || (now().kind == Token::Kind::Name && now().keyword == Keyword::None));
        single_ = single;
        s->then = statement();
    }
    return s;
}

}  // namespace nrn::hoc
