// SPDX-License-Identifier: BSD-3-Clause
// The Hoc parser: statements.
#include <algorithm>

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
    depth_ = 0;
    function_ = nullptr;
    StmtPtr s = statement();
    if (now().kind != Token::Kind::End && now().kind != Token::Kind::Newline)
        fail(fmt::format("syntax error: unexpected `{}` after the statement", now().text), "at top level each statement stands on a line of its own");
    return s;
}

StmtPtr Parser::block() {
    StmtPtr s = make(Stmt::Kind::Block, now().span);
    expect("{");
    newlines();
    while (!punctuation("}")) {
        if (now().kind == Token::Kind::End) fail("syntax error: a `{` is not closed by `}`");
        s->body.push_back(statement());
        newlines();
    }
    expect("}");
    return s;
}

/// What an if, while, for controls; it may begin on the next line.
StmtPtr Parser::controlled() {
    newlines();
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
        if (template_) {
            auto found = std::find(template_->names.begin(), template_->names.end(), t.text);
            if (found == template_->names.end()) {
                template_->names.push_back(t.text);
                found = template_->names.end() - 1;
            }
            e->slot = static_cast<int>(found - template_->names.begin());
        }
        while (take("[")) {
            e->index.push_back(expression());
            expect("]");
        }
        s.list.push_back(std::move(e));
    } while (take(","));
}

StmtPtr Parser::define(StmtPtr s, Callable::Kind kind) {
    const Token t = name("the name of a procedure or function");
    s->kind = Stmt::Kind::Define;
    s->function = std::make_shared<FunctionBody>();
    s->function->name = t.text;
    s->function->kind = kind;
    s->function->span = t.span;
    s->name = t.text;
    if (template_) {
        auto found = std::find(template_->names.begin(), template_->names.end(), t.text);
        if (found == template_->names.end()) {
            template_->names.push_back(t.text);
            found = template_->names.end() - 1;
        }
        s->locals = {static_cast<int>(found - template_->names.begin())};
    }
    expect("(");
    expect(")");
    newlines();
    FunctionBody* const outer = std::exchange(function_, s->function.get());
    s->function->body = block();
    function_ = outer;
    return s;
}

StmtPtr Parser::template_definition(StmtPtr s) {
    if (template_) fail("syntax error: a template cannot stand inside a template");
    const Token t = name("the name of a template");
    s->kind = Stmt::Kind::Template;
    s->name = t.text;
    s->tmpl = std::make_shared<TemplateBody>();
    s->tmpl->name = t.text;
    s->tmpl->span = t.span;
    s->tmpl->names = {"this"};
    template_ = s->tmpl.get();
    newlines();
    while (!(now().kind == Token::Kind::Name && now().text == "endtemplate")) {
        if (now().kind == Token::Kind::End) fail(fmt::format("syntax error: template `{}` is not closed by endtemplate", t.text));
        s->tmpl->body.push_back(statement());
        newlines();
    }
    ++at_;
    const Token end = name("the name of the template");
    if (end.text != t.text) throw Error(ErrorKind::Syntax, end.span, fmt::format("endtemplate {} does not close template `{}`", end.text, t.text));
    template_ = nullptr;
    return s;
}

