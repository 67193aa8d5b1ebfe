// SPDX-License-Identifier: BSD-3-Clause
// Renders errors as STYLE section 6 shows.
#include "error/renderer.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace nrn {
namespace {

std::string place(SourceSpan span, const SourceRegistry& sources) {
    // The line a second time in words: what users of the field look for.
    return fmt::format("{}:{}:{} (line {})", sources.name(span.source), span.line, span.column, span.line);
}

/// The line and, below it, carets and the hint. Tabs are kept in the margin so that carets line up.
void show_line(std::string& out, SourceSpan span, const std::string& hint, const SourceRegistry& sources) {
    std::string_view line = sources.line(span.source, span.line);
    const std::string number = std::to_string(span.line);
    const std::size_t column = std::max<std::size_t>(1, span.column) - 1;
    constexpr std::size_t kMaxShown = 160;
    std::size_t cut = 0;
    if (line.size() > kMaxShown && column > kMaxShown / 2) cut = std::min(column - kMaxShown / 2, line.size() - 1);
    const std::string_view shown = line.substr(cut, kMaxShown);
    out += fmt::format("{} | {}\n{} | ", number, shown, std::string(number.size(), ' '));
    for (std::size_t i = cut; i < column; ++i) out += i < line.size() && line[i] == '\t' ? '\t' : ' ';
    const std::size_t room = shown.size() + cut > column ? shown.size() + cut - column : 1;
    out += std::string(std::clamp<std::size_t>(span.length, 1, std::max<std::size_t>(room, 1)), '^');
    if (!hint.empty()) out += " " + hint;
    out += '\n';
}

std::string render(std::string_view severity, const Error& error, const SourceRegistry& sources) {
    std::string out = fmt::format("{}[{}]: {}\n", severity, label(error.kind()), error.message());
    if (error.span()) {
        out += "  --> " + place(error.span(), sources) + "\n";
        show_line(out, error.span(), error.hint_text(), sources);
    } else if (!error.hint_text().empty()) {
        out += "  hint: " + error.hint_text() + "\n";
    }
    for (const auto& note : error.notes()) {
        if (note.span) {
            out += fmt::format("  note: {}\n  --> {}\n", note.text, place(note.span, sources));
            show_line(out, note.span, {}, sources);
        } else {
            out += fmt::format("  note: {}\n", note.text);
        }
    }
    return out;
}

}  // namespace

std::string render_error(const Error& error, const SourceRegistry& sources) {
    std::string out = render("error", error, sources);
    // A deep recursion has thousands of equal frames: the two ends tell enough.
    constexpr std::size_t kEnds = 12;
    const auto& frames = error.frames();
    for (std::size_t i = 0; i < frames.size(); ++i) {
        if (frames.size() > 2 * kEnds && i == kEnds) {
            out += fmt::format("  ... {} more calls\n", frames.size() - 2 * kEnds);
            i = frames.size() - kEnds;
        }
        const auto& frame = frames[i];
        if (!frame.span) {
            out += fmt::format("  called from {}\n", frame.function);
            continue;
        }
        std::string_view line = sources.line(frame.span.source, frame.span.line);
        const auto first = line.find_first_not_of(" \t");
        if (first != std::string_view::npos) line.remove_prefix(first);
        out += fmt::format("  in {} at {}:{} (line {}): {}\n", frame.function, sources.name(frame.span.source), frame.span.line, frame.span.line,
                           line.substr(0, 120));
    }
    return out;
}

std::string render_diagnostic(std::string_view severity, const Error& error, const SourceRegistry& sources) {
    return render(severity, error, sources);
}

}  // namespace nrn
