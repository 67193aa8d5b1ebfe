// SPDX-License-Identifier: BSD-3-Clause
// SWC: one point a line, `id type x y z radius parent`. Somata of one point, of three points (NeuroMorpho's
// convention for one) and of many in a row.
// Source of the format: Cannon et al., J. Neurosci. Methods 84 (1998) 49-54.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <sstream>
#include <unordered_map>

#include <fmt/format.h>

#include "classes/morphology_section.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {
namespace {

struct SwcPoint {
    long id = 0, type = 0, parent_id = -1, line = 0;
    MorphologyPoint place;
    long parent = -1;              // index
    std::vector<std::size_t> children;
    long section = -1, in_section = 0;  // where it went
    bool dropped = false;               // says no more than another one
};

std::vector<SwcPoint> read_points(MorphologyFile& file) {
    std::vector<SwcPoint> points;
    std::unordered_map<long, std::size_t> by_id;
    while (file.next()) {
        std::string text = file.text();
        if (const auto comment = text.find('#'); comment != std::string::npos) text.resize(comment);
        std::istringstream words(text);
        std::vector<double> numbers;
        std::string word;
        while (words >> word) {
            double x = 0;
            const auto [end, error] = std::from_chars(word.data() + (word[0] == '+' ? 1 : 0), word.data() + word.size(), x);
            if (error != std::errc() || end != word.data() + word.size()) file.fail(file.line(), fmt::format("`{}` is no number; a point is `id type x y z radius parent`", word));
            numbers.push_back(x);
        }
        if (numbers.empty()) continue;
        if (numbers.size() < 7) file.fail(file.line(), fmt::format("{} numbers where 7 should stand: `id type x y z radius parent`", numbers.size()));
        SwcPoint p;
        p.id = static_cast<long>(numbers[0]);
        p.type = static_cast<long>(numbers[1]);
        const auto single = [](double x) { return static_cast<double>(static_cast<float>(x)); };  // as the reference keeps them
        p.place = {single(numbers[2]), single(numbers[3]), single(numbers[4]), single(2 * numbers[5])};
        p.parent_id = static_cast<long>(numbers[6]);
        p.line = file.line();
        if (!(p.place.diameter > 0)) file.fail(p.line, fmt::format("the radius of point {} must be > 0, not {:g}", p.id, numbers[5]));
        if (!by_id.emplace(p.id, points.size()).second) file.fail(p.line, fmt::format("there is already a point {}", p.id));
        points.push_back(p);
    }
    if (points.empty()) file.fail(file.line(), "the file has no points");
    for (std::size_t i = 0; i < points.size(); ++i) {
        SwcPoint& p = points[i];
        if (p.parent_id < 0) continue;
        const auto parent = by_id.find(p.parent_id);
        if (parent == by_id.end()) file.fail(p.line, fmt::format("point {} has the parent {}, which does not exist", p.id, p.parent_id));
        if (parent->second == i) file.fail(p.line, fmt::format("point {} is its own parent", p.id));
        p.parent = static_cast<long>(parent->second);
        points[parent->second].children.push_back(i);
    }
    return points;
}

class SwcSections {
  public:
    SwcSections(Runtime& runtime, MorphologyFile& file) : runtime_(runtime), file_(file), points_(read_points(file)) {}

