// SPDX-License-Identifier: BSD-3-Clause
// Looks for words in C text; comments and strings do not count.
#include "passes/check_verbatim.hpp"

#include <algorithm>
#include <cctype>
#include <tuple>

#include <fmt/format.h>

#include "codegen/verbatim_prototypes.hpp"
#include "dataflow/solved_states.hpp"

namespace nrn::nmodl {
namespace {

struct Idiom {
    const char *name, *instead;
    bool reached_only;  // compiles, and says at run time that it cannot be done
};

const std::map<std::string, Idiom>& idioms() {
    static const std::map<std::string, Idiom> table = [] {
        std::map<std::string, Idiom> t;
        const auto add = [&](std::initializer_list<const char*> names, const char* instead, bool reached_only) {
            for (const char* n : names) t.emplace(n, Idiom{n, instead, reached_only});
        };
        add({"hoc_pushobj", "hoc_pushstr"}, "only numbers can be arguments of hoc_call_func", true);
        add({"mcell_ran4_init"}, "call it from Hoc or Python", true);
        add({"_nrn_mechanism_access_param"}, "use the mechanism's variables by their names", false);
        add({"cvode_fadvance", "clear_event_queue"}, "call fadvance from Hoc or Python", true);
        add({"hoc_call_ob_proc", "hoc_newobj1"}, "use hoc_oc(\"statement\") or a FUNCTION called from Hoc", false);
        add({"nrnran123_set_globalindex", "nrnran123_get_globalindex"}, "use Random123_globalindex of class Random", false);
        return t;
    }();
    return table;
}

class VerbatimCheck {
  public:
    VerbatimCheck(const Mechanism& m, Diagnostics& d) : m_(m), d_(d) {
        std::string outside;
        for (const auto& v : m.program.verbatim) outside += v.text;
        own_ = find_definitions(outside);
    }

    void text(const std::string& c_text, SourceSpan span) {
        for (std::size_t i = 0; i < c_text.size();) {
            const char c = c_text[i];
            std::size_t end = i + 1;
            if (c == '#' && (i == 0 || c_text.find_last_not_of(" \t", i - 1) == std::string::npos || c_text[c_text.find_last_not_of(" \t", i - 1)] == '\n')) {
                // a macro counts where it is used, or a condition picks another text
                do end = std::min(c_text.find('\n', end), c_text.size() - 1) + 1;
                while (end < c_text.size() && c_text[end - 2] == '\\');
                condition(c_text.substr(i + 1, end - i - 1));
            } else if (c_text.compare(i, 2, "//") == 0) end = std::min(c_text.find('\n', i), c_text.size());
            else if (c_text.compare(i, 2, "/*") == 0) end = c_text.find("*/", i + 2) == std::string::npos ? c_text.size() : c_text.find("*/", i + 2) + 2;
            else if (c == '{' || c == '}') brace(c, {span.source, line_, column_of(c_text, i, span), 1});
            else if (c == '"' || c == '\'') {
                while (end < c_text.size() && c_text[end] != c) end += c_text[end] == '\\' ? 2 : 1;
                end = std::min(end + 1, c_text.size());
            } else if (std::isalpha(static_cast<unsigned char>(c)) || c == '_') {
                while (end < c_text.size() && (std::isalnum(static_cast<unsigned char>(c_text[end])) || c_text[end] == '_')) ++end;
                word(c_text.substr(i, end - i), {span.source, line_, column_of(c_text, i, span), static_cast<std::uint32_t>(end - i)});
            }
            line_ += static_cast<std::uint32_t>(std::count(c_text.begin() + static_cast<std::ptrdiff_t>(i), c_text.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
            i = end;
        }
    }
    /// The text begins behind the word VERBATIM at `span`.
    void begin(SourceSpan span) { line_ = span.line; }

    /// The end of a block, whose pieces of C text may open braces for each other.
    void end_block() {
        const auto net = static_cast<long>(open_.size()) - static_cast<long>(extra_.size());
        sum_ += net;
        if (net > 0) unbalanced_.push_back({open_.back(), "`{` in VERBATIM text is not closed"});
        if (net < 0) unbalanced_.push_back({extra_.front(), "`}` in VERBATIM text closes nothing"});
        open_.clear();
        extra_.clear();
        conditions_.clear();
    }
    /// Braces that blocks close for each other are left to the C++ compiler.
    void end_file() {
        if (sum_ == 0) return;
        for (const auto& [span, message] : unbalanced_) d_.error(span, message, {}, ErrorKind::Syntax);
    }

  private:
    static std::uint32_t column_of(const std::string& c_text, std::size_t at, SourceSpan span) {
        const std::size_t line = c_text.rfind('\n', at);
        return static_cast<std::uint32_t>(line == std::string::npos ? span.column + span.length + at : at - line);
    }

    void brace(char c, SourceSpan at) {
        if (c == '{') open_.push_back(at);
        else if (!open_.empty()) open_.pop_back();
        else extra_.push_back(at);
    }

    /// Of #if ... #else only one branch counts.
    void condition(const std::string& directive) {
        const std::size_t first = directive.find_first_not_of(" \t");
        const std::string_view word = first == std::string::npos ? std::string_view() : std::string_view(directive).substr(first);
        if (word.starts_with("if")) conditions_.push_back({open_, extra_});
        if (conditions_.empty()) return;
        if (word.starts_with("el")) std::tie(open_, extra_) = conditions_.back();
        if (word.starts_with("endif")) conditions_.pop_back();
    }

    void word(const std::string& name, SourceSpan at) {
        const auto found = idioms().find(name);
        if (found == idioms().end() || own_.contains(name) || m_.variables.contains(name) || m_.procedures.contains(name) || !reported_.insert(name).second) return;
        if (found->second.reached_only) d_.warning(at, fmt::format("`{}` is not available in VERBATIM blocks: where it is reached, the run stops ({})", name, found->second.instead));
        else d_.error(at, fmt::format("`{}` is not available in VERBATIM blocks", name), found->second.instead, ErrorKind::Unsupported);
    }

    const Mechanism& m_;
    Diagnostics& d_;
    DefinedFunctions own_;
    std::set<std::string> reported_;
    std::uint32_t line_ = 1;
    std::vector<SourceSpan> open_, extra_;  // braces without their partner, in the present block
    std::vector<std::pair<std::vector<SourceSpan>, std::vector<SourceSpan>>> conditions_;
    std::vector<std::pair<SourceSpan, const char*>> unbalanced_;
    long sum_ = 0;
};

}  // namespace

void check_verbatim(Mechanism& mechanism, Diagnostics& diagnostics) {
    VerbatimCheck check(mechanism, diagnostics);
    const Program& p = mechanism.program;
    const auto visit = [&](const std::string& text, SourceSpan span) {
        check.begin(span);
        check.text(text, span);
    };
    for (const auto& v : p.verbatim) visit(v.text, v.span);
    check.end_block();
    const auto block = [&](const Block& b) {
        walk(b, [&](const Stmt& s) {
            if (s.kind == Stmt::Kind::Verbatim) visit(s.name, s.span);
        });
        check.end_block();
    };
    for (const Block* b : {&p.constructor, &p.destructor, &p.initial, &p.breakpoint}) block(*b);
    for (const auto& t : p.timed) block(t.body);
    for (const auto& q : p.procedures) block(q.body);
    check.end_file();
}

}  // namespace nrn::nmodl
