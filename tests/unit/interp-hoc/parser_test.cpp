// SPDX-License-Identifier: BSD-3-Clause
// The Hoc parser: trees as text.
#include "parser.hpp"

#include <gtest/gtest.h>

#include "bytecode.hpp"
#include "nrn/api/error.hpp"

namespace nrn::hoc {
namespace {

/// Knows two built-ins.
class Names final : public NameOracle {
  public:
    [[nodiscard]] bool is_global(const std::string& name) const override { return name == "sin" || name == "v"; }
};

std::string tree(const std::string& text) {
    const Names names;
    Parser parser(1, text, names);
    std::string all;
    while (const StmtPtr s = parser.next_statement()) all += print_tree(*s);
    return all;
}

std::string message(const std::string& text) {
    try {
        (void)tree(text);
    } catch (const Error& error) {
        return error.message();
    }
    return "";
}

TEST(HocParser, OperatorsBindAsDocumented) {
    EXPECT_EQ(tree("x = 1 + 2*3^2 - -y"), "expression (x = ((1 + (2 * (3 ^ 2))) - (-y)))\n");
    EXPECT_EQ(tree("x = a || b && c == d < e"), "expression (x = (a || (b && ((c == d) < e))))\n");
    EXPECT_EQ(tree("x = 2^3^2"), "expression (x = (2 ^ (3 ^ 2)))\n");
    EXPECT_EQ(tree("x = -2^2"), "expression (x = (-(2 ^ 2)))\n");
    EXPECT_EQ(tree("x = !a + 1"), "expression (x = ((!a) + 1))\n");
}

TEST(HocParser, AVariableBeforeAnAssignmentOperatorIsAssigned) {
    EXPECT_EQ(tree("x = 97 + i += 1"), "expression (x = (97 + (i += 1)))\n");
    EXPECT_NE(message("x + 1 = 3"), message("x = 1 + 3"));
    EXPECT_NE(message("(x) = 3").find("only a variable"), std::string::npos);
}

TEST(HocParser, PathsHoldIndicesAndArguments) { EXPECT_EQ(tree("a.b[i].c(1, &x).d"), "expression a.b[i].c(1, &x).d\n"); }

TEST(HocParser, LocalsAreKnownByNumber) {
    EXPECT_EQ(tree("func f() { local i, j\n j = $1\n return i + j + k\n}"),
              "define f\n  block\n    local\n    expression (j@1 = $1)\n    return ((i@0 + j@1) + k)\n");
}

TEST(HocParser, NamesOfATemplateAreItsOwnUnlessBuiltIn) {
    EXPECT_EQ(tree("begintemplate A\npublic x\nexternal g\nproc init() { x = sin(g) }\nendtemplate A"),
              "template A\n  public x\n  external g\n  define init\n    block\n      expression (x#1 = sin(g))\n");
    EXPECT_EQ(tree("begintemplate A\npublic sin\nproc init() { x = sin }\nendtemplate A"),
              "template A\n  public sin\n  define init\n    block\n      expression (x#3 = sin#1)\n");
}

TEST(HocParser, ASectionMayStandBeforeAStatement) {
    EXPECT_EQ(tree("soma { nseg = 3 }"), "section soma\n  block\n    expression (nseg = 3)\n");
    EXPECT_EQ(tree("dend[1] insert hh"), "section dend[1]\n  insert hh\n");
}

TEST(HocParser, RangesAndRamps) { EXPECT_EQ(tree("diam(0:1) = 10:2"), "expression (diam(0:1) = 10:2)\n"); }

TEST(HocParser, ElseMayFollowOnTheNextLine) { EXPECT_EQ(tree("{ if (a) b = 1\nelse b = 2 }"), "block\n  if a\n    expression (b = 1)\n    expression (b = 2)\n"); }

TEST(HocParser, AtTopLevelNothingBehindTheLineIsRead) {
    const Names names;
    const std::string text = "if (a) b()\n1 2 3\n";
    Parser parser(1, text, names);
    (void)parser.next_statement();
    EXPECT_EQ(parser.rest(), "1 2 3\n");
}

TEST(HocParser, AtTopLevelALineHoldsOneStatement) {
    EXPECT_NE(message("a = 1 b = 2"), "");
    EXPECT_EQ(message("{ a = 1 b = 2 }"), "");
}

TEST(HocParser, WhatIsMissingIsNamed) {
    EXPECT_NE(message("x = (1 + 2").find("`)` is needed"), std::string::npos);
    EXPECT_NE(message("if (x { }").find("`)` is needed"), std::string::npos);
    EXPECT_NE(message("{ x = 1").find("not closed"), std::string::npos);
    EXPECT_NE(message("else x").find("without an `if`"), std::string::npos);
    EXPECT_NE(message("depvar x[3]").find("depvar wants names"), std::string::npos);
    EXPECT_NE(message("eqn x:: x").find("`=` is needed"), std::string::npos);
    EXPECT_NE(message("eqn x: x = 2").find("its parts"), std::string::npos);
    EXPECT_NE(message("eqn sin(x):: x = 2").find("dependent variable"), std::string::npos);
    EXPECT_NE(message("begintemplate A\nendtemplate B").find("endtemplate B"), std::string::npos);
}

TEST(HocParser, DeeplyNestedInputIsRefused) {
    const std::size_t n = 100000;
    EXPECT_NE(message("x = " + std::string(n, '(') + "1").find("too deep"), std::string::npos);
    EXPECT_NE(message("x = " + std::string(n, '-') + "1").find("too deep"), std::string::npos);
    EXPECT_NE(message(std::string(n, '{')).find("too deep"), std::string::npos);
    std::string sum = "x = 1", path = "x = a", powers = "x = 2";
    for (std::size_t i = 0; i < n; ++i) {
        sum += "+1";
        path += ".b";
        powers += "^2";
    }
    EXPECT_EQ(message(sum).find("too deep"), std::string::npos);  // a chain, not nested
    EXPECT_NE(message(path).find("too deep"), std::string::npos);
    EXPECT_NE(message(powers).find("too deep"), std::string::npos);
}

}  // namespace
}  // namespace nrn::hoc
