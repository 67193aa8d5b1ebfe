// SPDX-License-Identifier: BSD-3-Clause
// The interactive prompt: history, completion of names, statements over several lines, Ctrl-C.
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <sstream>

#include <readline/history.h>
#include <readline/readline.h>

#include "hoc_interpreter.hpp"
#include "interrupt_guard.hpp"
#include "nrn/api/class.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/scope.hpp"

namespace nrn::hoc {
namespace {

// readline is a library of one instance per process; this tells its callbacks who is prompting.
HocInterpreter* prompting = nullptr;
std::vector<std::string> candidates;

char* next_candidate(const char*, int state) {
    static std::size_t at = 0;
    if (state == 0) at = 0;
    return at < candidates.size() ? strdup(candidates[at++].c_str()) : nullptr;
}

/// Names that go on with what is typed: members behind `object.`, else top-level names.
char** completions(const char* word, int start, int) {
    rl_attempted_completion_over = 1;
    rl_completion_append_character = '\0';
    candidates.clear();
    if (!prompting) return nullptr;
    std::string before(rl_line_buffer, static_cast<std::size_t>(start));
    if (!before.empty() && before.back() == '.') {
        before.pop_back();
        std::size_t from = before.size();
        while (from > 0 && (std::isalnum(static_cast<unsigned char>(before[from - 1])) || before[from - 1] == '_')) --from;
        const Symbol* s = prompting->runtime().scope().find(before.substr(from));
        if (s && s->kind == Symbol::Kind::ObjectVar && !s->objects.empty() && s->objects[0])
            for (const auto& name : s->objects[0]->cls().member_names())
                if (name.starts_with(word)) candidates.push_back(name);
    } else {
        candidates = prompting->complete(word);
    }
    return rl_completion_matches(word, next_candidate);
}

}  // namespace

bool is_incomplete(const std::string& text) {
    std::string open;  // brackets, the innermost last
    bool quoted = false, comment = false, in_template = false, continued = false;
    std::string word;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i], next = i + 1 < text.size() ? text[i + 1] : '\0';
        if (comment) {
            if (c == '*' && next == '/') {
                comment = false;
                ++i;
            }
            continue;
        }
        if (quoted) {
            continued = c == '\\' && next == '\n' && i + 2 == text.size();
            if (c == '\\') ++i;
            quoted = c != '"' && c != '\n';
            continue;
        }
        if (std::isalnum(static_cast<unsigned char>(c)) || c == '_') {
            word += c;
            continue;
        }
        if (word == "begintemplate") in_template = true;
        if (word == "endtemplate") in_template = false;
        word.clear();
        if (c != '\n') continued = false;
        if (c == '/' && next == '/') while (i + 1 < text.size() && text[i + 1] != '\n') ++i;
        else if (c == '/' && next == '*') comment = true, ++i;
        else if (c == '"') quoted = true;
        else if (c == '{' || c == '(') open += c;
        else if ((c == '}' || c == ')') && !open.empty()) {
            if (open.back() != (c == '}' ? '{' : '(')) return false;  // no line to come mends that
            open.pop_back();
        }
        else if (c == '\\' && next == '\n') continued = true;
    }
    return comment || !open.empty() || in_template || continued;
}

int HocInterpreter::interactive(bool tty) {
    int status = 0;
    std::string pending;
    bool at_end = false;
    if (tty) {
        prompting = this;
        rl_readline_name = const_cast<char*>("nrn");
        rl_attempted_completion_function = completions;
        rl_basic_word_break_characters = const_cast<char*>(" \t\n\"\\'`@$><=;|&{(+-*/^%!,[.");
    }
    while (!at_end) {
        std::string line;
        if (tty) {
            char* typed = readline(pending.empty() ? "oc>" : ">");
            if (!typed) break;
            line = typed;
            if (!line.empty()) add_history(typed);
            std::free(typed);
        } else if (!std::getline(std::cin, line)) {
            if (pending.empty()) break;
            at_end = true;  // what is still open is reported
        }
        pending += line + "\n";
        if (!at_end && is_incomplete(pending)) continue;
        const std::string text = std::exchange(pending, {});
        try {
            const InterruptGuard guard(runtime_, InterruptGuard::Impatience::Borne);
            run_text(tty ? "<prompt>" : "<stdin>", text, Lines::OfProgram);
        } catch (const Error& error) {
            runtime_.console().flush();
            runtime_.console().err(runtime_.render(error));
            if (!tty) status = 1;
        }
        runtime_.console().flush();
    }
    if (tty) {
        prompting = nullptr;
        rl_attempted_completion_function = nullptr;
        runtime_.print("\n");
    }
    return status;
}

}  // namespace nrn::hoc
