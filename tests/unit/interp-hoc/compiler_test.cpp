// SPDX-License-Identifier: BSD-3-Clause
// The Hoc compiler: bytecode as text.
#include "compiler.hpp"

#include <gtest/gtest.h>

#include "nrn/api/scope.hpp"
#include "parser.hpp"

namespace nrn::hoc {
namespace {

class Names final : public NameOracle {
  public:
    [[nodiscard]] bool is_global(const std::string&) const override { return false; }
};

/// The instructions of the functions and statements in `text`, without indices and lines.
std::string code(const std::string& text) {
    Scope scope;
    scope.define_number("g", 1);
    ImpliedNumbers implied;
    const Names names;
    Parser parser(1, text, names);
    std::string all;
    while (const StmtPtr s = parser.next_statement()) all += disassemble(*Compiler(scope, implied).statement(*s, false));
    std::string bare;
    std::size_t at = 0;
    while (at < all.size()) {
        const std::size_t end = all.find('\n', at);
        const std::string line = all.substr(at, end - at);
        bare += (line.ends_with(':') ? line : line.substr(12)) + "\n";
        at = end + 1;
    }
    return bare;
}

std::string function(const std::string& body) {
    const std::string all = code("func f() { " + body + " }");
    return all.substr(all.find("f:\n") + 3);
}

TEST(HocCompiler, NumbersOfLocalsNeedNoCheck) {
    EXPECT_EQ(function("local i, s\n s = s + i*0.5\n return s"), "LoadLocal i\nMultiplyNumber 0.5\nAddLocal s\nLoadLocal s\nReturnValue\nReturn\n");
}

TEST(HocCompiler, AChangeInsideKeepsTheOrder) {
    // s = s + (s = 3) reads s first
    EXPECT_EQ(function("local s\n s = s + (s = 3)\n return s"),
              "LoadLocal s\nPushNumber 3\nStoreLocal s\nLoadLocal s\nAdd\nStoreLocal s\nLoadLocal s\nReturnValue\nReturn\n");
}

TEST(HocCompiler, ConditionsCompareAndJumpAtOnce) {
    EXPECT_EQ(function("if ($1 < 2) { return 1 }\n return 2"),
              "LoadArgument 1\nPushNumber 2\nJumpUnlessLess -> 5\nPushNumber 1\nReturnValue\nPushNumber 2\nReturnValue\nReturn\n");
}

TEST(HocCompiler, LoopsTestAtTheirEnd) {
    EXPECT_EQ(function("local i\n while (i < $1) { i += 1 }\n return i"),
              "Jump -> 2\nIncrementLocal i 1\nLoadLocal i\nLoadArgument 1\nJumpIfLess -> 1\nLoadLocal i\nReturnValue\nReturn\n");
}

TEST(HocCompiler, CountedLoopsAreOneInstructionATurn) {
    EXPECT_EQ(function("local i\n for i = 0, 9 { g += i }\n return 0"),
              "PushNumber 0\nPushNumber 9\nStoreLocal #1\nStoreLocal i\nBeginLocalRange -> 8 i to #1\nLoadLocal i\nUpdateVariable g +\n"
              "NextLocalRange -> 5 i to #1\nPushNumber 0\nReturnValue\nReturn\n");
}

TEST(HocCompiler, LeavingASectionBlockEndsIt) {
    EXPECT_EQ(function("soma { return 1 }"),
              "LoadVariable soma\nEnterSection #0\nPushNumber 1\nLeaveSection #0\nReturnValue\nLeaveSection #0\nReturn\n");
}

TEST(HocCompiler, EveryInstructionHasASpan) {
    Scope scope;
    const Names names;
    const std::string text = "proc p() {\n x = 1\n print x, y.z(3)\n}";
    Parser parser(1, text, names);
    const StmtPtr s = parser.next_statement();
    ImpliedNumbers implied;
    const auto compiled = Compiler(scope, implied).statement(*s, true);
    const Code& inner = *compiled->sites.front().code;
    ASSERT_EQ(inner.spans.size(), inner.instructions.size());
    for (const SourceSpan& span : inner.spans) EXPECT_GT(span.line, 0u);
}

}  // namespace
}  // namespace nrn::hoc
