// SPDX-License-Identifier: BSD-3-Clause
// Formats in which a cell is a list of points whose kind says how it goes on: a branch point opens a branch,
// an ending goes back to the last one open. Neurolucida ASCII classic and Eutectic.
// Source: format descriptions of NLMorphologyConverter, neuronland.org.
#include <cctype>
#include <map>
#include <optional>
#include <sstream>

#include <fmt/format.h>

#include "classes/morphology_section.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {
namespace {

/// Puts trees together from such a list.
class TreeBuilder {
  public:
    explicit TreeBuilder(const MorphologyFile& file) : file_(file) {}
    void begin_tree(long type) {
        finish();
        open_.clear();
        roots_.emplace_back();
        nodes_.push_back({type, 0, {}, {}});
        current_ = 0;
    }
    [[nodiscard]] bool in_tree() const { return !nodes_.empty() && current_ >= 0; }
    void add(const MorphologyPoint& p, long line) {
        auto& n = nodes_[static_cast<std::size_t>(current_)];
        n.chain.points.push_back(p);
        n.chain.line = line;
    }
    /// The present chain ends in two branches, the first of which comes next.
    void branch() {
        open_.push_back(current_);
        go_on(current_);
    }
    /// The present chain ends; the next point begins the second branch of the last branch point still open.
    void end() {
        if (open_.empty()) {
            finish();
            return;
        }
        const long at = open_.back();
        open_.pop_back();
        go_on(at);
    }
    void finish() {
        if (nodes_.empty()) return;
        roots_.back() = std::move(nodes_);
        nodes_.clear();
        current_ = -1;
    }
    [[nodiscard]] std::vector<MorphologyChain> trees() {
        finish();
        std::vector<MorphologyChain> all;
        for (auto& nodes : roots_) {
            for (std::size_t k = nodes.size(); k-- > 0;) {  // children have larger numbers
                nodes[k].chain.type = nodes[k].type;
                for (const std::size_t c : nodes[k].children)
                    if (!nodes[c].chain.points.empty() || !nodes[c].chain.branches.empty()) nodes[k].chain.branches.push_back(std::move(nodes[c].chain));
            }
            if (!nodes.empty() && !nodes[0].chain.points.empty()) all.push_back(std::move(nodes[0].chain));
        }
        return all;
    }

  private:
    struct Node {
        long type = 0, depth = 0;
        MorphologyChain chain;
        std::vector<std::size_t> children;
    };
    void go_on(long parent) {
        nodes_[static_cast<std::size_t>(parent)].children.push_back(nodes_.size());
        constexpr long kDeepest = 2000;
        const long type = nodes_[static_cast<std::size_t>(parent)].type, depth = nodes_[static_cast<std::size_t>(parent)].depth + 1;
        if (depth > kDeepest) file_.fail(file_.line(), "branches are nested too deeply");
        nodes_.push_back({type, depth, {}, {}});
        current_ = static_cast<long>(nodes_.size()) - 1;
    }
    const MorphologyFile& file_;
    std::vector<std::vector<Node>> roots_;
    std::vector<Node> nodes_;
    std::vector<long> open_;
    long current_ = -1;
};

MorphologySections sections_of(Runtime& runtime, MorphologyFile& file, const std::vector<MorphologyPoint>& outline, long outline_line, TreeBuilder& builder) {
    MorphologySections sections;
    MorphologySectionPtr soma;
    if (!outline.empty()) {
        soma = make_morphology_section(runtime);
        soma->set_points(outline);
        soma->type = 1;
        soma->contour = 1;
        soma->line = static_cast<double>(outline_line);
        sections.push_back(soma);
    }
    for (const MorphologyChain& tree : builder.trees()) append_tree(runtime, sections, tree, soma, 0.5);
    if (sections.empty()) file.fail(file.line(), "the file has neither a soma nor a tree");
    for (std::size_t k = 0; k < sections.size(); ++k) sections[k]->id = static_cast<double>(k);
    return sections;
}

struct ClassicPoint {
    long major = 0, minor = 0;
    MorphologyPoint place;
};

/// `[major,minor] (x, y, z) d`; also with the diameter as the fourth number in the parentheses.
std::optional<ClassicPoint> classic_point(MorphologyFile& file) {
    std::string text = file.text();
    if (const auto comment = text.find(';'); comment != std::string::npos) text.resize(comment);
    const auto begin = text.find_first_not_of(" \t");
    if (begin == std::string::npos || text[begin] != '[') return {};  // a line of the header
    for (char& c : text)
        if (c == '[' || c == ']' || c == '(' || c == ')' || c == ',') c = ' ';
    std::istringstream words(text);
    std::vector<double> numbers;
    for (double x = 0; words >> x;) numbers.push_back(x);
    if (numbers.size() < 6) file.fail(file.line(), fmt::format("{} numbers where `[major,minor] (x, y, z) diameter` should stand", numbers.size()));
    return ClassicPoint{static_cast<long>(numbers[0]), static_cast<long>(numbers[1]), {numbers[2], numbers[3], numbers[4], numbers[5]}};
}

/// Type of neurite that a minor code stands for; 0: none.
long classic_type(long minor) {
    switch (minor) {
    case 1: case 2: return 3;
    case 21: case 22: return 2;
    case 41: case 42: return 1;
    case 61: case 62: return 4;
    default: return 0;
    }
}

struct EutecticPoint {
    std::string kind, name;
    MorphologyPoint place;
};

std::optional<EutecticPoint> eutectic_point(MorphologyFile& file) {
    std::istringstream words(file.text());
    std::string number, kind, tag;
    if (!(words >> number >> kind >> tag)) return {};
    if (!std::isdigit(static_cast<unsigned char>(number[0])) || !std::isalpha(static_cast<unsigned char>(kind[0]))) return {};  // the header
    EutecticPoint p;
    p.kind = kind;
    if (!(words >> p.place.x >> p.place.y >> p.place.z >> p.place.diameter))
        file.fail(file.line(), "a point is `number type tag x y z thickness`");
    words >> p.name;
    return p;
}

}  // namespace

