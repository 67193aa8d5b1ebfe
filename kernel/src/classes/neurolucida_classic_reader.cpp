// SPDX-License-Identifier: BSD-3-Clause
// Neurolucida ASCII, classic format: lines `[major,minor] (x, y, z) radius`, in which lines are drawn. `[2,m]` moves to
// where one begins, `[1,m]` draws on, `[10,5]` is a point at which it branches. The minor code of the move is the type of
// neurite, odd where it begins in the soma and even where it goes on from a branch point, found by its place.
// Source: format description of NLMorphologyConverter, neuronland.org; what is done with imperfect files was
// observed of the reference.
#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>
#include <sstream>
#include <tuple>

#include <fmt/format.h>

#include "classes/morphology_section.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {
namespace {

constexpr long kLineTo = 1, kMoveTo = 2, kChange = 10, kBranchPoint = 5;
constexpr double kLogicalDiameter = 0.01;  // um, of the place where a neurite hangs that does not begin there
constexpr double kMargin = 0.5;            // um around a soma in which neurites still begin in it

struct ClassicPoint {
    long major = 0, minor = 0;
    MorphologyPoint place;
};

/// Lines that do not begin with a bracket are the header.
std::optional<ClassicPoint> classic_point(MorphologyFile& file) {
    std::string text = file.text();
    if (const auto comment = text.find(';'); comment != std::string::npos) text.resize(comment);
    const auto begin = text.find_first_not_of(" \t");
    if (begin == std::string::npos || text[begin] != '[') return {};
    for (char& c : text)
        if (c == '[' || c == ']' || c == '(' || c == ')' || c == ',') c = ' ';
    std::istringstream words(text);
    std::vector<double> numbers;
    for (std::string word; numbers.size() < 6 && words >> word;) {
        double x = 0;
        const auto [end, error] = std::from_chars(word.data() + (word[0] == '+' ? 1 : 0), word.data() + word.size(), x);
        if (error != std::errc() || end != word.data() + word.size()) file.fail(file.line(), fmt::format("`{}` is no number; a point is `[major,minor] (x, y, z) radius`", word));
        numbers.push_back(x);
    }
    if (numbers.size() < 6) file.fail(file.line(), fmt::format("{} numbers where `[major,minor] (x, y, z) radius` should stand", numbers.size()));
    if (numbers[5] < 0) file.fail(file.line(), fmt::format("the radius of a point must be >= 0, not {:g}", numbers[5]));
    return ClassicPoint{static_cast<long>(numbers[0]), static_cast<long>(numbers[1]), {numbers[2], numbers[3], numbers[4], 2 * numbers[5]}};
}

/// Type of neurite that a minor code stands for; 0: none.
long type_of(long minor) {
    switch (minor) {
    case 1: case 2: return 3;
    case 21: case 22: return 2;
    case 41: case 42: return 1;
    case 61: case 62: return 4;
    default: return 0;
    }
}

bool same_from_above(const MorphologyPoint& a, const MorphologyPoint& b) { return a.x == b.x && a.y == b.y; }
double distance(const MorphologyPoint& a, const MorphologyPoint& b) { return std::hypot(a.x - b.x, a.y - b.y, a.z - b.z); }

/// A line as drawn, up to the next branch point on it.
struct Stroke {
    long type = 0, line = 0;
    bool from_branch = false;  // its code says that it goes on from a branch point
    bool goes_on = false;      // it follows the branch point at the end of the stroke before
    std::vector<MorphologyPoint> points;
};

class ClassicSections {
  public:
    ClassicSections(Runtime& runtime, MorphologyFile& file) : runtime_(runtime), file_(file) {}

    MorphologySections build() {
        read_strokes();
        const auto first_soma = std::find_if(strokes_.begin(), strokes_.end(), [](const Stroke& s) { return s.type == 1; });
        if (first_soma != strokes_.end()) {
            soma_ = section_of(*first_soma);
            centre_ = centre_of_soma(*soma_);
            sections_.push_back(soma_);
        }
        MorphologySectionPtr before;
        for (auto s = strokes_.begin(); s != strokes_.end(); ++s) {
            if (s == first_soma) continue;
            before = append(*s, before);
        }
        if (sections_.empty()) file_.fail(file_.line(), "the file has neither a soma nor a tree");
        reattach_one_point_sections();
        for (std::size_t k = 0; k < sections_.size(); ++k) sections_[k]->id = static_cast<double>(k);
        return std::move(sections_);
    }

  private:
    struct BranchPoint {
        MorphologySectionPtr section;
        MorphologyPoint place;
    };

    void read_strokes() {
        bool branched = false;
        while (file_.next()) {
            const auto p = classic_point(file_);
            if (!p) continue;
            const bool branch = p->major == kChange && p->minor == kBranchPoint;
            if (p->major == kMoveTo) {
                if (type_of(p->minor) == 0) runtime_.warn(fmt::format("line {}: [2,{}] is no type of neurite", file_.line(), p->minor));
                strokes_.push_back({type_of(p->minor), file_.line(), p->minor % 2 == 0 || type_of(p->minor) == 0, false, {}});
            } else if (p->major != kLineTo && !branch) {
                continue;  // markers, depths
            } else if (strokes_.empty()) {
                file_.fail(file_.line(), "a line goes on here that no `[2,...]` has begun");
            } else if (branched) {
                strokes_.push_back({strokes_.back().type, file_.line(), true, true, {}});
            }
            strokes_.back().points.push_back(p->place);
            strokes_.back().line = file_.line();
            branched = branch;
            if (branch) ends_at_branch_.push_back(strokes_.size() - 1);
        }
    }

