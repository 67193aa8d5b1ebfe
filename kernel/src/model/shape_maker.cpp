// SPDX-License-Identifier: BSD-3-Clause
// define_shape: 3-D points for sections that have only L and diam, and joining of those that have points.
// A child leaves its parent's direction in the x-y plane by (1 - x) pi, so that it goes on straight from the
// far end and upright from the middle; children at one place fan out.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "model/model.hpp"

namespace nrn {

class ShapeMaker {
  public:
    ShapeMaker(Model& model, NodeStore& nodes) : model_(model), nodes_(nodes) {}

    void make(Section& root) {
        if (root.points_.size() < 2) fill(root, {0, 0, 0}, 0);
        std::vector<Section*> pending{&root};
        while (!pending.empty()) {
            Section& parent = *pending.back();
            pending.pop_back();
            for (Section* child : parent.children_) {
                const auto place = position(parent, child->parent_x_);
                if (child->points_.size() < 2) fill(*child, place, angle(parent, *child));
                else join(*child, place);
                pending.push_back(child);
            }
        }
    }

  private:
    using Place = std::array<double, 3>;

    static Place position(const Section& s, double x) {
        const auto& p = s.points_;
        const double arc = x * p.back().arc;
        std::size_t j = 1;
        while (j + 1 < p.size() && p[j].arc < arc) ++j;
        const Pt3d &a = p[j - 1], &b = p[j];
        const double f = b.arc > a.arc ? (arc - a.arc) / (b.arc - a.arc) : 0;
        return {a.x + f * (b.x - a.x), a.y + f * (b.y - a.y), a.z + f * (b.z - a.z)};
    }

    static float direction(const Section& s) {
        const Pt3d &a = s.points_.front(), &b = s.points_.back();
        const double flip = s.child_end_ == 1 ? -1 : 1;
        return static_cast<float>(std::atan2(flip * (b.y - a.y), flip * (b.x - a.x)));
    }

    static float angle(const Section& parent, const Section& child) {
        int count = 0, rank = 0;
        for (const Section* s : parent.children_) {
            if (s == &child) rank = count;
            if (s->parent_x_ == child.parent_x_) ++count;
        }
        const double x = parent.child_end_ == 1 ? 1 - child.parent_x_ : child.parent_x_;
        const double spread = (rank - (count - 1) / 2.0) * std::numbers::pi / (count + 1);
        return static_cast<float>(direction(parent) + (1 - x) * std::numbers::pi + spread);
    }

    void fill(Section& s, const Place& start, float theta) {
        const double length = s.length_, cosine = std::cos(theta), sine = std::sin(theta);
        s.points_.clear();
        const auto add = [&](double x, int segment) {
            const double along = (s.child_end_ == 1 ? 1 - x : x) * length;
            s.points_.push_back({static_cast<float>(start[0] + along * cosine), static_cast<float>(start[1] + along * sine), static_cast<float>(start[2]),
                                 static_cast<float>(nodes_.at(NodeStore::Diam, s.nodes_[static_cast<std::size_t>(segment)])), 0});
        };
        add(0, 0);
        for (int i = 0; i < s.nseg_; ++i) add(s.segment_x(i), i);
        add(1, s.nseg_ - 1);
        model_.points_changed(s, 0);
    }

    /// Moves the points so that the joined end (or the logical connection point) is at `place`.
    void join(Section& s, const Place& place) {
        const Pt3d& end = s.child_end_ == 1 ? s.points_.back() : s.points_.front();
        Place from{end.x, end.y, end.z};
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
    for (Section* s : sections_)
        if (!s->parent_) maker.make(*s);
}

void Model::set_logical_connection(Section& section, const std::optional<std::array<float, 3>>& place) {
    section.require_alive();
    section.logical_connection_ = place;
}

}  // namespace nrn