StmtPtr Parser::for_statement(StmtPtr s) {
    if (take("(")) {
        newlines();
        // for (x) and for (x, 0), or the three parts
        StmtPtr first = punctuation(";") ? make(Stmt::Kind::Empty, now().span) : statement();
        if (take(";")) {
            s->kind = Stmt::Kind::For;
            s->then = std::move(first);
            s->a = punctuation(";") ? nullptr : expression();
            expect(";");
            s->step = punctuation(")") ? make(Stmt::Kind::Empty, now().span) : statement();
            expect(")");
        } else {
            s->kind = Stmt::Kind::ForSegments;
            if (first->kind != Stmt::Kind::Expression || first->a->kind != Expr::Kind::Name) fail("syntax error: for (x) wants a variable");
            s->a = std::move(first->a);
            if (take(",")) s->b = expression();
            expect(")");
        }
        s->body.push_back(controlled());
        return s;
    }
    ExprPtr target = path();
    if (take("=")) {
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

StmtPtr Parser::connect(StmtPtr s) {
    s->kind = Stmt::Kind::Connect;
    s->a = path();       // child(x)
    expect(",");
    s->b = expression(); // parent(x), or x on the accessed section
    return s;
}

StmtPtr Parser::keyword_statement(const Token& t) {
    StmtPtr s = make(Stmt::Kind::Empty, t.span);
    const auto is_word = [&](const char* w) {
        if (t.text != w) return false;
        ++at_;
        return true;
    };
    if (is_word("proc")) return define(std::move(s), Callable::Kind::Procedure);
    if (is_word("func")) return define(std::move(s), Callable::Kind::Function);
    if (is_word("obfunc")) return define(std::move(s), Callable::Kind::ObjectFunction);
    if (is_word("strfunc")) return define(std::move(s), Callable::Kind::StringFunction);
    if (is_word("iterator")) return define(std::move(s), Callable::Kind::Iterator);
    if (is_word("begintemplate")) return template_definition(std::move(s));
    if (is_word("iterator_statement")) { s->kind = Stmt::Kind::IteratorStatement; return s; }
    if (is_word("if")) {
        s->kind = Stmt::Kind::If;
        expect("(");
        s->a = expression();
        expect(")");
        s->then = controlled();
        std::size_t k = at_;
        while (tokens_[k].kind == Token::Kind::Newline) ++k;
        if (tokens_[k].kind == Token::Kind::Name && tokens_[k].text == "else") {
            at_ = k + 1;
            s->otherwise = controlled();
        }
        return s;
    }
    if (is_word("while")) {
        s->kind = Stmt::Kind::While;
        expect("(");
        s->a = expression();
        expect(")");
        s->body.push_back(controlled());
        return s;
    }
    if (is_word("for")) return for_statement(std::move(s));
    if (is_word("forall")) { s->kind = Stmt::Kind::ForAll; s->body.push_back(controlled()); return s; }
    if (is_word("forsec") || is_word("ifsec")) {
        s->kind = t.text == "forsec" ? Stmt::Kind::ForSec : Stmt::Kind::IfSec;
        s->a = primary();
        s->body.push_back(controlled());
        return s;
    }
    if (is_word("break")) { s->kind = Stmt::Kind::Break; return s; }
    if (is_word("continue")) { s->kind = Stmt::Kind::Continue; return s; }
    if (is_word("stop")) { s->kind = Stmt::Kind::Stop; return s; }
    if (is_word("return")) {
        s->kind = Stmt::Kind::Return;
        if (!at_end_of_statement()) s->a = expression();
        return s;
    }
    if (is_word("print")) {
        s->kind = Stmt::Kind::Print;
        if (!at_end_of_statement())
            do s->list.push_back(expression());
            while (take(","));
        return s;
    }
    if (is_word("create")) { s->kind = Stmt::Kind::Create; declared_names(*s); return s; }
    if (is_word("objref") || is_word("objectvar")) { s->kind = Stmt::Kind::Objref; declared_names(*s); return s; }
    if (is_word("strdef")) { s->kind = Stmt::Kind::Strdef; declared_names(*s); return s; }
    if (is_word("double")) { s->kind = Stmt::Kind::Double; declared_names(*s); return s; }
    if (is_word("local") || is_word("localobj")) {
        s->kind = t.text == "local" ? Stmt::Kind::Local : Stmt::Kind::LocalObj;
        if (!function_) throw Error(ErrorKind::Syntax, t.span, fmt::format("syntax error: `{}` belongs inside a procedure or function", t.text));
        do {
            s->names.push_back(name("a name").text);
            function_->locals.push_back(s->names.back());
            s->locals.push_back(static_cast<int>(function_->locals.size()) - 1);
            if (take("[")) {
                s->list.push_back(expression());
                expect("]");
            } else {
                s->list.push_back(nullptr);
            }
        } while (take(","));
        return s;
    }
    if (is_word("public")) { s->kind = Stmt::Kind::Public; name_list(s->names); if (template_) template_->publics.insert(template_->publics.end(), s->names.begin(), s->names.end()); return s; }
    if (is_word("external")) { s->kind = Stmt::Kind::External; name_list(s->names); if (template_) template_->externals.insert(template_->externals.end(), s->names.begin(), s->names.end()); return s; }
    if (is_word("access")) { s->kind = Stmt::Kind::Access; s->a = path(); return s; }
    if (is_word("connect")) return connect(std::move(s));
    if (is_word("insert") || is_word("uninsert")) {
        s->kind = t.text == "insert" ? Stmt::Kind::Insert : Stmt::Kind::Uninsert;
        const Token m = name("the name of a mechanism");
        s->name = m.text;
        s->span = m.span;
        return s;
    }
    if (is_word("setpointer")) {
        s->kind = Stmt::Kind::Setpointer;
        s->a = path();
        expect(",");
        s->b = path();
        return s;
    }
    return nullptr;
}

StmtPtr Parser::statement() {
    if (++depth_ > 1000) fail("statements are nested too deeply");
    struct Depth { int& d; ~Depth() { --d; } } guard{depth_};
    if (punctuation("{")) return block();
    const Token t = now();
    if (t.kind == Token::Kind::Name) {
        const bool declared = function_ && std::find(function_->locals.begin(), function_->locals.end(), t.text) != function_->locals.end();
        if (!declared)
            if (StmtPtr s = keyword_statement(t)) return s;
    }
    return expression_statement(make(Stmt::Kind::Expression, t.span));
}

StmtPtr Parser::expression_statement(StmtPtr s) {
    s->a = expression();
    // `soma insert hh`, `soma { ... }`: a section, then what is done in it.
    const bool path = s->a->kind == Expr::Kind::Name && !s->a->has_arguments;
    const bool follows = punctuation("{") || now().kind == Token::Kind::Name;
    if (path && follows && !(now().kind == Token::Kind::Name && now().text == "else")) {
        s->kind = Stmt::Kind::Section;
        s->then = statement();
    }
    return s;
}

}  // namespace nrn::hoc
