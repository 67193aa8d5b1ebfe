// SPDX-License-Identifier: BSD-3-Clause
// Freezes the model for the engine.
#include "engine/layout.hpp"

#include <algorithm>
#include <numeric>

#include "model/ion.hpp"
#include "model/mechanism_store.hpp"
#include "model/model.hpp"

namespace nrn {

bool Layout::refresh(Model& model) {
    if (version_ == model.structure_version()) return false;
    model.update_geometry();
    order_nodes(model);
    order_mechanisms(model);
    couple(model);
    version_ = model.structure_version();
    model.diam_changed = 0;
    return true;
}

std::int32_t Layout::active_rows(const MechanismType& type) const noexcept {
    const auto i = static_cast<std::size_t>(type.index());
    return i < active_.size() ? active_[i] : 0;
}

void Layout::order_cell(Model& model, Section& root, std::vector<std::uint32_t>& order, std::vector<std::int32_t>& row_of) {
    NodeStore& nodes = model.nodes_;
    const auto place_node = [&](RowId id, std::int32_t parent, Section& section, double x, double rall, bool membrane) {
        const auto row = static_cast<std::int32_t>(order.size());
        row_of[nodes.row(id)] = row;
        order.push_back(nodes.row(id));
        parents_.push_back(parent);
        places_.push_back({&section, x});
        rall_.push_back(rall);
        membrane_.push_back(membrane);
        return row;
    };
    roots_.push_back(place_node(root.root_node_, -1, root, root.child_end_, 1, false));
    std::vector<Section*> pending{&root};
    while (!pending.empty()) {
        Section& s = *pending.back();
        pending.pop_back();
        const RowId attached = s.parent_ ? s.parent_->node_at(s.parent_x_) : s.root_node_;
        std::int32_t previous = row_of[nodes.row(attached)];
        for (int k = 0; k < s.nseg_; ++k) {
            const int i = s.child_end_ == 0 ? k : s.nseg_ - 1 - k;
            previous = place_node(s.nodes_[static_cast<std::size_t>(i)], previous, s, s.segment_x(i), k == 0 ? s.rallbranch_ : 1, true);
        }
        place_node(s.nodes_[static_cast<std::size_t>(s.nseg_)], previous, s, 1 - s.child_end_, 1, false);
        // Oldest child first, so that the order follows the model's text.
        for (Section* child : s.children_) pending.push_back(child);
    }
}

void Layout::order_nodes(Model& model) {
    NodeStore& nodes = model.nodes_;
    std::vector<std::uint32_t> order;
    order.reserve(nodes.size());
    std::vector<std::int32_t> row_of(nodes.size(), -1);
    roots_.clear();
    parents_.clear();
    places_.clear();
    rall_.clear();
    membrane_.clear();
    groups_.clear();
    for (Section* s : model.sections_) {
        if (s->parent_) continue;
        const auto begin = static_cast<std::int32_t>(order.size());
        order_cell(model, *s, order, row_of);
        groups_.push_back({begin, static_cast<std::int32_t>(order.size())});
    }
    n_node_ = static_cast<std::int32_t>(order.size());
    // The unused root nodes of connected sections come last.
    for (std::uint32_t r = 0; r < row_of.size(); ++r)
        if (row_of[r] < 0) order.push_back(r);
    nodes.permute(order);
    nodes.parent.assign(parents_.begin(), parents_.end());
}

void Layout::order_mechanisms(Model& model) {
    NodeStore& nodes = model.nodes_;
    active_.assign(model.mechanisms_.size(), 0);
    types_.clear();
    for (const auto& type : model.mechanisms_) {
        auto& store = type->store();
        const std::size_t n = store.size();
        if (n == 0) continue;
        const auto key = [&](std::uint32_t row) {
            const RowId node = store.node_of_row(row);
            return node == kNoRow || !nodes.alive(node) ? kNoRow : nodes.row(node);
        };
        std::vector<std::pair<std::uint64_t, std::uint32_t>> sorted(n);
        for (std::uint32_t r = 0; r < n; ++r)  // equal nodes: older instances first
            sorted[r] = {(static_cast<std::uint64_t>(key(r)) << 32) | store.id(r), r};
        if (!std::is_sorted(sorted.begin(), sorted.end())) {
            std::sort(sorted.begin(), sorted.end());
            std::vector<std::uint32_t> order(n);
            for (std::size_t r = 0; r < n; ++r) order[r] = sorted[r].second;
            store.permute(order);
        }
        std::int32_t active = static_cast<std::int32_t>(n);
        if (!type->is_artificial())
            active = static_cast<std::int32_t>(std::count_if(sorted.begin(), sorted.end(), [](const auto& s) { return (s.first >> 32) != kNoRow; }));
        active_[static_cast<std::size_t>(type->index())] = active;
        types_.push_back(type.get());
    }
    // Rows of ions are final now: resolve.
    for (MechanismType* type : types_) {
        auto& store = type->store();
        store.resolve([&](RowId node) { return nodes.alive(node) ? static_cast<std::int32_t>(nodes.row(node)) : -1; },
                      [&](std::size_t use, RowId, std::size_t row) -> std::int32_t {
                          const RowId ion = store.ion_id_of_row(use, row);
                          auto& ion_store = type->ions()[use]->store();
                          return ion_store.alive(ion) ? static_cast<std::int32_t>(ion_store.row(ion)) : 0;
                      });
        const auto& d = type->description();
        for (int i = 0; i < d.n_variable; ++i) {
            if (d.variable[i].kind != NRN_POINTER) continue;
            for (std::size_t row = 0; row < store.size(); ++row) {
                const RefPtr& target = store.pointer_ref(d.variable[i].column, store.id(static_cast<std::uint32_t>(row)));
                store.pointer(d.variable[i].column, store.id(static_cast<std::uint32_t>(row))) = target && target->valid() ? target->data() : nullptr;
            }
        }
    }
}

void Layout::couple(Model& model) {
    // Conductances 1/Ri [uS] per area of each side, x100 to come out in S/cm2 (as d is).
    NodeStore& nodes = model.nodes_;
    double *a = nodes.column(NodeStore::A), *b = nodes.column(NodeStore::B);
    const double *ri = nodes.column(NodeStore::Ri), *area = nodes.column(NodeStore::Area);
    for (std::int32_t i = 0; i < n_node_; ++i) {
        const std::int32_t p = nodes.parent[static_cast<std::size_t>(i)];
        if (p < 0) {
            a[i] = b[i] = 0;
            continue;
        }
        const double conductance = 100 / ri[i];
        b[i] = -conductance / area[i];
        a[i] = -conductance * rall_[static_cast<std::size_t>(i)] / area[p];
    }
}

}  // namespace nrn
