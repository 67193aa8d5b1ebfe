// SPDX-License-Identifier: BSD-3-Clause
// Eutectic neuron tracing system: a cell is a list of points whose kind says how it goes on: a branch point opens a
// branch, an ending goes back to the last one open.
// Source: format description of NLMorphologyConverter, neuronland.org.
#include <cctype>
#include <optional>
#include <sstream>
#include <string_view>

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

/// Kinds of points between the beginning and an ending of a branch.
bool is_inside(std::string_view kind) { return kind == "CP" || kind == "FS" || kind == "SB" || kind == "BP"; }
bool is_ending(std::string_view kind) { return kind == "NE" || kind == "ES" || kind == "MAE" || kind == "TAE" || kind == "BAE"; }
bool is_origin(std::string_view kind) { return kind == "MTO" || kind == "TTO" || kind == "BTO"; }
/// Outlines of the tissue and of other things than the soma.
bool is_ignored(std::string_view kind) { return kind == "OS" || kind == "OCP" || kind == "OE" || kind == "DS" || kind == "DCP" || kind == "DE"; }

struct EutecticPoint {
    std::string kind;
    long tag = 0;  // the type of neurite, numbered as in SWC
    MorphologyPoint place;
};

std::optional<EutecticPoint> eutectic_point(MorphologyFile& file) {
    std::istringstream words(file.text());
    std::string number, kind;
    if (!(words >> number >> kind)) return {};
    if (!std::isdigit(static_cast<unsigned char>(number[0])) || !std::isalpha(static_cast<unsigned char>(kind[0]))) return {};  // the header
    EutecticPoint p;
    p.kind = kind;
    if (!(words >> p.tag >> p.place.x >> p.place.y >> p.place.z >> p.place.diameter))
        file.fail(file.line(), "a point is `number type tag x y z thickness`");
    return p;
}

}  // namespace

MorphologySections read_eutectic(Runtime& runtime, const std::string& path) {
    MorphologyFile file(path);
    TreeBuilder builder(file);
    MorphologyChain outline;
    bool outline_closed = false;
    while (file.next()) {
        const auto p = eutectic_point(file);
        if (!p) continue;
        if (is_origin(p->kind)) {
            builder.begin_tree(p->tag);
            builder.add(p->place, file.line());
        } else if (p->kind == "SOS" || p->kind == "SCP" || p->kind == "SOE") {
            if (!outline_closed) outline.points.push_back(p->place);  // the first one counts
            if (!outline_closed) outline.line = file.line();
            if (p->kind == "SOE") outline_closed = true;
        } else if (is_inside(p->kind) || is_ending(p->kind)) {
            if (!builder.in_tree()) file.fail(file.line(), fmt::format("a point of type {} belongs to no tree: every branch of the one before has ended", p->kind));
            builder.add(p->place, file.line());
            if (p->kind == "BP") builder.branch();
            else if (is_ending(p->kind)) builder.end();
        } else if (!is_ignored(p->kind)) {
            file.fail(file.line(), fmt::format("`{}` is no type of point", p->kind));
        }
    }
    MorphologySections sections;
    append_somata(runtime, sections, {outline});
    const MorphologySections somata = sections;
    for (const MorphologyChain& tree : builder.trees()) append_tree(runtime, sections, tree, soma_of_tree(somata, tree));
    if (sections.empty()) file.fail(file.line(), "the file has neither a soma nor a tree");
    for (std::size_t k = 0; k < sections.size(); ++k) sections[k]->id = static_cast<double>(k);
    return sections;
}

}  // namespace nrn
