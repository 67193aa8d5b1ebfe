// SPDX-License-Identifier: BSD-3-Clause
// Diameter, area and axial resistance of segments, from L and diam or from 3-D points.
// Formulae: a segment is a stack of frusta; its area is the sum of their lateral areas (a step between two
// points at one place adds the annulus), its half resistances are integrals of Ra / cross-section.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include <fmt/format.h>

#include "model/model.hpp"
#include "nrn/api/error.hpp"

namespace nrn {
namespace {

constexpr double kLeastLength = 1e-9;  // [um], of a section whose 3-D points coincide, as in the reference

}  // namespace

/// Works on one section's private parts.
class Geometry {
  public:
    Geometry(Section& section, NodeStore& nodes) : s_(section), nodes_(nodes) {}

    void update() {
        const bool use_points = s_.points_.size() > 1;
        if (use_points) s_.length_ = std::max(s_.points_.back().arc, kLeastLength);
        if (!(s_.length_ > 0)) throw Error(ErrorKind::Value, fmt::format("L of `{}` is {}: it must be > 0 um", s_.name(), s_.length_));
        if (!(s_.Ra_ > 0)) throw Error(ErrorKind::Value, fmt::format("Ra of `{}` is {}: it must be > 0 ohm cm", s_.name(), s_.Ra_));
        double right = 0;  // resistance from the last centre to the boundary, MOhm
        first_point_ = 0;
        for (int k = 0; k < s_.nseg_; ++k) {
            const int i = s_.child_end_ == 0 ? k : s_.nseg_ - 1 - k;  // in order away from the parent
            Half near, far;
            double diam, area;
            if (use_points) integrate(i, near, far, diam, area);
            else cylinder(i, near, far, diam, area);
            if (s_.child_end_ == 1) std::swap(near, far);
            const RowId node = s_.nodes_[static_cast<std::size_t>(i)];
            if (use_points && s_.diam_from_points_) nodes_.at(NodeStore::Diam, node) = diam;
            nodes_.at(NodeStore::Area, node) = area;
            nodes_.at(NodeStore::Ri, node) = right + near.resistance;
            right = far.resistance;
        }
        const RowId end = s_.nodes_[static_cast<std::size_t>(s_.nseg_)];
        nodes_.at(NodeStore::Area, end) = kZeroArea;
        nodes_.at(NodeStore::Ri, end) = right;
        nodes_.at(NodeStore::Area, s_.root_node_) = kZeroArea;
        s_.geometry_stale_ = false;
        s_.diam_from_points_ = s_.points_follow_diam_ = false;
    }

    /// An end node has no membrane; 100 um2 makes its equation come out in nA.
    static constexpr double kZeroArea = 100;

  private:
    struct Half { double resistance = 0; };

    void cylinder(int i, Half& left, Half& right, double& diam, double& area) {
        const double dx = s_.length_ / s_.nseg_;
        diam = nodes_.at(NodeStore::Diam, s_.nodes_[static_cast<std::size_t>(i)]);
        if (!(diam > 0))
            throw Error(ErrorKind::Value, fmt::format("diameter of `{}({:g})` is {}: diam must be > 0 um", s_.name(), s_.segment_x(i), diam));
        area = std::numbers::pi * diam * dx;
        left.resistance = 1e-2 * s_.Ra_ * (dx / 2) / (std::numbers::pi * diam * diam / 4);
        right = left;
    }

