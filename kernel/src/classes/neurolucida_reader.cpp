// SPDX-License-Identifier: BSD-3-Clause
// Neurolucida ASCII version 3: nested parentheses. A block holds properties, points `(x y z d)` and, at its
// end, branches `( ... | ... )`. Markers, spines and outlines of other things than the soma are passed over.
#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>

#include <fmt/format.h>

#include "classes/morphology_section.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {
namespace {

struct Token {
    enum Kind { Open, Close, Bar, SpineOpen, SpineClose, Word, Text, Number, End } kind = End;
    std::string text;
    double number = 0;
    long line = 0;
};

std::vector<Token> tokens_of(const MorphologyFile& file) {
    std::vector<Token> tokens;
    const auto& lines = file.lines();
    for (std::size_t n = 0; n < lines.size(); ++n) {
        const std::string& s = lines[n];
        const long line = static_cast<long>(n) + 1;
        for (std::size_t i = 0; i < s.size();) {
            const char c = s[i];
            if (c == ';') break;  // a comment
            if (std::isspace(static_cast<unsigned char>(c)) || c == ',') {
                ++i;
            } else if (c == '(' || c == ')' || c == '|' || c == '<' || c == '>') {
                tokens.push_back({c == '(' ? Token::Open : c == ')' ? Token::Close : c == '|' ? Token::Bar : c == '<' ? Token::SpineOpen : Token::SpineClose, {}, 0, line});
                ++i;
            } else if (c == '"') {
                const std::size_t end = s.find('"', i + 1);
                if (end == std::string::npos) file.fail(line, "a text begins with \" and does not end on its line");
                tokens.push_back({Token::Text, s.substr(i + 1, end - i - 1), 0, line});
                i = end + 1;
            } else {
                std::size_t end = i;
                while (end < s.size() && !std::isspace(static_cast<unsigned char>(s[end])) && std::string_view("(),|<>;\"").find(s[end]) == std::string_view::npos) ++end;
                Token t{Token::Word, s.substr(i, end - i), 0, line};
                char* rest = nullptr;
                t.number = std::strtod(t.text.c_str(), &rest);
                if (!*rest && !std::isalpha(static_cast<unsigned char>(t.text[0]))) t.kind = Token::Number;
                tokens.push_back(t);
                i = end;
            }
        }
    }
    tokens.push_back({Token::End, {}, 0, static_cast<long>(lines.size())});
    return tokens;
}

class Parser {
  public:
    Parser(Runtime& runtime, MorphologyFile& file) : runtime_(runtime), file_(file), tokens_(tokens_of(file)) {}

    MorphologySections read() {
        while (peek().kind != Token::End) {
            if (peek().kind != Token::Open) {  // stray words between blocks
                ++at_;
                continue;
            }
            block();
        }
        MorphologySections sections;
        append_somata(runtime_, sections, somata_);
        const MorphologySections somata = sections;
        for (const MorphologyChain& tree : trees_) append_tree(runtime_, sections, tree, soma_of_tree(somata, tree));
        if (sections.empty()) file_.fail(tokens_.back().line, "the file has neither a soma nor a tree");
        for (std::size_t k = 0; k < sections.size(); ++k) sections[k]->id = static_cast<double>(k);
        return sections;
    }

  private:
    const Token& peek(std::size_t ahead = 0) const { return tokens_[std::min(at_ + ahead, tokens_.size() - 1)]; }
    bool point_ahead() const { return peek().kind == Token::Open && peek(1).kind == Token::Number; }

    static long type_of(const std::string& word) {
        if (word == "CellBody") return 1;
        if (word == "Axon") return 2;
        if (word == "Dendrite") return 3;
        if (word == "Apical") return 4;
        return 0;
    }

    /// Skips a whole parenthesis or spine whose beginning is the next token.
    void skip_group() {
        const long line = peek().line;
        long depth = 0;
        do {
            const Token::Kind kind = peek().kind;
            if (kind == Token::End) file_.fail(line, "a parenthesis opens here and is never closed");
            if (kind == Token::Open || kind == Token::SpineOpen) ++depth;
            if (kind == Token::Close || kind == Token::SpineClose) --depth;
            ++at_;
        } while (depth > 0);
    }

