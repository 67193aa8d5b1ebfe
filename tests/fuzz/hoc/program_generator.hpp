// SPDX-License-Identifier: BSD-3-Clause
// Random Hoc programs that follow the grammar, mostly; and damaged ones.
#pragma once
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace nrn::hoc::fuzz {

class ProgramGenerator {
  public:
    explicit ProgramGenerator(std::uint64_t seed) : random_(seed) {}
    /// A program: declarations, then statements, each a text of its own: an error ends one of them, not the program.
    std::vector<std::string> program();
    /// `text` with a few pieces deleted, doubled, exchanged or overwritten; pieces may come from `other`.
    std::string damaged(std::string text, const std::string& other);

  private:
    int below(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }
    bool chance(int percent) { return below(100) < percent; }
    template <std::size_t N>
    std::string one_of(const char* const (&words)[N]) { return words[below(static_cast<int>(N))]; }

    std::string number();
    std::string text();
    std::string variable();
    std::string place();
    std::string object();
    std::string section();
    std::string argument();
    std::string arguments(int most);
    std::string call();
    std::string expression();
    std::string target();
    std::string statement();
    std::string section_statement();
    std::string loop();
    std::string block(int most);
    std::string definition();
    std::string template_text();

    std::mt19937_64 random_;
    int depth_ = 0;
    bool in_function_ = false, in_iterator_ = false;
    int templates_ = 0;
};

}  // namespace nrn::hoc::fuzz