    /// Integrates the frusta of the two halves of segment i.
    void integrate(int i, Half& left, Half& right, double& diam, double& area) {
        const auto& p = s_.points_;
        const double half = s_.length_ / (2.0 * s_.nseg_);
        double diam_sum = 0, area_sum = 0;
        double x0 = 2 * i * half;
        // The frustum that holds x0: the last point at or before it.
        std::size_t j = 1;
        if (s_.child_end_ == 0) j = std::max<std::size_t>(1, first_point_);
        while (j + 1 < p.size() && p[j].arc <= x0) ++j;
        // Steps exactly at the start of the section belong to its first segment.
        if (i == 0) j = 1;
        double y0 = i == 0 ? diameter(0) : at(j, x0);
        for (int h = 0; h < 2; ++h) {
            const double end = (2 * i + h + 1) * half;
            double resistance = 0;
            for (;; ++j) {
                const bool last = p[j].arc > end || j + 1 == p.size();
                double x1 = last ? end : p[j].arc;
                const double y1 = last ? (p[j].arc > end ? at(j, end) : diameter(j)) : diameter(j);
                const double length = std::max(x1 - x0, 0.0);
                diam_sum += (y1 + y0) * length;
                double conductance = y1 * y0 / std::max(length, 1e-15);
                if (conductance == 0) conductance = 1e-15;
                resistance += 1 / conductance;
                const double taper = 0.5 * (y1 - y0);
                area_sum += (y1 + y0) * std::sqrt(length * length + taper * taper);
                x0 = x1;
                y0 = y1;
                if (last) break;
            }
            (h == 0 ? left : right).resistance = resistance * s_.Ra_ * 0.04 / std::numbers::pi;
        }
        first_point_ = j;
        diam = diam_sum * 0.5 / (2 * half);
        area = area_sum * 0.5 * std::numbers::pi;
        if (!(diam > 0))
            throw Error(ErrorKind::Value, fmt::format("the 3-D points of `{}` give segment {} the diameter {}: diam must be > 0 um", s_.name(), i, diam));
    }

    double diameter(std::size_t j) const { return std::fabs(static_cast<double>(s_.points_[j].diam)); }
    double at(std::size_t j, double x) const {
        const auto &a = s_.points_[j - 1], &b = s_.points_[j];
        const double fraction = b.arc > a.arc ? (x - a.arc) / (b.arc - a.arc) : 1;
        return (1 - fraction) * diameter(j - 1) + fraction * diameter(j);
    }

