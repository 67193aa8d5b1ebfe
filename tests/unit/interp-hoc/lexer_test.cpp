// SPDX-License-Identifier: BSD-3-Clause
// The Hoc lexer.
#include "lexer.hpp"

#include <gtest/gtest.h>

#include "nrn/api/error.hpp"

namespace nrn::hoc {
namespace {

/// Tokens as text, newlines as `;`, the end left out.
std::string tokens(std::string_view text) {
    std::string all;
    for (const Token& t : tokenize(1, text)) {
        if (t.kind == Token::Kind::End) break;
        if (!all.empty()) all += ' ';
        all += t.kind == Token::Kind::Newline ? ";" : t.text;
    }
    return all;
}

std::string message(std::string_view text) {
    try {
        (void)tokenize(1, text);
    } catch (const Error& error) {
        return error.message();
    }
    return "";
}

TEST(HocLexer, CommentsAndContinuedLinesAreGone) {
    EXPECT_EQ(tokens("a /* b\n c */ = 1 // d\nx \\\n+ y"), "a = 1 ; x + y");
}

TEST(HocLexer, LinesEndAsOnAnyMachine) {
    EXPECT_EQ(tokens("a\r\nb\rc // d\re\n"), "a ; b ; c ; e ;");
    EXPECT_EQ(tokens("a + \\  \r\n b"), "a + b");
    EXPECT_EQ(tokens("\xef\xbb\xbf" "a"), "a");
    EXPECT_EQ(tokenize(1, "a\rb")[2].span.line, 2u);
}

TEST(HocLexer, OperatorsOfTwoCharactersAreOne) { EXPECT_EQ(tokens("a<=b==c&&d||e!=f+=1"), "a <= b == c && d || e != f += 1"); }

TEST(HocLexer, NumbersHaveTheirValue) {
    const auto read = tokenize(1, "1 2.5 .5 1e-3 1.e2 0x1f 3e");
    EXPECT_EQ(read[0].number, 1);
    EXPECT_EQ(read[1].number, 2.5);
    EXPECT_EQ(read[2].number, 0.5);
    EXPECT_EQ(read[3].number, 1e-3);
    EXPECT_EQ(read[4].number, 100);
    EXPECT_EQ(read[5].number, 31);
    EXPECT_EQ(read[6].number, 3);
    EXPECT_EQ(read[7].kind, Token::Kind::End);  // `3e` is 3
}

TEST(HocLexer, EscapesInStringsAreReplaced) {
    const auto read = tokenize(1, R"("a\tb\n\"q\" \\")");
    EXPECT_EQ(read[0].kind, Token::Kind::String);
    EXPECT_EQ(read[0].text, "a\tb\n\"q\" \\");
}

TEST(HocLexer, ArgumentsTellTheirKindAndNumber) {
    const auto read = tokenize(1, "$1 $s2 $o3 $&4 $i $si");
    EXPECT_EQ(read[0].number, 1);
    EXPECT_EQ(read[1].text, "s");
    EXPECT_EQ(read[2].text, "o");
    EXPECT_EQ(read[3].text, "&");
    EXPECT_EQ(read[4].number, -1);
    EXPECT_EQ(read[5].text, "s");
    EXPECT_EQ(read[5].number, -1);
}

TEST(HocLexer, SpansCountLinesAndColumnsFromOne) {
    const auto read = tokenize(1, "a\n  bcd");
    EXPECT_EQ(read[2].span.line, 2u);
    EXPECT_EQ(read[2].span.column, 3u);
    EXPECT_EQ(read[2].span.length, 3u);
}

TEST(HocLexer, WhatIsNotClosedIsNamed) {
    EXPECT_NE(message("x = \"abc\n").find("not closed"), std::string::npos);
    EXPECT_EQ(message("/* abc"), "");  // a file may end in a comment that is not closed, as in the reference
    EXPECT_NE(message("a # b").find("`#`"), std::string::npos);
    EXPECT_NE(message("$0").find("counted from 1"), std::string::npos);
    EXPECT_NE(message("\x80").find("code 128"), std::string::npos);
}

TEST(HocLexer, WhatStandsBehindIsNotLookedAt) {
    const std::string text = "a = 1\n\"never closed";
    Lexer lexer(1, text);
    for (int i = 0; i < 4; ++i) EXPECT_NO_THROW((void)lexer.next());
    EXPECT_EQ(lexer.rest(), "\"never closed");
    EXPECT_THROW((void)lexer.next(), Error);
}

}  // namespace
}  // namespace nrn::hoc
