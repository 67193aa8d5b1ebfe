// SPDX-License-Identifier: BSD-3-Clause
// What scripts ask of the shape: area, axial resistance, volume, path distance.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "model/model.hpp"

namespace nrn {

double Model::area(Section& section, double x) {
    section.require_alive();
    update_geometry(section);
    if (x <= 0 || x >= 1) return 0;
    return nodes_.at(NodeStore::Area, section.node_at(x));
}

double Model::axial_resistance(Section& section, double x) {
    section.require_alive();
    update_geometry(section);
    // The end towards the root is the place of the parent that it is connected to.
    if (x == section.child_end() && (x == 0 || x == 1)) return section.parent() ? axial_resistance(*section.parent(), section.parent_x()) : 1e30;
    return nodes_.at(NodeStore::Ri, section.node_at(x));
}

double Model::segment_volume(Section& section, double x) {
    section.require_alive();
    update_geometry(section);
    const int i = section.segment_index(x);
    if (x == 0 || x == 1) return 0;  // the ends have no volume
    const double dx = section.length() / section.nseg();
    if (section.points().size() < 2) {
        const double d = nodes_.at(NodeStore::Diam, section.segment_node(i));
        return std::numbers::pi * d * d / 4 * dx;
    }
    // Frusta between the segment's boundaries.
    const auto& p = section.points();
    const double low = i * dx, high = (i + 1) * dx;
    double volume = 0;
    for (std::size_t j = 1; j < p.size(); ++j) {
        const double a = std::max(low, p[j - 1].arc), b = std::min(high, p[j].arc), span = p[j].arc - p[j - 1].arc;
        if (b <= a || span <= 0) continue;
        const auto diameter = [&](double s) {
            const double f = (s - p[j - 1].arc) / span;
            return (1 - f) * std::fabs(p[j - 1].diam) + f * std::fabs(p[j].diam);
        };
        const double d0 = diameter(a), d1 = diameter(b);
        volume += std::numbers::pi / 12 * (b - a) * (d0 * d0 + d0 * d1 + d1 * d1);
    }
    return volume;
}

namespace {

/// Distances are between nodes: a place inside a section is its segment's centre.
double node_position(const Section& s, double x) {
    const int segment = s.segment_index(x);
    return x == 0 || x == 1 ? x : s.segment_x(segment);
}

/// Distance from (s, x) to the root's attached end, summed along the way.
double to_root(const Section* s, double x) {
    double total = 0;
    while (true) {
        total += std::fabs(x - s->child_end()) * s->length();
        if (!s->parent()) return total;
        x = node_position(*s->parent(), s->parent_x());
        s = s->parent();
    }
}

int depth(const Section* s) {
    int n = 0;
    for (; s->parent(); s = s->parent()) ++n;
    return n;
}

}  // namespace

double Model::distance(Section& a, double xa, Section& b, double xb) {
    a.require_alive();
    b.require_alive();
    if (&a.root() != &b.root()) return 1e20;
    xa = node_position(a, xa);
    xb = node_position(b, xb);
    double total = to_root(&a, xa) + to_root(&b, xb);
    const Section *p = &a, *q = &b;
    double x = xa, y = xb;
    for (int dp = depth(p), dq = depth(q); p != q;) {
        if (dp >= dq) { x = node_position(*p->parent(), p->parent_x()); p = p->parent(); --dp; }
        else { y = node_position(*q->parent(), q->parent_x()); q = q->parent(); --dq; }
    }
    // Both paths enter p at x and y; the part from the nearer entry to the root was counted twice.
    const double end = p->child_end();
    const double shared = std::min(std::fabs(x - end), std::fabs(y - end));
    if ((x - end) * (y - end) >= 0) {
        Section* common = const_cast<Section*>(p);
        const double nearest = end == 0 ? shared : 1 - shared;
        total -= 2 * to_root(common, nearest);
    }
    return total;
}

}  // namespace nrn