    Section& s_;
    NodeStore& nodes_;
    std::size_t first_point_ = 0;
};

void Model::update_geometry() {
    if (!geometry_stale_) return;
    for (Section* s : sections())
        if (s->geometry_stale_) Geometry(*s, nodes_).update();
    geometry_stale_ = false;
}

void Model::update_geometry(Section& section) {
    if (section.geometry_stale_) Geometry(section, nodes_).update();
}

void Model::mark_diameter_changed(Section* section) noexcept {
    if (section) {
        mark_stale(*section);
        return;
    }
    for (Section* s : sections()) s->geometry_stale_ = true;
    geometry_stale_ = true;
    diam_changed = 1;
    structure_changed();
}

void Model::before_diameter_assigned(Section& section) {
    // Points added since the last look decide the diameters that this assignment leaves alone.
    if (section.points_.size() > 1 && section.diam_from_points_ && !section.points_follow_diam_) update_geometry(section);
}

void Model::diameter_assigned(Section& section) {
    // The points follow the user's diameters at once, and the segments are integrated from them at the next look.
    if (section.points_.size() > 1) {
        const double length = section.points_.back().arc;
        if (!pt3d_const)
            for (auto& p : section.points_)
                p.diam = static_cast<float>(nodes_.at(NodeStore::Diam, section.segment_node(section.segment_index(length > 0 ? std::min(1.0, p.arc / length) : 0))));
        section.diam_from_points_ = section.points_follow_diam_ = true;
    }
    mark_stale(section);
}

void Section::set_length(double um) {
    require_alive();
    if (!(um > 0 && std::isfinite(um))) throw Error(ErrorKind::Value, fmt::format("L of `{}` must be > 0 um{}, not {}", name_, um > 0 ? " and finite" : "", um));
    set_length_unchecked(um);
}

void Section::set_length_unchecked(double um) {
    require_alive();
    if (!std::isfinite(um)) throw Error(ErrorKind::Value, fmt::format("L of `{}` must be a finite number [um], not {}", name_, um));
    model_.mark_stale(*this);
    if (points_.size() > 1 && points_.back().arc > 0 && um > 0) {
        if (model_.pt3d_const) return;  // the points alone decide
        const double factor = um / points_.back().arc;
        const Pt3d origin = points_.front();
        for (auto& p : points_) {
            p.x = static_cast<float>((p.x - origin.x) * factor + origin.x);
            p.y = static_cast<float>((p.y - origin.y) * factor + origin.y);
            p.z = static_cast<float>((p.z - origin.z) * factor + origin.z);
            p.arc = p.arc * factor;
        }
        diam_from_points_ = true;
    }
    length_ = um;
}

// ---- 3-D points --------------------------------------------------------------------------------

namespace {

void measure_arc(std::vector<Pt3d>& points, std::size_t from) {
    for (std::size_t i = from; i < points.size(); ++i) {
        if (i == 0) {
            points[0].arc = 0;
            continue;
        }
        const auto &a = points[i - 1], &b = points[i];
        const double dx = b.x - a.x, dy = b.y - a.y, dz = b.z - a.z;  // in single precision, as the reference's
        points[i].arc = a.arc + std::sqrt(dx * dx + dy * dy + dz * dz);
    }
}

std::size_t point_index(const Section& s, long i, std::size_t limit) {
    if (i < 0 || static_cast<std::size_t>(i) >= limit)
        throw Error(ErrorKind::Index, limit ? fmt::format("3-D point {} of `{}` is out of range 0 to {}", i, s.name(), static_cast<long>(limit) - 1)
                                            : fmt::format("3-D point {} of `{}`: the section has no 3-D points", i, s.name()));
    return static_cast<std::size_t>(i);
}

/// Points are kept in single precision. @throws Error(Value) for what is no finite number there
Pt3d make_point(const Section& s, double x, double y, double z, double diam) {
    for (const double a : {x, y, z, diam})
        if (!(std::fabs(a) <= std::numeric_limits<float>::max())) throw Error(ErrorKind::Value, fmt::format("a 3-D point of `{}` must have finite coordinates and diameter, not {}", s.name(), a));
    return {static_cast<float>(x), static_cast<float>(y), static_cast<float>(z), static_cast<float>(diam), 0};
}

}  // namespace

void Model::points_changed(Section& section, std::size_t from) {
    measure_arc(section.points_, from);
    if (section.points_.size() > 1) section.length_ = std::max(section.points_.back().arc, kLeastLength);
    section.diam_from_points_ = true;
    mark_stale(section);
}

void Model::pt3d_clear(Section& section, long reserve) {
    section.require_alive();
    section.points_.clear();
    if (reserve > 0 && reserve < 1000000) section.points_.reserve(static_cast<std::size_t>(reserve));
    // Areas and resistances stay those of the points until something else changes, as in the reference.
}

void Model::pt3d_add(Section& section, double x, double y, double z, double diam) {
    section.require_alive();
    section.points_.push_back(make_point(section, x, y, z, diam));
    points_changed(section, section.points_.size() - 1);
}

void Model::pt3d_insert(Section& section, long i, double x, double y, double z, double diam) {
    section.require_alive();
    const std::size_t at = point_index(section, i, section.points_.size() + 1);
    section.points_.insert(section.points_.begin() + static_cast<std::ptrdiff_t>(at), make_point(section, x, y, z, diam));
    points_changed(section, at);
}

void Model::pt3d_change(Section& section, long i, double x, double y, double z, double diam) {
    section.require_alive();
    const std::size_t at = point_index(section, i, section.points_.size());
    section.points_[at] = make_point(section, x, y, z, diam);
    points_changed(section, at);
}

void Model::pt3d_change_diam(Section& section, long i, double diam) {
    section.require_alive();
    section.points_[point_index(section, i, section.points_.size())].diam = static_cast<float>(diam);
    points_changed(section, section.points_.size());
}

void Model::pt3d_remove(Section& section, long i) {
    section.require_alive();
    const std::size_t at = point_index(section, i, section.points_.size());
    section.points_.erase(section.points_.begin() + static_cast<std::ptrdiff_t>(at));
    points_changed(section, at);
}

}  // namespace nrn
