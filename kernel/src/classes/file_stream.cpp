// SPDX-License-Identifier: BSD-3-Clause
// Reading data files.
#include "classes/file_stream.hpp"

#include <cctype>
#include <cstdlib>

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
    handle = path.empty() ? nullptr : std::fopen(path.c_str(), mode);
    return handle != nullptr;
}

void File::close() {
    if (handle) std::fclose(handle);
    handle = nullptr;
}

std::optional<std::string> scan_word(std::FILE* in) {
    int c = std::getc(in);
    while (c != EOF && std::isspace(c)) c = std::getc(in);
    if (c == EOF) return {};
    std::string word;
    for (; c != EOF && !std::isspace(c); c = std::getc(in)) word += static_cast<char>(c);
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
        if (c == '\n') break;
    }
    if (line.empty()) return {};
    return line;
}

bool at_end(std::FILE* in) {
    const int c = std::getc(in);
    if (c == EOF) return true;
    std::ungetc(c, in);
    return false;
}

}  // namespace nrn
