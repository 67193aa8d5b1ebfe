// SPDX-License-Identifier: BSD-3-Clause
// Sections of a reconstructed cell, and what the readers of all formats share.
#include "classes/morphology_section.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numbers>

#include <Eigen/Eigenvalues>
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

void append_tree(Runtime& runtime, MorphologySections& sections, const MorphologyChain& root, const MorphologySectionPtr& root_parent, double parentx) {
    struct Pending { const MorphologyChain* chain; MorphologySectionPtr parent; double x; bool joined; };
    std::vector<Pending> pending{{&root, root_parent, parentx, false}};
    while (!pending.empty()) {  // a tree may be deeper than the call stack
        const Pending p = pending.back();
        pending.pop_back();
        std::vector<MorphologyPoint> points = p.chain->points;
        if (p.joined && p.parent && p.parent->count() > 0) {
            // A branch begins where its parent ends, whether the file repeats that point or not.
            const MorphologyPoint end = p.parent->point(p.parent->count() - 1);
            if (points.empty() || points[0].x != end.x || points[0].y != end.y || points[0].z != end.z) points.insert(points.begin(), end);
        }
        MorphologySectionPtr parent = p.parent;
        double x = p.x;
        if (points.size() > 1 || !p.joined) {
            auto s = make_morphology_section(runtime);
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
        for (std::size_t k = p.chain->branches.size(); k-- > 0;) pending.push_back({&p.chain->branches[k], parent, x, true});
    }
}

// ---- outlines of somata ---------------------------------------------------------------------------

namespace {

/// A place on the outline, which stays open behind its last point, `s` um along it as seen from above.
Eigen::Vector3d along(const std::vector<Eigen::Vector3d>& outline, const std::vector<double>& arc, double s) {
    const auto at = std::upper_bound(arc.begin(), arc.end(), s);
    const std::size_t i = std::clamp<std::size_t>(static_cast<std::size_t>(at - arc.begin()), 1, arc.size() - 1);
    const double span = arc[i] - arc[i - 1];
    const double f = span > 0 ? (s - arc[i - 1]) / span : 0;
    return outline[i - 1] + f * (outline[i] - outline[i - 1]);
}

/// One flank of an outline: how far it reaches to the side, over the place along the major axis.
struct Flank {
    std::vector<double> place, reach;
    /// Takes the point if it goes on along the axis.
    void add(double at, double side) {
        if (!place.empty() && at <= place.back()) return;
        place.push_back(at);
        reach.push_back(side);
    }
    /// Between its points; constant behind its ends.
    [[nodiscard]] double at(double u) const {
        if (u <= place.front()) return reach.front();
        if (u >= place.back()) return reach.back();
        const auto i = static_cast<std::size_t>(std::upper_bound(place.begin(), place.end(), u) - place.begin());
        const double f = (u - place[i - 1]) / (place[i] - place[i - 1]);
        return reach[i - 1] + f * (reach[i] - reach[i - 1]);
    }
};

/// The axis with its largest component positive.
Eigen::Vector3d pointing_up(const Eigen::Vector3d& axis) {
    Eigen::Index largest = 0;
    axis.cwiseAbs().maxCoeff(&largest);
    return axis[largest] < 0 ? Eigen::Vector3d(-axis) : axis;
}

}  // namespace

std::vector<MorphologyPoint> points_of_contour(const std::vector<MorphologyPoint>& given) {
    if (given.size() == 1) {  // a circle of that diameter, as the reference draws it
        constexpr int kCount = 20;
        const double r = given[0].diameter / 2;
        std::vector<MorphologyPoint> circle;
        for (int i = 0; i < kCount; ++i) {
            const double angle = 2 * std::numbers::pi * (1 - static_cast<double>(i) / (kCount - 1));
            circle.push_back({given[0].x + r * std::cos(angle), given[0].y + r * std::sin(angle), given[0].z, r});
        }
        return circle;
    }
    constexpr int kSamples = 101, kStations = 21;
    std::vector<Eigen::Vector3d> outline;
    for (const auto& p : given) outline.emplace_back(p.x, p.y, p.z);
    std::vector<double> arc{0};
    for (std::size_t i = 1; i < outline.size(); ++i) arc.push_back(arc.back() + (outline[i] - outline[i - 1]).head<2>().norm());
    std::vector<Eigen::Vector3d> even;
    Eigen::Vector3d centre = Eigen::Vector3d::Zero();
    for (int i = 0; i < kSamples; ++i) {
        even.push_back(along(outline, arc, arc.back() * i / (kSamples - 1)));
        centre += even.back() / kSamples;
    }
    Eigen::Matrix3d spread = Eigen::Matrix3d::Zero();
    for (const auto& p : even) spread += (p - centre) * (p - centre).transpose();
    const Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d> axes(spread);
    const Eigen::Vector3d major = pointing_up(axes.eigenvectors().col(2));
    Eigen::Vector3d minor = axes.eigenvectors().col(1);
    minor.z() = 0;  // sections of the tissue are looked at from above
    if (minor.norm() > 0) minor.normalize();
    std::vector<double> place, side;
    for (const auto& p : even) {
        place.push_back(major.dot(p - centre));
        side.push_back(minor.dot(p - centre));
    }
    // The outline begins at its upper tip; its lower tip divides the flanks, of which each has the tip it begins with.
    const auto top = std::max_element(place.begin(), place.end()) - place.begin();
    std::rotate(place.begin(), place.begin() + top, place.end());
    std::rotate(side.begin(), side.begin() + top, side.end());
    const auto bottom = static_cast<std::size_t>(std::min_element(place.begin(), place.end()) - place.begin());
    Flank left, right;
    for (std::size_t i = bottom; i-- > 0;) left.add(place[i], side[i]);
    for (std::size_t i = bottom; i < place.size(); ++i) right.add(place[i], side[i]);
    if (left.place.empty() || right.place.empty() || left.place.size() + right.place.size() < 4) return {};
    std::vector<double> all = left.place;
    all.insert(all.end(), right.place.begin(), right.place.end());
    std::sort(all.begin(), all.end());
    const double low = all[1], high = all[all.size() - 2];
    std::vector<MorphologyPoint> points;
    for (int k = 0; k < kStations; ++k) {
        const double u = low + (high - low) * k / (kStations - 1);
        const Eigen::Vector3d at = centre + u * major;
        points.push_back({at.x(), at.y(), at.z(), std::fabs(left.at(u) - right.at(u))});
    }
    // The tips of an outline have no width: they get half their neighbours'.
    points.front().diameter = 0.5 * (points[0].diameter + points[1].diameter);
    points.back().diameter = 0.5 * (points[kStations - 1].diameter + points[kStations - 2].diameter);
    return points;
}

}  // namespace nrn