    MorphologyPoint point() {
        const long line = peek().line;
        ++at_;
        std::vector<double> numbers;
        while (peek().kind == Token::Number) {
            numbers.push_back(peek().number);
            ++at_;
        }
        while (peek().kind == Token::Word || peek().kind == Token::Text) ++at_;  // S1 and the like
        if (peek().kind != Token::Close) file_.fail(peek().line, "a point `(x y z diameter)` is not closed by a parenthesis");
        ++at_;
        if (numbers.size() < 3) file_.fail(line, fmt::format("a point has {} numbers; x, y, z and the diameter are wanted", numbers.size()));
        MorphologyPoint p{numbers[0], numbers[1], numbers[2], numbers.size() > 3 ? numbers[3] : 0};
        if (p.diameter < 0) file_.fail(line, fmt::format("the diameter of a point must be >= 0, not {:g}", p.diameter));
        return p;
    }

    /// Points and branches up to the closing parenthesis or the next bar of the enclosing branch.
    MorphologyChain chain(long type, long depth) {
        constexpr long kDeepest = 2000;
        if (depth > kDeepest) file_.fail(peek().line, "branches are nested too deeply");
        MorphologyChain c;
        c.type = type;
        c.line = peek().line;
        while (peek().kind != Token::Close && peek().kind != Token::Bar) {
            if (peek().kind == Token::End) file_.fail(c.line, "a branch begins here and is never closed");
            if (point_ahead()) {
                c.line = peek().line;
                c.points.push_back(point());
            } else if (peek().kind == Token::Open && begins_branches()) {
                ++at_;
                for (;;) {
                    c.branches.push_back(chain(type, depth + 1));
                    if (peek().kind != Token::Bar) break;
                    ++at_;
                }
                ++at_;  // the closing parenthesis
            } else if (peek().kind == Token::Open || peek().kind == Token::SpineOpen) {
                skip_group();  // a marker, a property, a spine
            } else {
                ++at_;  // Normal, Incomplete, High ...
            }
        }
        std::erase_if(c.branches, [](const MorphologyChain& b) { return b.points.empty() && b.branches.empty(); });
        return c;
    }

    /// Does the parenthesis ahead hold branches (points, or again branches), not a property or marker?
    bool begins_branches() const {
        std::size_t ahead = 1;
        for (;;) {
            switch (peek(ahead).kind) {
            case Token::Open:
                if (peek(ahead + 1).kind == Token::Number || peek(ahead + 1).kind == Token::Open) return true;
                while (peek(ahead).kind != Token::Close && peek(ahead).kind != Token::End) ++ahead;  // a property first
                ++ahead;
                break;
            case Token::SpineOpen:
                while (peek(ahead).kind != Token::SpineClose && peek(ahead).kind != Token::End) ++ahead;
                ++ahead;
                break;
            case Token::Bar: return true;
            default: return false;
            }
        }
    }

    /// A block at top level: its properties say what it is.
    void block() {
        const std::size_t begin = at_;
        ++at_;
        long type = 0;
        bool known = false;
        while (peek().kind != Token::Close && !point_ahead()) {
            if (peek().kind == Token::End) file_.fail(tokens_[begin].line, "a block opens here and is never closed");
            if (peek().kind == Token::Open && peek(1).kind == Token::Word) {
                if (const long t = type_of(peek(1).text)) {
                    type = t;
                    known = true;
                }
                skip_group();
            } else if (peek().kind == Token::Open || peek().kind == Token::SpineOpen) {
                if (begins_branches() && known) break;
                skip_group();
            } else {
                ++at_;
            }
        }
        if (!known || peek().kind == Token::Close) {  // an outline, a marker, image data
            at_ = begin;
            skip_group();
            return;
        }
        MorphologyChain c = chain(type, 0);
        if (peek().kind != Token::Close) file_.fail(peek().line, "`|` stands outside of branches");
        ++at_;
        if (type == 1) somata_.push_back(std::move(c));
        else if (!c.points.empty() || !c.branches.empty()) trees_.push_back(std::move(c));
    }

    Runtime& runtime_;
    MorphologyFile& file_;
    std::vector<Token> tokens_;
    std::size_t at_ = 0;
    std::vector<MorphologyChain> somata_, trees_;
};

}  // namespace

MorphologySections read_neurolucida(Runtime& runtime, const std::string& path) {
    MorphologyFile file(path);
    return Parser(runtime, file).read();
}

}  // namespace nrn