    MorphologySections build() {
        reduce_three_point_soma();
        for (const SwcPoint& p : points_) soma_points_ += p.type == 1 && !p.dropped;
        std::vector<std::size_t> order, pending;
        for (std::size_t i = points_.size(); i-- > 0;)
            if (points_[i].parent < 0) pending.push_back(i);
        while (!pending.empty()) {
            const std::size_t i = pending.back();
            pending.pop_back();
            order.push_back(i);
            for (std::size_t k = points_[i].children.size(); k-- > 0;) pending.push_back(points_[i].children[k]);
        }
        std::vector<bool> reached(points_.size(), false);
        for (const std::size_t i : order) reached[i] = true;
        for (std::size_t i = 0; i < points_.size(); ++i)
            if (points_[i].dropped) reached[i] = true;
        if (std::find(reached.begin(), reached.end(), false) != reached.end()) {
            const SwcPoint& p = points_[static_cast<std::size_t>(std::find(reached.begin(), reached.end(), false) - reached.begin())];
            file_.fail(p.line, fmt::format("point {} belongs to a loop of parents", p.id));
        }
        // Sections in the order in which the file begins them, parents first.
        for (const std::size_t i : order)
            if (begins_section(i)) chains_.push_back({i});
        std::sort(chains_.begin(), chains_.end(), [&](const auto& a, const auto& b) { return points_[a[0]].line < points_[b[0]].line; });
        for (auto& chain : chains_) follow(chain);
        for (std::size_t k = 0; k < chains_.size(); ++k)
            for (std::size_t j = 0; j < chains_[k].size(); ++j) {
                points_[chains_[k][j]].section = static_cast<long>(k);
                points_[chains_[k][j]].in_section = static_cast<long>(j);
            }
        made_.resize(chains_.size());
        for (const std::size_t i : order)
            if (points_[i].in_section == 0) make(static_cast<std::size_t>(points_[i].section));
        MorphologySections sections;
        for (const auto& s : made_)
            if (s) sections.push_back(s);
        hang_orphans(sections);
        for (std::size_t k = 0; k < sections.size(); ++k) sections[k]->id = static_cast<double>(k);
        return sections;
    }

  private:
    bool is_soma(std::size_t i) const { return points_[i].type == 1; }

    /// NeuroMorpho: the centre, and two points one radius before and behind, both children of the centre with nothing on them.
    void reduce_three_point_soma() {
        std::vector<std::size_t> soma;
        for (std::size_t i = 0; i < points_.size(); ++i)
            if (is_soma(i)) soma.push_back(i);
        if (soma.size() != 3) return;
        const std::size_t centre = soma[0];
        if (points_[centre].parent >= 0) return;
        for (const std::size_t i : {soma[1], soma[2]})
            if (points_[i].parent != static_cast<long>(centre) || !points_[i].children.empty()) return;
        const auto &c = points_[centre].place, &a = points_[soma[1]].place, &b = points_[soma[2]].place;
        const double r = c.diameter / 2, tolerance = 0.01 * r + 0.01;
        const auto on_surface = [&](const MorphologyPoint& p) {
            return std::fabs(std::hypot(p.x - c.x, p.y - c.y, p.z - c.z) - r) <= tolerance && std::fabs(p.diameter - c.diameter) <= 2 * tolerance;
        };
        if (!on_surface(a) || !on_surface(b)) return;
        // The same sphere as the centre alone.
        SwcPoint& middle = points_[centre];
        for (const std::size_t i : {soma[1], soma[2]}) {
            std::erase(middle.children, i);
            points_[i].dropped = true;
        }
    }

    std::vector<std::size_t> same_kind(std::size_t i) const {
        std::vector<std::size_t> same;
        for (const std::size_t c : points_[i].children)
            if (points_[c].type == points_[i].type) same.push_back(c);
        return same;
    }

    /// A section ends at every branch point and change of type; neurites do not interrupt a soma, unless their lines do.
    bool begins_section(std::size_t i) const {
        const SwcPoint& p = points_[i];
        if (p.parent < 0) return true;
        const auto parent = static_cast<std::size_t>(p.parent);
        if (takes_first_child(parent)) return i != points_[parent].children.front();
        if (points_[parent].type != p.type) return true;
        const bool gap = i != parent + 1;  // observed of the reference: no gaps in the file
        if (is_soma(i)) return gap || (same_kind(parent).size() > 1 && (points_[parent].parent >= 0 || i != same_kind(parent).front()));
        return points_[parent].children.size() > 1 || gap;
    }

    /// Does a neurite begin with the point? (Not where it follows a soma of one point in the file: the two are then one piece.)
    bool alone_at_root(std::size_t i) const {
        const SwcPoint& p = points_[i];
        if (p.type == 1) return false;
        if (p.parent < 0) return true;
        const auto soma = static_cast<std::size_t>(p.parent);
        if (points_[soma].type != 1) return false;
        std::size_t next = soma + 1;  // in the file
        while (next < points_.size() && points_[next].dropped) ++next;
        return soma_points_ > 1 || i != next;
    }

