// SPDX-License-Identifier: BSD-3-Clause
#include "error/renderer.hpp"

#include <gtest/gtest.h>

using namespace nrn;

TEST(Renderer, ShowsPlaceLineCaretAndHint) {
    SourceRegistry sources;
    const auto file = sources.add("cell.hoc", "create soma\nsoma { gnabarr_hh = 0.12 }\n");
    const Error error = Error(ErrorKind::Name, SourceSpan{file, 2, 8, 10}, "`hh` has no variable `gnabarr`")
                            .hint("did you mean `gnabar_hh`?");
    EXPECT_EQ(render_error(error, sources),
              "error[name]: `hh` has no variable `gnabarr`\n"
              "  --> cell.hoc:2:8 (line 2)\n"
              "2 | soma { gnabarr_hh = 0.12 }\n"
              "  |        ^^^^^^^^^^ did you mean `gnabar_hh`?\n");
}

TEST(Renderer, WithoutPlaceTheHintStandsAlone) {
    SourceRegistry sources;
    EXPECT_EQ(render_error(Error(ErrorKind::Plugin, "no solver").hint("install it"), sources),
              "error[plugin]: no solver\n  hint: install it\n");
}

TEST(Renderer, ACaretBeyondTheLineIsHarmless) {
    SourceRegistry sources;
    const auto s = sources.add("<string>", "x");
    const std::string text = render_error(Error(ErrorKind::Syntax, SourceSpan{s, 1, 9, 50}, "bad"), sources);
    EXPECT_NE(text.find('^'), std::string::npos);
    EXPECT_NO_THROW((void)render_error(Error(ErrorKind::Syntax, SourceSpan{s, 7, 1, 1}, "bad"), sources));
}

TEST(Renderer, DeepRecursionShowsBothEndsOnly) {
    SourceRegistry sources;
    const auto s = sources.add("a.hoc", "func f() { return f() }\n");
    Error error(ErrorKind::Runtime, "too deep");
    for (int i = 0; i < 1000; ++i) error.add_frame(SourceSpan{s, 1, 19, 3}, "f");
    const std::string text = render_error(error, sources);
    EXPECT_NE(text.find("976 more calls"), std::string::npos);
    EXPECT_LT(text.size(), 4000u);
}
