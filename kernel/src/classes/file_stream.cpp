// SPDX-License-Identifier: BSD-3-Clause
// Reading data files.
#include "classes/file_stream.hpp"

#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "nrn/api/error.hpp"

namespace nrn {

std::FILE* File::stream(const CallArgs& args) const {
    if (handle) return handle;
    throw Error(ErrorKind::Runtime, args.span, fmt::format("`File.{}`: no file is open", args.function()))
        .hint("open it with ropen, wopen or aopen first");
}

bool File::open(const char* mode) {
    close();
    handle = path.empty() || is_folder(path) ? nullptr : std::fopen(path.c_str(), mode);
    return handle != nullptr;
}

bool File::close() {
    std::FILE* const closing = std::exchange(handle, nullptr);
    if (!closing) return true;
    const bool failed = std::ferror(closing) != 0;
    return std::fclose(closing) == 0 && !failed;
}

bool is_folder(const std::string& path) {
    std::error_code failed;
    return std::filesystem::is_directory(path, failed);
}

namespace {

/// @throws Error(Io) when a line or word goes on for ever, as in /dev/zero
void require_text(const std::string& read) {
    constexpr std::size_t kMost = std::size_t{1} << 28;
    if (read.size() > kMost) throw Error(ErrorKind::Io, fmt::format("this is no text file: a line or word has more than {} characters", kMost));
}

}  // namespace

std::optional<std::string> scan_word(std::FILE* in) {
    int c = std::getc(in);
    while (c != EOF && std::isspace(c)) c = std::getc(in);
    if (c == EOF) return {};
    std::string word;
    for (; c != EOF && !std::isspace(c); c = std::getc(in)) {
        word += static_cast<char>(c);
        require_text(word);
    }
    if (c != EOF) std::ungetc(c, in);
    return word;
}

std::optional<double> scan_number(std::FILE* in) {
    while (auto word = scan_word(in)) {
        const char first = (*word)[0];
        if (std::isalpha(static_cast<unsigned char>(first))) continue;  // words such as nan and inf are text here
        char* end = nullptr;
        const double x = std::strtod(word->c_str(), &end);
        if (end == word->c_str()) continue;
        // Leave the stream at the next word, so that the end of the file is seen after the last number.
        int c = std::getc(in);
        while (c != EOF && std::isspace(c)) c = std::getc(in);
        if (c != EOF) std::ungetc(c, in);
        return x;
    }
    return {};
}

std::optional<std::string> read_line(std::FILE* in) {
    std::string line;
    for (int c = std::getc(in); c != EOF; c = std::getc(in)) {
        line += static_cast<char>(c);
        if (c == '\n') return line;
        require_text(line);
    }
    if (line.empty()) return {};
    return line + "\n";  // the file's end ends its last line
}

bool at_end(std::FILE* in) {
    const int c = std::getc(in);
    if (c == EOF) return true;
    std::ungetc(c, in);
    return false;
}

}  // namespace nrn