    /// Observed of the reference: a neurite that branches at its very first point goes on into its first branch, of
    /// whatever type, if the last branch is of its own type; the others then hang on its beginning.
    bool takes_first_child(std::size_t i) const {
        const SwcPoint& p = points_[i];
        return p.children.size() > 1 && alone_at_root(i) && points_[p.children.back()].type == p.type;
    }

    void follow(std::vector<std::size_t>& chain) const {
        for (;;) {
            std::size_t next = points_.size();
            for (const std::size_t c : points_[chain.back()].children)
                if (!begins_section(c)) next = c;
            if (next == points_.size()) return;
            chain.push_back(next);
        }
    }

    void make(std::size_t k) {
        const auto& chain = chains_[k];
        const SwcPoint& begin = points_[chain[0]];
        std::vector<MorphologyPoint> points;
        for (const std::size_t i : chain) points.push_back(points_[i].place);
        auto s = make_morphology_section(runtime_);
        s->type = static_cast<double>(begin.type);
        s->line = static_cast<double>(points_[chain.back()].line);
        if (begin.parent >= 0) {
            const SwcPoint& parent = points_[static_cast<std::size_t>(begin.parent)];
            const bool parent_is_soma = parent.type == 1;
            attach(*s, parent, chain[0]);
            MorphologyPoint joint = parent.place;
            if (parent_is_soma && begin.type != 1) {
                joint.diameter = points[0].diameter;  // as thick as the neurite
                // Out of the middle of a soma a neurite begins where its own points do.
                const bool forked = same_kind(static_cast<std::size_t>(begin.parent)).size() > 1;
                if (forked && points.size() == 1) return removed(chain.back());
                if ((s->parentx == 0.5 || forked) && points.size() > 1) s->first = 1;
            }
            points.insert(points.begin(), joint);
        }
        const bool only_soma = begin.type == 1 && begin.parent < 0;
        if (points.size() == 1 && !only_soma) {
            if (begin.parent >= 0) return removed(chain.back());
        }
        s->set_points(points);
        made_[k] = s;
    }

    void removed(std::size_t last) const {
        runtime_.warn(fmt::format("the one point section ending at line {} has been removed", points_[last].line));
    }

    /// Sets parent and parentx for what hangs on the point `parent`.
    void attach(MorphologySection& s, const SwcPoint& parent, std::size_t first) const {
        const SwcPoint* p = &parent;
        while (!made_[static_cast<std::size_t>(p->section)]) {  // its section was removed: the one before it
            if (p->parent < 0) {  // a root of one point: the first section that begins there carries the others
                for (const std::size_t c : p->children)
                    if (const auto& sibling = made_[static_cast<std::size_t>(points_[c].section)]) {
                        s.parent = sibling;
                        s.parentx = 0;
                        return;
                    }
                return;
            }
            p = &points_[static_cast<std::size_t>(p->parent)];
        }
        const auto& chain = chains_[static_cast<std::size_t>(p->section)];
        s.parent = made_[static_cast<std::size_t>(p->section)];
        s.parentx = 1;
        if (p->type != 1) {
            if (p == &parent && p->in_section == 0 && alone_at_root(chain[0]) && (p->parent < 0 || p->children.front() != first)) s.parentx = 0;
            return;
        }
        const bool root = points_[chain[0]].parent < 0;  // other pieces of a soma begin with the point they hang on
        if (root && chain.size() == 1) s.parentx = points_[first].type == 1 ? 0 : 0.5;
        else if (root && p->in_section == 0) s.parentx = 0;
        else if (p->in_section + 1 < static_cast<long>(chain.size())) s.parentx = 0.5;
    }

    static void hang_orphans(MorphologySections& sections) {
        const auto soma = std::find_if(sections.begin(), sections.end(), [](const auto& s) { return s->type == 1; });
        if (soma == sections.end()) return;
        for (const auto& s : sections)
            if (!s->parent && s->type != 1) {
                s->parent = *soma;
                s->parentx = 0.5;
            }
    }

    Runtime& runtime_;
    MorphologyFile& file_;
    std::vector<SwcPoint> points_;
    std::vector<std::vector<std::size_t>> chains_;
    MorphologySections made_;
    std::size_t soma_points_ = 0;
};

}  // namespace

MorphologySections read_swc(Runtime& runtime, const std::string& path) {
    MorphologyFile file(path);
    return SwcSections(runtime, file).build();
}

}  // namespace nrn
