// SPDX-License-Identifier: BSD-3-Clause
// Writes the tables of docs/hoc.md: functions and classes as their binding rows describe them.
#include <cstdio>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "hoc_interpreter.hpp"
#include "nrn/api/class_registry.hpp"
#include "nrn/api/scope.hpp"

namespace nrn::hoc {
namespace {

/// The signature in code, the rest as text, in one line of Markdown.
std::string row(const std::string& name, const std::string& doc) {
    if (doc.empty()) return fmt::format("- `{}`\n", name);
    const std::size_t end = doc.find('\n');
    std::string rest = end == std::string::npos ? "" : doc.substr(end + 1);
    for (char& c : rest)
        if (c == '\n') c = ' ';
    return fmt::format("- `{}`{}\n", doc.substr(0, end), rest.empty() ? "" : ": " + rest);
}

std::string classes(Runtime& runtime) {
    std::string text;
    for (const auto& cls : runtime.classes().all()) {
        text += fmt::format("\n### {}\n\n{}\n\n", cls->name(), cls->doc());
        for (const auto& name : cls->member_names()) {
            const Member* m = cls->member(name);
            if (m) text += row(name, m->doc());
        }
    }
    return text;
}

std::string functions(Runtime& runtime) {
    std::string text;
    for (const Symbol* s : runtime.scope().all())
        if (s->kind == Symbol::Kind::Function && s->callable) text += row(s->name + "()", s->doc.empty() ? s->callable->doc() : s->doc);
    return text;
}

}  // namespace
}  // namespace nrn::hoc

int main() {
    nrn::Runtime runtime{nrn::RuntimeOptions{.autoload = false, .host_program = "reference"}};
    const nrn::hoc::HocInterpreter hoc(runtime);
    const std::string text = "## Functions\n\n" + nrn::hoc::functions(runtime) + "\n## Classes\n" + nrn::hoc::classes(runtime);
    std::fwrite(text.data(), 1, text.size(), stdout);
    return 0;
}
