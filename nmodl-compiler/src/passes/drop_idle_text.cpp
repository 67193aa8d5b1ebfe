// SPDX-License-Identifier: BSD-3-Clause
// Compares the text without comments and blanks.
#include "passes/drop_idle_text.hpp"

#include <algorithm>
#include <cctype>
#include <set>
#include <string>

#include "passes/each_block.hpp"

namespace nrn::nmodl {
namespace {

/// Text that holds quotes is taken as it is: what looks like a comment there may be none.
std::string bare(const std::string& text) {
    std::string result;
    const bool plain = text.find_first_of("\"'#\\") == std::string::npos;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (plain && text.compare(i, 2, "//") == 0) {
            while (i < text.size() && text[i] != '\n') ++i;
        } else if (const auto end = plain && text.compare(i, 2, "/*") == 0 ? text.find("*/", i + 2) : std::string::npos; end != std::string::npos) {
            i = end + 1;
        } else if (!std::isspace(static_cast<unsigned char>(text[i]))) {
            result += text[i];
        }
    }
    return result;
}

bool says_nothing(const Stmt& s) { return s.kind == Stmt::Kind::Verbatim && bare(s.name).empty(); }

bool only_returns(const Stmt& s) {
    static const std::set<std::string> forms{"return0;", "return;", "return(0);", "return0.0;", "return0.;"};
    return s.kind == Stmt::Kind::Verbatim && forms.contains(bare(s.name));
}

void drop(Block& b) {
    std::erase_if(b, says_nothing);
    for (Stmt& s : b) {
        drop(s.body);
        drop(s.otherwise);
    }
}

}  // namespace

void drop_idle_text(Mechanism& m, Diagnostics&) {
    Program& p = m.program;
    if (!p.has_verbatim) return;
    std::erase_if(p.verbatim, [](const auto& v) { return bare(v.text).empty(); });
    p.has_verbatim = !p.verbatim.empty();
    each_block(p, [&](Block& b, const Procedure* q) {
        drop(b);
        if (q && q->kind == Procedure::Kind::Procedure && !b.empty() && only_returns(b.back())) b.pop_back();
        each_statement(b, [&](Stmt& s) { p.has_verbatim = p.has_verbatim || s.kind == Stmt::Kind::Verbatim; });
    });
}

}  // namespace nrn::nmodl
