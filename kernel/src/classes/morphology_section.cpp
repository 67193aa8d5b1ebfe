// SPDX-License-Identifier: BSD-3-Clause
// Sections of a reconstructed cell, and what the readers of all formats share.
#include "classes/morphology_section.hpp"

#include <fstream>
#include <optional>

#include <fmt/format.h>

#include "nrn/api/class_registry.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {

void MorphologySection::set_points(const std::vector<MorphologyPoint>& points) {
    raw->resize(3, static_cast<long>(points.size()));
    d->resize(points.size());
    for (std::size_t i = 0; i < points.size(); ++i) {
        const long k = static_cast<long>(i);
        raw->set(0, k, points[i].x);
        raw->set(1, k, points[i].y);
        raw->set(2, k, points[i].z);
        d->values[i] = points[i].diameter;
    }
}

std::string MorphologySection::name_of_type(long type) {
    switch (type) {
    case 1: return "soma";
    case 2: return "axon";
    case 3: return "dend";
    case 4: return "apic";
    default: return type < 0 ? fmt::format("minus_{}", -type) : fmt::format("dend_{}", type);
    }
}

MorphologySectionPtr make_morphology_section(Runtime& runtime) {
    ClassRegistry& classes = runtime.classes();
    return make_counted<MorphologySection>(classes.get("Import3d_Section"), make_counted<Matrix>(classes.get("Matrix"), 3, 0, false), Vector::make(runtime, 0));
}

MorphologyFile::MorphologyFile(const std::string& path) : path_(path) {
    std::ifstream in(path);
    if (!in) throw Error(ErrorKind::Io, fmt::format("`{}` cannot be read", path));
    for (std::string line; std::getline(in, line);) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        lines_.push_back(std::move(line));
    }
}

bool MorphologyFile::next() {
    while (at_ < lines_.size())
        if (lines_[at_++].find_first_not_of(" \t\f") != std::string::npos) return true;
    return false;
}

void MorphologyFile::fail(long line, const std::string& why) const { throw Error(ErrorKind::Io, fmt::format("{}:{}: {}", path_, line, why)); }

namespace {
constexpr double kLogicalDiameter = 0.01;  // um, of the place in a soma where a neurite hangs
}

void append_tree(Runtime& runtime, MorphologySections& sections, const MorphologyChain& root, const MorphologySectionPtr& soma) {
    struct Pending { const MorphologyChain* chain; MorphologySectionPtr parent; double x; std::optional<MorphologyPoint> begin; };
    std::vector<Pending> pending{{&root, soma, soma ? 0.5 : 1, {}}};
    const auto same_place = [](const MorphologyPoint& a, const MorphologyPoint& b) { return a.x == b.x && a.y == b.y && a.z == b.z; };
    while (!pending.empty()) {  // a tree may be deeper than the call stack
        const Pending p = pending.back();
        pending.pop_back();
        std::vector<MorphologyPoint> points = p.chain->points;
        // A branch begins where its parent ends, as thick as its own first point, whether the file repeats the place or not.
        if (p.begin && !points.empty() && !same_place(points[0], *p.begin)) points.insert(points.begin(), {p.begin->x, p.begin->y, p.begin->z, points[0].diameter});
        const bool too_short = points.size() < 2 && (p.begin || p.parent);
        if (too_short && !points.empty()) runtime.warn(fmt::format("the one point section ending at line {} has been removed", p.chain->line));
        MorphologySectionPtr parent = p.parent;
        double x = p.x;
        std::optional<MorphologyPoint> end = points.empty() ? p.begin : points.back();
        if (!too_short) {
            auto s = make_morphology_section(runtime);
            if (!p.begin && p.parent) {  // a place in the soma, none of the section's own
                MorphologyPoint middle = centre_of_soma(*p.parent);
                middle.diameter = kLogicalDiameter;
                points.insert(points.begin(), middle);
                s->first = 1;
            }
            s->set_points(points);
            s->type = static_cast<double>(p.chain->type);
            s->parent = p.parent;
            s->parentx = p.x;
            s->id = static_cast<double>(sections.size());
            s->line = static_cast<double>(p.chain->line);
            sections.push_back(s);
            parent = s;
            x = 1;
        }
        for (std::size_t k = p.chain->branches.size(); k-- > 0;) pending.push_back({&p.chain->branches[k], parent, x, end});
    }
}

}  // namespace nrn
