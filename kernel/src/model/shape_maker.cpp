// SPDX-License-Identifier: BSD-3-Clause
// define_shape: 3-D points for sections that have only L and diam, and joining of those that have points.
// Observed of the reference: a child goes on straight from its parent's far end, back from the near end, and upright from
// between (to the right before the middle, to the left from there on); children at one place fan out over 0.8 rad; roots
// lie above each other, 100 um apart; a section's place x is on the line between its first and last point, and a
// section joined by its 1 end begins there all the same. L stays what it was.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "model/model.hpp"

namespace nrn {

class ShapeMaker {
  public:
    ShapeMaker(Model& model, NodeStore& nodes) : model_(model), nodes_(nodes) {}

    /// @param position  of the root among all sections
    void make(Section& root, std::size_t position) {
        if (root.points_.size() < 2) fill(root, {0, 0, 100 * static_cast<double>(position)}, 0);
        std::vector<Section*> pending{&root};
        while (!pending.empty()) {
            Section& parent = *pending.back();
            pending.pop_back();
            for (Section* child : parent.children_) {
                const auto start = place(parent, along(parent, *child));
                if (child->points_.size() < 2) fill(*child, start, angle(parent, *child));
                else join(*child, start);
                pending.push_back(child);
            }
        }
    }

  private:
    using Place = std::array<double, 3>;

    /// How far from the parent's first point to its last the child begins, 0 to 1.
    static double along(const Section& parent, const Section& child) {
        return parent.child_end_ == 1 ? 1 - child.parent_x_ : child.parent_x_;
    }

    static Place place(const Section& s, double x) {
        const Pt3d &a = s.points_.front(), &b = s.points_.back();
        return {(1 - x) * a.x + x * b.x, (1 - x) * a.y + x * b.y, (1 - x) * a.z + x * b.z};
    }

    static float direction(const Section& s) {
        const Pt3d &a = s.points_.front(), &b = s.points_.back();
        return static_cast<float>(std::atan2(static_cast<double>(b.y) - a.y, static_cast<double>(b.x) - a.x));
    }

    static float angle(const Section& parent, const Section& child) {
        int count = 0, rank = 0;
        for (const Section* s : parent.children_) {
            if (s == &child) rank = count;
            if (s->parent_x_ == child.parent_x_) ++count;
        }
        const double x = along(parent, child);
        const double turn = x <= 0 ? -std::numbers::pi : x >= 1 ? 0 : x < 0.5 ? -std::numbers::pi / 2 : std::numbers::pi / 2;
        const double fan = count > 1 ? 0.8 * (static_cast<double>(rank) / (count - 1) - 0.5) : 0;
        return static_cast<float>(direction(parent) + turn + fan);
    }

    void fill(Section& s, const Place& start, float theta) {
        const double length = s.length_, angle = theta;
        const Pt3d first{static_cast<float>(start[0]), static_cast<float>(start[1]), static_cast<float>(start[2]), 0, 0};
        const Pt3d last{static_cast<float>(first.x + length * std::cos(angle)), static_cast<float>(first.y + length * std::sin(angle)), first.z, 0, 0};
        s.points_.clear();
        const auto add = [&](double x, int segment) {
            const int shown = s.child_end_ == 1 ? s.nseg_ - 1 - segment : segment;
            s.points_.push_back({static_cast<float>((1 - x) * first.x + x * last.x), static_cast<float>((1 - x) * first.y + x * last.y), first.z,
                                 static_cast<float>(nodes_.at(NodeStore::Diam, s.nodes_[static_cast<std::size_t>(shown)])), 0});
        };
        add(0, 0);
        for (int i = 0; i < s.nseg_; ++i) add(s.segment_x(i), i);
        add(1, s.nseg_ - 1);
        model_.points_changed(s, 0);
        s.points_.back().arc = s.length_ = length;  // not the sum of rounded distances
    }

    /// Moves the points so that the first (or the logical connection point) is at `place`.
    void join(Section& s, const Place& place) {
        Place from{s.points_.front().x, s.points_.front().y, s.points_.front().z};
        if (s.logical_connection_) from = {(*s.logical_connection_)[0], (*s.logical_connection_)[1], (*s.logical_connection_)[2]};
        const Place by{place[0] - from[0], place[1] - from[1], place[2] - from[2]};
        if (std::fabs(by[0]) + std::fabs(by[1]) + std::fabs(by[2]) < 1e-5) return;
        for (Pt3d& p : s.points_) {
            p.x = static_cast<float>(p.x + by[0]);
            p.y = static_cast<float>(p.y + by[1]);
            p.z = static_cast<float>(p.z + by[2]);
        }
        if (s.logical_connection_)
            s.logical_connection_ = {static_cast<float>(place[0]), static_cast<float>(place[1]), static_cast<float>(place[2])};
    }

    Model& model_;
    NodeStore& nodes_;
};

void Model::define_shape() {
    update_geometry();
    ShapeMaker maker(*this, nodes_);
    std::size_t position = 0;
    for (Section* s : sections()) {
        if (!s->parent_) maker.make(*s, position);
        ++position;
    }
}

void Model::set_logical_connection(Section& section, const std::optional<std::array<float, 3>>& place) {
    section.require_alive();
    section.logical_connection_ = place;
}

}  // namespace nrn
