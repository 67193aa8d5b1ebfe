// SPDX-License-Identifier: BSD-3-Clause
// Statements inside blocks.
#include "parser_base.hpp"

#include <algorithm>

namespace nrn::nmodl {

Block ParserBase::block() {
    expect("{");
    return statements_until_brace();
}

Block ParserBase::statements_until_brace() {
    Block body;
    while (!is("}")) {
        if (now().kind == Token::Kind::End) fail("syntax error: the block is not closed by `}` before the end of the file");
        body.push_back(statement());
    }
    expect("}");
    return body;
}

std::vector<Term> ParserBase::terms() {
    std::vector<Term> list;
    do {
        Term t;
        bool minus = take("-");
        if (now().kind == Token::Kind::Number) {
            constexpr double most = 100;  // as many factors does a rate have
            const Token number = next();
            t.coefficient = number.number;
            if (!(number.number >= 1 && number.number <= most) || number.number != static_cast<int>(number.number))
                d_.error(number.span, fmt::format("a whole number from 1 to {:g} may stand before a state, not {}", most, number.text));
        }
        if (minus) t.coefficient = -t.coefficient;
        const Token n = name("a state");
        auto e = std::make_shared<Expr>();
        e->kind = Expr::Kind::Name;
        e->text = n.text;
        e->span = n.span;
        if (take("[")) {
            e->args.push_back(expression());
            expect("]");
        }
        t.state = e;
        list.push_back(t);
    } while (take("+") || is("-"));
    return list;
}

void ParserBase::tilde(Stmt& s) {
    // A reaction, a flux, or a linear equation: the first of <->, ->, <<, = on the way decides.
    std::size_t k = at_;
    int depth = 0;
    std::string what;
    for (; tokens_[k].kind != Token::Kind::End; ++k) {
        const auto& t = tokens_[k].text;
        if (tokens_[k].kind == Token::Kind::Punctuation) {
            if (t == "(" || t == "[") ++depth;
            if (t == ")" || t == "]") --depth;
            if (depth == 0 && (t == "<->" || t == "->" || t == "<<" || t == "=" || t == "}")) {
                what = t;
                break;
            }
            // "<" "-" ">" written apart
            if (depth == 0 && t == "<" && tokens_[k + 1].text == "->") {
                what = "<->";
                break;
            }
        }
    }
    if (what == "=") {
        s.kind = Stmt::Kind::LinearEq;
        s.target = expression();
        expect("=");
        s.value = expression();
        return;
    }
    s.kind = Stmt::Kind::Reaction;
    s.left = terms();
    if (what == "<->") {
        if (!take("<->")) {
            expect("<");
            expect("->");
        }
        s.right = terms();
        expect("(");
        s.forward = expression();
        expect(",");
        s.backward = expression();
        expect(")");
    } else if (what == "->") {
        expect("->");
        s.arrow = Stmt::Arrow::Right;
        if (!is("(")) s.right = terms();
        expect("(");
        s.forward = expression();
        expect(")");
    } else if (what == "<<") {
        expect("<<");
        s.arrow = Stmt::Arrow::Into;
        expect("(");
        s.forward = expression();
        expect(")");
    } else {
        fail("syntax error: after `~` a reaction (<->, ->, <<) or an equation (=) is needed");
    }
}

void ParserBase::table(Stmt& s) {
    s.kind = Stmt::Kind::Table;
    while (now().kind == Token::Kind::Name && !is("DEPEND") && !is("FROM")) {
        s.names.push_back(next().text);
        take(",");
    }
    if (take("DEPEND"))
        while (now().kind == Token::Kind::Name && !is("FROM")) {
            s.depend.push_back(next().text);
            take(",");
        }
    expect("FROM");
    s.low = sum();
    expect("TO");
    s.high = sum();
    expect("WITH");
    s.count = integer_constant();
    if (s.count < 1) d_.error(s.span, "a TABLE needs at least one interval");
    if (s.count > 1000000) d_.error(s.span, fmt::format("a TABLE of {} intervals is too large: at most 1000000", s.count));
}

void ParserBase::solve(Stmt& s) {
    s.kind = Stmt::Kind::Solve;
    const Token t = name("the name of a block");
    s.name = t.text;
    s.span = t.span;
    if (take("METHOD")) s.method = name("a method").text;
    else if (take("STEADYSTATE")) {
        s.steady_state = true;
        s.method = name("a method").text;
    }
    if (take("IFERROR")) block();
}

/// One condition of a WATCH statement: (comparison) flag
Stmt ParserBase::watch(SourceSpan span) {
    Stmt s;
    s.kind = Stmt::Kind::Watch;
    s.span = span;
    expect("(");
    s.value = expression();
    expect(")");
    s.low = unary();
    return s;
}

void ParserBase::assignment_or_call(Stmt& s) {
    const Token t = now();
    if (ahead().text == "(" && ahead().kind == Token::Kind::Punctuation) {
        s.kind = Stmt::Kind::Call;
        s.value = primary();
        return;
    }
    ExprPtr target = primary();
    if (target->kind != Expr::Kind::Name) fail(fmt::format("syntax error: `{}` cannot be assigned to", t.text));
    if (!is("=")) fail(fmt::format("syntax error: `=` is needed after `{}`, not {}", t.text, shown()));
    next();
    s.value = expression();
    s.kind = Stmt::Kind::Assign;
    if (target->prime > 0) {
        s.kind = Stmt::Kind::DiffEq;
        auto plain = std::make_shared<Expr>(*target);
        plain->prime = 0;
        if (target->prime > 1) d_.error(t.span, "derivatives of second and higher order are not supported: write them as a system of first order");
        target = plain;
    }
    s.target = target;
}

/// LAG x BY tau: gives lag_x_tau its value. What was seen of x is behind a pointer that nobody else sees.
void ParserBase::lag(Stmt& s) {
    const Token variable = name("a variable");
    expect("BY");
    const Token delay = name("a delay");
    const std::string result = fmt::format("lag_{}_{}", variable.text, delay.text), history = result + "_seen";
    if (std::none_of(program_.bbcore.begin(), program_.bbcore.end(), [&](const auto& p) { return p.first == history; })) {
        program_.bbcore.emplace_back(history, variable.span);
        Declaration d;
        d.name = result;
        d.span = variable.span;
        d.kind = Declaration::Kind::Assigned;
        program_.declarations.push_back(d);
    }
    s.kind = Stmt::Kind::Assign;
    s.target = make_name(result, s.span);
    s.value = make_call("lag_value", {make_name(history, s.span), make_name(variable.text, variable.span), make_name(delay.text, delay.span)}, s.span);
}

Stmt ParserBase::statement() {
    const Deeper level(*this);
    Stmt s;
    s.span = now().span;
    const Token t = now();
    if (t.kind == Token::Kind::Verbatim) {
        s.kind = Stmt::Kind::Verbatim;
        s.name = t.text;
        program_.has_verbatim = true;
        next();
        return s;
    }
    if (take("~")) {
        tilde(s);
        return s;
    }
    if (is("{")) {
        s.kind = Stmt::Kind::Block;
        s.body = block();
        return s;
    }
    if (t.kind != Token::Kind::Name) fail(fmt::format("syntax error: a statement is needed here, not {}", shown()));
    if (take("LOCAL")) {
        s.kind = Stmt::Kind::Local;
        do {
            s.names.push_back(name("the name of a local variable").text);
            if (take("[")) {
                s.sizes.push_back(expression());
                expect("]");
            } else {
                s.sizes.push_back(nullptr);
            }
        } while (take(","));
    } else if (take("IF") || take("if")) {
        s.kind = Stmt::Kind::If;
        expect("(");
        s.value = expression();
        expect(")");
        s.body = is("{") ? block() : Block{statement()};
        if (take("ELSE") || take("else")) s.otherwise = is("{") ? block() : Block{statement()};
    } else if (take("WHILE") || take("while")) {
        s.kind = Stmt::Kind::While;
        expect("(");
        s.value = expression();
        expect(")");
        s.body = block();
    } else if (take("FROM")) {
        s.kind = Stmt::Kind::From;
        s.name = name("the name of an index").text;
        expect("=");
        s.low = sum();
        expect("TO");
        s.high = sum();
        if (take("BY")) s.step = sum();
        s.body = block();
    } else if (take("SOLVE")) {
        solve(s);
    } else if (take("TABLE")) {
        table(s);
    } else if (take("CONSERVE")) {
        s.kind = Stmt::Kind::Conserve;
        s.left = terms();
        expect("=");
        s.value = expression();
    } else if (take("COMPARTMENT") || is("LONGITUDINAL_DIFFUSION")) {
        s.kind = t.text == "COMPARTMENT" ? Stmt::Kind::Compartment : Stmt::Kind::Diffusion;
        if (s.kind == Stmt::Kind::Diffusion) next();
        if (now().kind == Token::Kind::Name && ahead().text == ",") {
            s.name = next().text;  // index variable
            expect(",");
        }
        s.value = expression();
        expect("{");
        while (!is("}")) s.names.push_back(name("a state").text);
        expect("}");
    } else if (take("WATCH")) {
        s.kind = Stmt::Kind::Block;
        do s.body.push_back(watch(t.span));
        while (take(","));
    } else if (take("PROTECT")) {
        return statement();
    } else if (is("MUTEXLOCK") || is("MUTEXUNLOCK")) {
        next();
        s.kind = Stmt::Kind::Block;
    } else if (take("FOR_NETCONS")) {
        s.kind = Stmt::Kind::ForNetcons;
        expect("(");
        while (!is(")")) {
            s.names.push_back(name("an argument").text);
            if (is("(")) units();
            take(",");
        }
        expect(")");
        s.body = block();
    } else if (take("INITIAL")) {
        s.kind = Stmt::Kind::Initial;
        s.body = block();
    } else if (take("CONDUCTANCE")) {
        s.kind = Stmt::Kind::Conductance;
        s.name = name("a conductance").text;
        if (take("USEION")) s.method = name("an ion").text;
    } else if (take("UNITSOFF") || take("UNITSON")) {
        program_.unit_switches.emplace_back(t.span, t.text == "UNITSON");
        s.kind = Stmt::Kind::Block;
    } else if (is("return") && ahead().text == "(") {
        next();
        s.kind = Stmt::Kind::Return;  // C that the language lets through
        s.value = primary();
    } else if (take("LAG")) {
        lag(s);
    } else if (is("FORALL") || is("SENS") || is("MATCH") || is("PLOT") || is("STEP") || is("PUTQ") || is("GETQ")) {
        fail(fmt::format("`{}` is not supported: it belongs to other simulators that read this language", t.text));
    } else {
        assignment_or_call(s);
    }
    return s;
}

}  // namespace nrn::nmodl
