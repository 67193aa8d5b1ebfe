// SPDX-License-Identifier: BSD-3-Clause
// What mechanisms translate to, and what is refused.
#include <gtest/gtest.h>

#include "codegen/cpp_printer.hpp"
#include "diagnostics.hpp"
#include "lexer.hpp"
#include "parser.hpp"
#include "pipeline.hpp"

namespace nrn::nmodl {
namespace {

struct Translated {
    std::string cpp, description, errors;
};

Translated translate(const std::string& text) {
    SourceRegistry sources;
    Diagnostics d;
    const auto source = sources.add("test.mod", text);
    Translated result;
    Program program = parse(source, sources, ".", d);
    if (!d.failed()) {
        Mechanism m;
        m.program = std::move(program);
        for (const Pass& pass : passes())
            if (pass.when == Pass::When::Always || (pass.when == Pass::When::IfGood && !d.failed())) pass.run(m, d);
        if (!d.failed()) result.cpp = print_cpp(m, "test", text, "0", d);
    }
    if (const auto at = result.cpp.find("static const nrn_mechanism mechanism"); at != std::string::npos) result.description = result.cpp.substr(at);
    result.cpp.resize(std::min(result.cpp.size(), result.cpp.find("static const nrn_mechanism mechanism")));  // which holds the source text
    for (const auto& e : d.errors()) result.errors += std::string(e.what()) + "\n";
    return result;
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(Translate, VerbatimVariablesAreNamedInPlaceButMembersAreNot) {
    const auto t = translate("NEURON { SUFFIX a RANGE m } ASSIGNED { m }\nFUNCTION f(x) {\nVERBATIM\n\t_lf = m + p->m + _lx;\nENDVERBATIM\n}");
    EXPECT_EQ(t.errors, "");
    EXPECT_TRUE(contains(t.cpp, "_lf = (nrn_k_.c_m[nrn_r_]) + p->m + _lx;")) << t.cpp;
}

TEST(Translate, VerbatimCallsGetTheThreadArguments) {
    const auto t = translate("NEURON { SUFFIX a }\nPROCEDURE q(x) { }\nFUNCTION f() {\nVERBATIM\n\tq(_threadargscomma_ 1.0); q(2.0);\nENDVERBATIM\n}");
    EXPECT_TRUE(contains(t.cpp, "f_q(nrn_k_, nrn_r_, nrn_v_, 1.0); f_q(nrn_k_, nrn_r_, nrn_v_, 2.0);")) << t.cpp;
}

TEST(Translate, OldPrototypesOfKnownFunctionsAreDropped) {
    const auto t = translate("NEURON { SUFFIX a }\nVERBATIM\nextern double* vector_vec();\nstatic int mine = 3;\nENDVERBATIM\n");
    EXPECT_FALSE(contains(t.cpp, "vector_vec()")) << t.cpp;
    EXPECT_TRUE(contains(t.cpp, "static int mine = 3;"));
}

TEST(Translate, AKnownFunctionLeavesItsDeclarationAndTheOthersStay) {
    const auto t = translate("NEURON { SUFFIX a }\nFUNCTION f() {\nVERBATIM\n\tchar *gargstr(), *file;\n\tfile = gargstr(1);\nENDVERBATIM\n}");
    EXPECT_TRUE(contains(t.cpp, "char * *file;") || contains(t.cpp, "char  *file;")) << t.cpp;
    EXPECT_FALSE(contains(t.cpp, "*gargstr(),"));
}

TEST(Translate, OwnFunctionsOfOldStyleBecomeModern) {
    const auto t = translate("NEURON { SUFFIX a }\nVERBATIM\nint mine();\nstatic int other() { return mine(1, 0); }\nint mine(n, x) int n; double *x;\n{ return n; }\nENDVERBATIM\n");
    EXPECT_TRUE(contains(t.cpp, "int mine(int n, double *x);")) << t.cpp;
    EXPECT_TRUE(contains(t.cpp, "int mine(int n, double *x)\n{ return n; }")) << t.cpp;
}

TEST(Translate, MacrosSeeTheInstanceOfTheBlockThatUsesThem) {
    const auto t = translate("NEURON { SUFFIX a RANGE m } ASSIGNED { m }\nVERBATIM\n#define TWICE (2*m)\n#if defined(t)\nint x;\n#endif\nENDVERBATIM\nFUNCTION f() {\nVERBATIM\n\treturn TWICE;\nENDVERBATIM\n}");
    EXPECT_TRUE(contains(t.cpp, "#define TWICE (2*nrn_verbatim_cell(0))")) << t.cpp;
    EXPECT_TRUE(contains(t.cpp, "#if defined(t)")) << t.cpp;
}

TEST(Translate, VariablesOfTheCTextHideThoseOfTheMechanism) {
    const auto t = translate("NEURON { SUFFIX a GLOBAL flag RANGE m } ASSIGNED { flag m }\nVERBATIM\nstatic int f(int m) { int i, flag; flag = m; return flag; }\nENDVERBATIM\n"
                             "FUNCTION g() {\nVERBATIM\n{ int k, r; k = r = 2; m = k; }\nENDVERBATIM\n}");
    EXPECT_TRUE(contains(t.cpp, "static int f(int m) { int i, flag; flag = m; return flag; }")) << t.cpp;
    EXPECT_TRUE(contains(t.cpp, "{ int k, r; k = r = 2; (nrn_k_.c_m[nrn_r_]) = k; }")) << t.cpp;
}

TEST(Translate, CTextMaySetTheTimeForWhatItCalls) {
    const auto t = translate("NEURON { SUFFIX a RANGE x } ASSIGNED { x }\nPROCEDURE p() {\nVERBATIM\nt = 3;\nENDVERBATIM\n q() }\nPROCEDURE q() { x = t }");
    EXPECT_TRUE(contains(t.cpp, "mutable double t")) << t.cpp;
}

TEST(Translate, ParametersOfCFunctionsMayHaveNamesOfTheMechanism) {
    const auto t = translate("NEURON { SUFFIX a GLOBAL tau RANGE m, x } PARAMETER { tau = 1 } ASSIGNED { m x[2] }\nVERBATIM\nextern double far(double tau, double* m);\nstatic double near(double m, double x[2], double tau) { return m + tau + x[1]; }\nENDVERBATIM\n"
                             "FUNCTION g() {\nVERBATIM\nm = near(m, 0, tau);\nENDVERBATIM\n}");
    EXPECT_TRUE(contains(t.cpp, "extern double far(double tau, double* m);")) << t.cpp;
    EXPECT_TRUE(contains(t.cpp, "static double near(double m, double x[2], double tau) { return m + tau + x[1]; }")) << t.cpp;
}

TEST(Translate, NamesOfVerbatimTextMayStandInBlocks) {
    const auto t = translate("NEURON { SUFFIX a RANGE m } ASSIGNED { m }\nVERBATIM\n#define LARGE 1e9\nENDVERBATIM\nINITIAL { m = LARGE }");
    EXPECT_EQ(t.errors, "");
    EXPECT_TRUE(contains(t.cpp, "k.c_m[r] = LARGE;")) << t.cpp;
}

TEST(Translate, RangeNamesWithoutDeclarationAndASecondBreakpointAreAccepted) {
    const auto t = translate("NEURON { SUFFIX a RANGE m, ghost NONSPECIFIC_CURRENT i } ASSIGNED { m v i }\nBREAKPOINT { m = 1 }\nBREAKPOINT { i = m*v }");
    EXPECT_EQ(t.errors, "");
}

TEST(Translate, CommentsWithLineEndsOfOldMacsEnd) {
    const auto t = translate(with_plain_line_ends("COMMENT\rtext\rENDCOMMENT\rNEURON { SUFFIX a }\r"));
    EXPECT_EQ(t.errors, "");
}

TEST(Translate, NestingAndLengthAreBounded) {
    const auto repeated = [](const std::string& s) {
        std::string all;
        for (int i = 0; i < 100000; ++i) all += s;
        return all;
    };
    const std::string head = "NEURON { SUFFIX a }\nINITIAL { LOCAL x\n x = ";
    for (const auto& text : {head + repeated("(") + "1" + repeated(")") + " }", head + repeated("-") + "1 }", head + "1" + repeated("+1") + " }", "NEURON { SUFFIX a }\nINITIAL " + repeated("{") + repeated("}"),
                             std::string("NEURON { SUFFIX a }\nSTATE { x[2000000000] }\n"), std::string("DEFINE N 1e300\nNEURON { SUFFIX a }\nSTATE { x[N] }\n")})
        EXPECT_NE(translate(text).errors, "");
}

TEST(Translate, BracesOfCTextArePaired) {
    const std::string head = "NEURON { SUFFIX a RANGE x } ASSIGNED { x v }\n";
    EXPECT_TRUE(contains(translate(head + "INITIAL {\nVERBATIM\n if (v < 0) {\n x = 2;\nENDVERBATIM\n}").errors, "`{` in VERBATIM text is not closed"));
    EXPECT_TRUE(contains(translate(head + "INITIAL {\nVERBATIM\n x = 2; }\nENDVERBATIM\n}").errors, "`}` in VERBATIM text closes nothing"));
    EXPECT_EQ(translate(head + "VERBATIM\n#if 1\nstatic int f(int a) { if (a) {\n#else\nstatic int f(int a) { if (!a) {\n#endif\n return '{'; } /* { */ return 0; }\nENDVERBATIM\n"
                              "INITIAL {\nVERBATIM\n if (v < 0) {\nENDVERBATIM\n x = 2\nVERBATIM\n }\nENDVERBATIM\n}").errors, "");
}

TEST(Translate, VeryManyExponentialsAreCalled) {
    const auto with = [](int n) {
        std::string text = "NEURON { SUFFIX a RANGE x NONSPECIFIC_CURRENT i }\nASSIGNED { v x i }\nBREAKPOINT {\n x = v\n";
        for (int k = 0; k < n; ++k) text += " x = x*0.5 + exp(x*0.01)\n";
        return translate(text + " i = x\n}\n").cpp;
    };
    EXPECT_FALSE(contains(with(20), "_apart"));
    EXPECT_TRUE(contains(with(300), "exp_apart(e")) << "in registers";
    EXPECT_TRUE(contains(with(3000), "#define nrn_exp nrn_exp_apart")) << "one instance after the other";
}

TEST(Translate, TheOrderOfInstancesCountsOnlyWhereTheyLeaveTraces) {
    const auto flags = [](const std::string& blocks) {
        const auto t = translate("NEURON { POINT_PROCESS P RANGE x GLOBAL total }\nASSIGNED { x v total }\nSTATE { m }\n" + blocks);
        EXPECT_EQ(t.errors, "");
        return std::pair(contains(t.description, "NRN_INITIAL_IN_ORDER"), contains(t.description, "NRN_DRAWS_SHARED_NUMBERS"));
    };
    using Where = std::pair<bool, bool>;  // in INITIAL, at each step
    EXPECT_EQ(flags("NET_RECEIVE(w) { total = total + w }\nPROCEDURE say() { printf(\"%g\", x) }\nBREAKPOINT { x = v }"), Where(false, false));
    EXPECT_EQ(flags("INITIAL { total = total + 1 }\nBREAKPOINT { x = v }"), Where(true, false));
    EXPECT_EQ(flags("INITIAL { draw() }\nPROCEDURE draw() { x = inner() }\nFUNCTION inner() { inner = scop_random() }\nBREAKPOINT { x = x + v }"), Where(true, false));
    EXPECT_EQ(flags("BREAKPOINT { SOLVE s METHOD cnexp }\nDERIVATIVE s { count() m' = -m }\nPROCEDURE count() { total = total + 1 }"), Where(false, true));
    EXPECT_EQ(flags("BEFORE STEP { x = normrand(0, 1) }\nBREAKPOINT { x = x + v }"), Where(false, true));
    EXPECT_EQ(flags("VERBATIM\nstatic double next() { return scop_random(); }\nENDVERBATIM\nBREAKPOINT { x = v }"), Where(true, true));
    EXPECT_EQ(flags("BREAKPOINT {\nVERBATIM\n  count(_threadargs_);\nENDVERBATIM\n x = v }\nPROCEDURE count() { total = total + 1 }"), Where(false, true));
}

TEST(Translate, UndeclaredIonVariablesAreNamed) {
    const auto t = translate("NEURON { SUFFIX a USEION na READ ena WRITE ina }\nASSIGNED { v ina }\nBREAKPOINT { ina = 1e-4*(v - ena) }");
    EXPECT_TRUE(contains(t.errors, "`ena`")) << t.errors;
}

TEST(Translate, SeveralErrorsAreReportedAtOnce) {
    const auto t = translate("NEURON { SUFFIX a }\nINITIAL { foo = 1 }\nBREAKPOINT { bar = 2 }");
    EXPECT_TRUE(contains(t.errors, "`foo`") && contains(t.errors, "`bar`")) << t.errors;
}

}  // namespace
}  // namespace nrn::nmodl
