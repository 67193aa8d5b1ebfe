// SPDX-License-Identifier: BSD-3-Clause
// The Hoc machine: what programs compute, and what errors leave behind.
#include <gtest/gtest.h>

#include "hoc_interpreter.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/scope.hpp"

namespace nrn::hoc {
namespace {

class HocVm : public testing::Test {
  protected:
    HocVm() : hoc(runtime) {
        runtime.console().out = [this](std::string_view text) { printed += text; };
        runtime.console().err = [this](std::string_view text) { printed += text; };
    }
    std::string run(const std::string& text) {
        printed.clear();
        hoc.run_text("<test>", text + "\n");
        return printed;
    }
    Error failure(const std::string& text) {
        try {
            (void)run(text);
        } catch (const Error& error) {
            return error;
        }
        return Error(ErrorKind::Runtime, "no error");
    }
    Runtime runtime{RuntimeOptions{.autoload = false, .host_program = "test"}};
    HocInterpreter hoc;
    std::string printed;
};

TEST_F(HocVm, CallsHaveTheirOwnArgumentsAndLocals) {
    EXPECT_EQ(run("func fib() { if ($1 < 2) return $1\n return fib($1-1) + fib($1-2) }\nprint fib(15)"), "610 \n");
    EXPECT_EQ(run("proc f() { local i\n i = $1\n $1 = 7\n print i, $1 }\nf(3)"), "3 7 \n");
}

TEST_F(HocVm, FunctionsMayBeDefinedAnewAlsoWhileTheyRun) {
    (void)run("func f() { return 1 }\nfunc g() { return f() }");
    EXPECT_EQ(run("print g()"), "1 \n");
    EXPECT_EQ(run("func f() { return 2 }\nprint g()"), "2 \n");
    EXPECT_EQ(run("proc r() { execute1(\"proc r() { print 9 }\") print 8 }\nr()\nr()"), "8 \n9 \n");
}

TEST_F(HocVm, VariablesMayBeDeclaredBetweenCalls) {
    (void)run("proc show() { print x }");
    EXPECT_EQ(failure("show()").kind(), ErrorKind::Name);
    EXPECT_EQ(run("x = 3\nshow()"), "3 \n");
    EXPECT_EQ(run("double x[2]\nx[0] = 4\nshow()"), "4 \n");
}

TEST_F(HocVm, CachesOfMembersFollowTheObject) {
    (void)run("begintemplate A\npublic w\nfunc w() { return 1 }\nendtemplate A\nbegintemplate B\npublic w\nproc init() { w = 2 }\nendtemplate B");
    EXPECT_EQ(run("objref o[3]\no[0] = new A()\no[1] = new B()\no[2] = new A()\nfor i=0,2 print o[i].w"), "1 \n2 \n1 \n");
}

TEST_F(HocVm, IteratorsRunTheirBodyInTheCallersScope) {
    (void)run("iterator upto() { local k\n for k = 1, $2 { $&1 = k\n iterator_statement } }");
    EXPECT_EQ(run("func sum() { local s\n s = 0\n for upto(&i, $1) { if (i == 3) continue\n s += i }\n return s }\ni = 0\nprint sum(4)"), "7 \n");
    EXPECT_EQ(run("func first() { for upto(&i, 9) for upto(&j, 9) if (i*j == 12) return i*10 + j\n return 0 }\nj = 0\nprint first()"), "26 \n");
    EXPECT_EQ(run("for upto(&i, 9) { if (i == 4) break }\nprint i"), "4 \n");
}

TEST_F(HocVm, ObjectArgumentsCanBeAssigned) {
    EXPECT_EQ(run("objref a\nproc make() { $o1 = new Vector(3) }\nproc pass() { make($o1) }\npass(a)\nprint a.size()"), "3 \n");
}

TEST_F(HocVm, EndlessRecursionNamesTheFunctionAndEndsNothingElse) {
    EXPECT_NE(failure("proc again() { again() }\nagain()").message().find("`again`"), std::string::npos);
    EXPECT_EQ(run("print 1"), "1 \n");
    EXPECT_NE(failure("proc over() { execute(\"over()\") }\nover()").message().find("too deep"), std::string::npos);
    EXPECT_EQ(run("print 2"), "2 \n");
    const Error error = failure("begintemplate T\nobjref t\nproc init() { t = new T() }\nendtemplate T\nobjref q\nq = new T()");
    EXPECT_NE(error.message().find("too deep"), std::string::npos);
    EXPECT_EQ(hoc.vm().depth(), 0u);
}

TEST_F(HocVm, ErrorsTellPlaceAndCallChain) {
    const Error error = failure("proc inner() {\n  y = 1 / $1\n}\nproc outer() { inner($1) }\nouter(0)");
    EXPECT_EQ(error.span().line, 2u);
    EXPECT_EQ(error.span().column, 9u);
    ASSERT_EQ(error.frames().size(), 2u);
    EXPECT_EQ(error.frames()[0].function, "inner");
    EXPECT_EQ(error.frames()[0].span.line, 4u);
    EXPECT_EQ(error.frames()[1].function, "outer");
    EXPECT_EQ(error.frames()[1].span.line, 5u);
}

TEST_F(HocVm, AnErrorEndsSectionBlocks) {
    (void)run("create a, b\naccess a");
    (void)failure("b { x = 1/0 }");
    EXPECT_EQ(run("print secname()"), "a\n");
    EXPECT_EQ(run("func f() { b { return 5 } }\nprint f(), secname()"), "5 a\n");
    EXPECT_EQ(run("for i=0,3 { b { if (i == 1) continue\n if (i == 2) break } }\nprint secname()"), "a\n");
}

TEST_F(HocVm, StopEndsTheStatementOnly) { EXPECT_EQ(run("proc s() { print 1\n stop }\n{ s() print 2 }\nprint 3"), "1 \n3 \n"); }

}  // namespace
}  // namespace nrn::hoc
