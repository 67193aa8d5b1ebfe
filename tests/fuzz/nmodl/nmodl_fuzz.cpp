// SPDX-License-Identifier: BSD-3-Clause
// Runs damaged .mod files through every pass and printer for a while. The compiler may refuse them; a signal, an
// exception other than its own or a file that takes longer than a minute is a failure. The file at work is kept, so that
// it is there after a crash.
//   nmodl_fuzz [--seconds N] [--seed S] [--keep FILE] FILES...
// Files given run first as they are (cases found earlier), then lend pieces to damaged ones.
#include <cctype>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include <unistd.h>

#include "ast_printer.hpp"
#include "codegen/cpp_printer.hpp"
#include "dataflow/flow_text.hpp"
#include "diagnostics.hpp"
#include "error/renderer.hpp"
#include "lexer.hpp"
#include "parser.hpp"
#include "pipeline.hpp"

namespace nrn::nmodl {
namespace {

using Words = std::vector<std::string>;

Words split(const std::string& text) {
    Words words;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t end = i + 1;
        const auto same = [&](auto is) {
            while (end < text.size() && is(static_cast<unsigned char>(text[end]))) ++end;
        };
        const auto first = static_cast<unsigned char>(text[i]);
        if (std::isspace(first)) same([](int c) { return std::isspace(c); });
        else if (std::isalnum(first) || first == '_') same([](int c) { return std::isalnum(c) || c == '_'; });
        words.push_back(text.substr(i, end - i));
        i = end;
    }
    return words;
}

class Damage {
  public:
    Damage(const std::vector<Words>& corpus, unsigned seed) : corpus_(corpus), chance_(seed) {}

    std::string make() {
        Words words = corpus_[below(corpus_.size())];
        for (std::size_t n = 1 + below(6); n-- > 0;) change(words);
        std::string text;
        for (const auto& w : words) text += w;
        return text;
    }

  private:
    std::size_t below(std::size_t n) { return n == 0 ? 0 : std::uniform_int_distribution<std::size_t>(0, n - 1)(chance_); }
    auto at(Words& w, std::size_t i) { return w.begin() + static_cast<std::ptrdiff_t>(std::min(i, w.size())); }

    void change(Words& words) {
        if (words.empty()) words.emplace_back("NEURON");
        const std::size_t place = below(words.size());
        const Words& other = corpus_[below(corpus_.size())];
        switch (below(6)) {
        case 0: words.erase(at(words, place), at(words, place + 1 + below(8))); return;
        case 1: words[place] = other[below(other.size())]; return;
        case 2: {
            const std::size_t begin = below(other.size()), end = std::min(other.size(), begin + 1 + below(30));
            words.insert(at(words, place), other.begin() + static_cast<std::ptrdiff_t>(begin), other.begin() + static_cast<std::ptrdiff_t>(end));
            return;
        }
        case 3: {
            const Words part(at(words, place - std::min<std::size_t>(place, 20)), at(words, place));
            words.insert(at(words, place), part.begin(), part.end());
            return;
        }
        case 4: {  // a character
            std::string& w = words[place];
            if (!w.empty()) w[below(w.size())] = static_cast<char>(below(256));
            return;
        }
        default: {  // numbers are where limits are
            static const char* const numbers[] = {"0", "-1", "1e308", "99999999999", "2147483648", "1e-320", "0.5", "100000", "[", "]", "{", "}", "(", ")"};
            words[place] = numbers[below(std::size(numbers))];
        }
        }
    }

    const std::vector<Words>& corpus_;
    std::mt19937 chance_;
};

/// As `nrn compile` does, without files. @returns whether the text was accepted
bool compile(const std::string& text) {
    SourceRegistry sources;
    Diagnostics d;
    const std::string nmodl = with_plain_line_ends(text);
    const auto source = sources.add("fuzz.mod", nmodl);
    Mechanism m;
    m.program = parse(source, sources, "/nonexistent", d);
    (void)to_nmodl(m.program);
    if (!d.failed()) {
        for (const Pass& pass : passes())
            if (pass.when == Pass::When::Always) pass.run(m, d);
        if (!d.failed()) {
            Diagnostics units;
            for (const Pass& pass : passes())
                if (pass.when == Pass::When::IfAsked) pass.run(m, units);
            for (const Pass& pass : passes())
                if (pass.when == Pass::When::IfGood) pass.run(m, d);
            for (const Error& e : units.errors()) (void)render_diagnostic("error", e, sources);
            (void)to_nmodl(m.program);
            (void)kernels_as_text(m);
            (void)print_cpp(m, "fuzz", nmodl, "0", d);
        }
    }
    d.sort();
    for (const Error& e : d.errors()) (void)render_diagnostic("error", e, sources);
    for (const Error& w : d.warnings()) (void)render_diagnostic("warning", w, sources);
    return !d.failed();
}

std::string read(const char* file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

int run(int argc, char** argv) {
    double seconds = 10;
    unsigned seed = 1;
    std::string keep = "nmodl_fuzz_kept.mod";
    std::vector<Words> corpus;
    long texts = 0, accepted = 0;
    const auto attempt = [&](const std::string& text) {
        std::ofstream(keep, std::ios::binary) << text;
        alarm(60);
        ++texts;
        accepted += compile(text);
        alarm(0);
    };
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        if (word == "--seconds" && i + 1 < argc) seconds = std::atof(argv[++i]);
        else if (word == "--seed" && i + 1 < argc) seed = static_cast<unsigned>(std::atoi(argv[++i]));
        else if (word == "--keep" && i + 1 < argc) keep = argv[++i];
        else {
            const std::string text = read(argv[i]);
            attempt(text);
            if (!text.empty()) corpus.push_back(split(text));
        }
    }
    if (corpus.empty()) corpus.push_back(split("NEURON { SUFFIX a RANGE b } PARAMETER { b = 1 (mV) } ASSIGNED { v } BREAKPOINT { b = v }"));
    Damage damage(corpus, seed);
    const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
    while (std::chrono::steady_clock::now() < end) attempt(damage.make());
    std::printf("nmodl_fuzz: %ld files, %ld accepted\n", texts, accepted);
    std::remove(keep.c_str());
    return 0;
}

}  // namespace
}  // namespace nrn::nmodl

int main(int argc, char** argv) { return nrn::nmodl::run(argc, argv); }
