// SPDX-License-Identifier: BSD-3-Clause
// Where in which text something stands, and the texts themselves, so that errors can show the line.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nrn {

/// A run of characters in a registered source. line and column count from 1; source 0 is "nowhere".
struct SourceSpan {
    std::uint32_t source = 0;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    std::uint32_t length = 0;
    [[nodiscard]] explicit operator bool() const noexcept { return source != 0; }
};

/// All texts that were read: files, strings given to execute, prompts.
class SourceRegistry {
  public:
    /// Registers `text` under the display name `name` (a path, "<string>", "<prompt>").
    std::uint32_t add(std::string name, std::string text);
    [[nodiscard]] const std::string& name(std::uint32_t source) const;
    [[nodiscard]] const std::string& text(std::uint32_t source) const;
    /// The given line without its newline; empty when there is none.
    [[nodiscard]] std::string_view line(std::uint32_t source, std::uint32_t line) const;

  private:
    struct Text { std::string name, text; };
    std::vector<std::unique_ptr<Text>> texts_;
};

}  // namespace nrn