MorphologySections read_neurolucida_classic(Runtime& runtime, const std::string& path) {
    constexpr long kLineTo = 1, kMove = 2, kBranch = 5, kFirstEnd = 100, kLastEnd = 110;
    MorphologyFile file(path);
    TreeBuilder builder(file);
    std::vector<MorphologyPoint> outline;
    long outline_line = 0;
    bool in_outline = false;
    while (file.next()) {
        const auto p = classic_point(file);
        if (!p || (p->major != kLineTo && p->major != kMove)) continue;  // markers, section changes
        const long type = classic_type(p->minor);
        if (p->major == kMove && type != 0) {
            in_outline = type == 1;
            if (!in_outline) builder.begin_tree(type);
            else if (outline.empty()) outline_line = file.line();
            else in_outline = false;  // a second outline, at another depth
            if (type == 1 && !in_outline) {
                builder.finish();
                continue;
            }
        }
        if (in_outline) {
            if (type == 1) outline.push_back(p->place);
            continue;
        }
        if (!builder.in_tree()) continue;  // what belongs to no tree
        builder.add(p->place, file.line());
        if (p->minor == kBranch) builder.branch();
        else if (p->minor >= kFirstEnd && p->minor <= kLastEnd) builder.end();
    }
    return sections_of(runtime, file, outline, outline_line, builder);
}

MorphologySections read_eutectic(Runtime& runtime, const std::string& path) {
    MorphologyFile file(path);
    TreeBuilder builder(file);
    std::vector<MorphologyPoint> outline;
    long outline_line = 0;
    bool outline_closed = false;
    const std::map<std::string, int> ends{{"NE", 1}, {"ES", 1}, {"MAE", 1}, {"TAE", 1}, {"BAE", 1}};
    const std::map<std::string, int> inside{{"CP", 1}, {"FS", 1}, {"SB", 1}, {"BP", 1}};
    const std::map<std::string, int> ignored{{"OS", 1}, {"OCP", 1}, {"OE", 1}, {"DS", 1}, {"DCP", 1}, {"DE", 1}};
    while (file.next()) {
        const auto p = eutectic_point(file);
        if (!p) continue;
        if (p->kind == "MTO" || p->kind == "TTO" || p->kind == "BTO") {
            std::string name = p->name;
            for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
            builder.begin_tree(name.starts_with("axon") ? 2 : name.starts_with("apic") ? 4 : 3);
            builder.add(p->place, file.line());
        } else if (p->kind == "SOS" || p->kind == "SCP" || p->kind == "SOE") {
            if (!outline_closed) outline.push_back(p->place);
            if (p->kind == "SOS") outline_line = file.line();
            if (p->kind == "SOE") outline_closed = true;
        } else if (inside.contains(p->kind) || ends.contains(p->kind)) {
            if (!builder.in_tree()) file.fail(file.line(), fmt::format("a point of type {} belongs to no tree: every branch of the one before has ended", p->kind));
            builder.add(p->place, file.line());
            if (p->kind == "BP") builder.branch();
            else if (ends.contains(p->kind)) builder.end();
        } else if (!ignored.contains(p->kind)) {
            file.fail(file.line(), fmt::format("`{}` is no type of point", p->kind));
        }
    }
    return sections_of(runtime, file, outline, outline_line, builder);
}

}  // namespace nrn
