// SPDX-License-Identifier: BSD-3-Clause
// The File object, and reading numbers and words as users' data files expect it.
#pragma once
#include <cstdio>
#include <optional>
#include <string>

#include "nrn/api/callable.hpp"
#include "nrn/api/object.hpp"

namespace nrn {

class File final : public Object {
  public:
    explicit File(Class& cls) : Object(cls) {}
    /// @throws Error(Io) if the file is not open
    [[nodiscard]] std::FILE* stream(const CallArgs& args) const;
    /// Closes and opens; false if that fails.
    bool open(const char* mode);
    /// False when what was written did not reach the file.
    bool close();
    std::string path;
    std::FILE* handle = nullptr;

  protected:
    ~File() override { close(); }
};

/// A folder can be opened like a file, but not read.
[[nodiscard]] bool is_folder(const std::string& path);
/// The next number, words that are none skipped; what follows it up to the next word is consumed. Empty at the end.
[[nodiscard]] std::optional<double> scan_number(std::FILE* in);
/// The next word; empty at the end.
[[nodiscard]] std::optional<std::string> scan_word(std::FILE* in);
/// A line with its newline; empty at the end.
[[nodiscard]] std::optional<std::string> read_line(std::FILE* in);
[[nodiscard]] bool at_end(std::FILE* in);

}  // namespace nrn
