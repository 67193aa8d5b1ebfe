// SPDX-License-Identifier: BSD-3-Clause
// Somata that a file gives by their outlines, one or several above each other: the points that stand for them, which
// outlines are one soma, and which soma a tree hangs on.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include <Eigen/Eigenvalues>

#include "classes/morphology_section.hpp"

namespace nrn {
namespace {

/// An outline as the reference measures it: a hundred and one places at even distances along it, which stays open behind
/// its last point, as seen from above.
struct EvenOutline {
    std::vector<Eigen::Vector3d> places;
    Eigen::Vector3d centre = Eigen::Vector3d::Zero();

    explicit EvenOutline(const std::vector<MorphologyPoint>& given) {
        constexpr int kSamples = 101;
        std::vector<double> arc{0};
        for (std::size_t i = 1; i < given.size(); ++i) arc.push_back(arc.back() + std::hypot(given[i].x - given[i - 1].x, given[i].y - given[i - 1].y));
        for (int k = 0; k < kSamples; ++k) {
            places.push_back(along(given, arc, arc.back() * k / (kSamples - 1)));
            centre += places.back() / kSamples;
        }
    }

  private:
    static Eigen::Vector3d vector_of(const MorphologyPoint& p) { return {p.x, p.y, p.z}; }
    static Eigen::Vector3d along(const std::vector<MorphologyPoint>& given, const std::vector<double>& arc, double s) {
        if (given.size() == 1) return vector_of(given[0]);
        const auto at = std::upper_bound(arc.begin(), arc.end(), s);
        const std::size_t i = std::clamp<std::size_t>(static_cast<std::size_t>(at - arc.begin()), 1, arc.size() - 1);
        const double span = arc[i] - arc[i - 1];
        const double f = span > 0 ? (s - arc[i - 1]) / span : 0;
        return vector_of(given[i - 1]) + f * (vector_of(given[i]) - vector_of(given[i - 1]));
    }
};

std::vector<MorphologyPoint> own_points(const MorphologySection& outline) {
    std::vector<MorphologyPoint> points;
    for (std::size_t i = outline.first != 0 ? 1 : 0; i < outline.count(); ++i) points.push_back(outline.point(i));
    return points;
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
    constexpr int kStations = 21;
    const EvenOutline outline(given);
    const Eigen::Vector3d& centre = outline.centre;
    Eigen::Matrix3d spread = Eigen::Matrix3d::Zero();
    for (const auto& p : outline.places) spread += (p - centre) * (p - centre).transpose();
    const Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d> axes(spread);
    const Eigen::Vector3d major = pointing_up(axes.eigenvectors().col(2));
    Eigen::Vector3d minor = axes.eigenvectors().col(1);
    minor.z() = 0;  // sections of the tissue are looked at from above
    if (minor.norm() > 0) minor.normalize();
    std::vector<double> place, side;
    for (const auto& p : outline.places) {
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

/// One outline among several above each other: as wide as the mean of a circle of its length and one of its mean radius.
MorphologyPoint point_of_outline(const std::vector<MorphologyPoint>& given) {
    const EvenOutline outline(given);
    double radius = 0, length = 0;
    for (const auto& p : outline.places) radius += (p - outline.centre).head<2>().norm() / static_cast<double>(outline.places.size());
    for (std::size_t i = 0; i < given.size(); ++i) {
        const MorphologyPoint& next = given[(i + 1) % given.size()];
        length += std::hypot(next.x - given[i].x, next.y - given[i].y);
    }
    return {outline.centre.x(), outline.centre.y(), outline.centre.z(), radius + length / (2 * std::numbers::pi)};
}

}  // namespace

std::vector<MorphologyPoint> points_of_soma(const MorphologySection& soma) {
    if (soma.deeper.empty()) return points_of_contour(own_points(soma));
    std::vector<MorphologyPoint> points{point_of_outline(own_points(soma))};
    for (const auto& s : soma.deeper)
        if (s->count() > 0) points.push_back(point_of_outline(own_points(*s)));
    return points;
}

MorphologyPoint centre_of_soma(const MorphologySection& soma) {
    const Eigen::Vector3d first = EvenOutline(own_points(soma)).centre;
    const Eigen::Vector3d last = soma.deeper.empty() ? first : EvenOutline(own_points(*soma.deeper.back())).centre;
    const Eigen::Vector3d middle = (first + last) / 2;
    return {middle.x(), middle.y(), middle.z(), 0};
}

namespace {

/// What an outline covers as seen from above.
struct Extent {
    double low_x = 0, high_x = 0, low_y = 0, high_y = 0;
    explicit Extent(const std::vector<MorphologyPoint>& points) {
        const auto [left, right] = std::minmax_element(points.begin(), points.end(), [](const auto& a, const auto& b) { return a.x < b.x; });
        const auto [below, above] = std::minmax_element(points.begin(), points.end(), [](const auto& a, const auto& b) { return a.y < b.y; });
        low_x = left->x, high_x = right->x, low_y = below->y, high_y = above->y;
    }
    [[nodiscard]] bool overlaps(const Extent& o) const { return low_x <= o.high_x && o.low_x <= high_x && low_y <= o.high_y && o.low_y <= high_y; }
    [[nodiscard]] bool covers(const MorphologyPoint& p) const { return low_x <= p.x && p.x <= high_x && low_y <= p.y && p.y <= high_y; }
};

bool begins_in(const MorphologySection& soma, const MorphologyPoint& p) {
    return Extent(own_points(soma)).covers(p) || std::any_of(soma.deeper.begin(), soma.deeper.end(), [&](const auto& s) { return Extent(own_points(*s)).covers(p); });
}

}  // namespace

void append_somata(Runtime& runtime, MorphologySections& sections, const std::vector<MorphologyChain>& outlines) {
    MorphologySectionPtr soma;
    std::optional<Extent> before;
    for (const MorphologyChain& c : outlines) {
        if (c.points.empty()) continue;
        auto s = make_morphology_section(runtime);
        s->set_points(c.points);
        s->type = 1;
        s->contour = 1;
        s->line = static_cast<double>(c.line);
        const Extent extent(c.points);
        if (before && before->overlaps(extent)) {
            s->subsidiary = 1;
            soma->deeper.push_back(s);
        } else {
            soma = s;
        }
        before = extent;
        sections.push_back(s);
    }
}

MorphologySectionPtr soma_of_tree(const MorphologySections& sections, const MorphologyChain& tree) {
    MorphologySectionPtr nearest;
    double least = 0;
    for (const auto& s : sections) {
        if (s->contour == 0 || s->subsidiary != 0) continue;
        if (tree.points.empty() || begins_in(*s, tree.points[0])) return s;
        const MorphologyPoint middle = centre_of_soma(*s), &p = tree.points[0];
        const double distance = std::hypot(p.x - middle.x, p.y - middle.y, p.z - middle.z);
        if (nearest && distance >= least) continue;
        nearest = s;
        least = distance;
    }
    return nearest;
}

}  // namespace nrn