    MorphologySectionPtr section_of(const Stroke& stroke) {
        auto s = make_morphology_section(runtime_);
        s->set_points(stroke.points);
        s->type = static_cast<double>(stroke.type);
        s->contour = stroke.type == 1 ? 1 : 0;
        s->line = static_cast<double>(stroke.line);
        return s;
    }

    /// What a stroke becomes: a section that begins at a branch point or, if there is none, hangs on the nearest.
    MorphologySectionPtr append(const Stroke& stroke, const MorphologySectionPtr& before) {
        Stroke drawn = stroke;
        const MorphologyPoint begin = drawn.points.front();
        MorphologySectionPtr parent;
        double parentx = 1;
        std::optional<MorphologyPoint> hangs_at;
        const BranchPoint* joint = stroke.goes_on ? &branch_points_.back() : joint_of(stroke, before);
        if (joint && same_from_above(joint->place, begin) && joint->place.z == begin.z) {
            parent = joint->section;
            if (drawn.points.size() > 1) drawn.points[0].diameter = drawn.points[1].diameter;
        } else if (joint && (stroke.goes_on ? !same_from_above(joint->place, begin) : stroke.from_branch)) {
            parent = joint->section;
            drawn.points.insert(drawn.points.begin(), {joint->place.x, joint->place.y, joint->place.z, begin.diameter});
        } else if (soma_) {
            std::tie(parent, parentx, hangs_at) = nearest(begin);
        }
        if (hangs_at) drawn.points.insert(drawn.points.begin(), {hangs_at->x, hangs_at->y, hangs_at->z, kLogicalDiameter});
        auto s = section_of(drawn);
        s->parent = parent;
        s->parentx = parentx;
        s->first = hangs_at ? 1 : 0;
        sections_.push_back(s);
        const auto index = static_cast<std::size_t>(&stroke - strokes_.data());
        if (std::find(ends_at_branch_.begin(), ends_at_branch_.end(), index) != ends_at_branch_.end()) branch_points_.push_back({s, drawn.points.back()});
        return s;
    }

    /// The nearest branch point that lies, seen from above, where the stroke begins; also the end of the section before.
    const BranchPoint* joint_of(const Stroke& stroke, const MorphologySectionPtr& before) {
        const MorphologyPoint& begin = stroke.points.front();
        const BranchPoint* best = nullptr;
        for (const BranchPoint& b : branch_points_)
            if (same_from_above(b.place, begin) && (!best || distance(b.place, begin) < distance(best->place, begin))) best = &b;
        if (best || !stroke.from_branch || !before || before->count() == 0) return best;
        const MorphologyPoint end = before->point(before->count() - 1);
        if (!same_from_above(end, begin) || end.z != begin.z) return nullptr;
        branch_points_.push_back({before, end});
        return &branch_points_.back();
    }

    /// Where something hangs that begins at no branch point: in the soma, on the soma's end or on a branch point.
    std::tuple<MorphologySectionPtr, double, MorphologyPoint> nearest(const MorphologyPoint& begin) const {
        double low_x = begin.x, high_x = begin.x, low_y = begin.y, high_y = begin.y;
        for (std::size_t i = 0; i < soma_->count(); ++i) {
            const MorphologyPoint p = soma_->point(i);
            low_x = i == 0 ? p.x : std::min(low_x, p.x), high_x = i == 0 ? p.x : std::max(high_x, p.x);
            low_y = i == 0 ? p.y : std::min(low_y, p.y), high_y = i == 0 ? p.y : std::max(high_y, p.y);
        }
        const bool inside = begin.x >= low_x - kMargin && begin.x <= high_x + kMargin && begin.y >= low_y - kMargin && begin.y <= high_y + kMargin;
        if (inside) return {soma_, 0.5, centre_};
        std::tuple<MorphologySectionPtr, double, MorphologyPoint> best{soma_, 1, centre_};
        for (const BranchPoint& b : branch_points_)
            if (distance(b.place, begin) < distance(std::get<2>(best), begin)) best = {b.section, 1, b.place};
        return best;
    }

    /// A section of one point has no length: what hangs on it hangs on its parent.
    void reattach_one_point_sections() {
        const auto too_short = [](const MorphologySection& s) { return s.contour == 0 && s.parent && s.count() < (s.first != 0 ? 3U : 2U); };
        for (const auto& s : sections_)
            while (s->parent && too_short(*s->parent)) {
                s->parentx = s->parent->parentx;
                s->parent = s->parent->parent;
            }
        for (const auto& s : sections_)
            if (too_short(*s)) runtime_.warn(fmt::format("the one point section ending at line {:g} has been removed", s->line));
        std::erase_if(sections_, [&](const auto& s) { return too_short(*s); });
    }

    Runtime& runtime_;
    MorphologyFile& file_;
    std::vector<Stroke> strokes_;
    std::vector<std::size_t> ends_at_branch_;  // indices of strokes
    std::vector<BranchPoint> branch_points_;
    MorphologySections sections_;
    MorphologySectionPtr soma_;
    MorphologyPoint centre_;
};

}  // namespace

MorphologySections read_neurolucida_classic(Runtime& runtime, const std::string& path) {
    MorphologyFile file(path);
    return ClassicSections(runtime, file).build();
}

}  // namespace nrn
