// SPDX-License-Identifier: BSD-3-Clause
// Rows come at the end and leave by the last row taking their place.
#include "model/node_store.hpp"

namespace nrn {

RowId NodeStore::add() {
    for (auto& c : columns_) c.push_back(0);
    const RowId id = index_.add(static_cast<std::uint32_t>(ids_.size()));
    ids_.push_back(id);
    return id;
}

void NodeStore::remove(RowId id) {
    const std::uint32_t row = index_.row(id), last = static_cast<std::uint32_t>(ids_.size() - 1);
    for (auto& c : columns_) {
        c[row] = c[last];
        c.pop_back();
    }
    ids_[row] = ids_[last];
    index_.move(ids_[row], row);
    ids_.pop_back();
    index_.remove(id);
}

void NodeStore::permute(const std::vector<std::uint32_t>& order) {
    AlignedColumn sorted(order.size());
    for (auto& c : columns_) {
        for (std::size_t r = 0; r < order.size(); ++r) sorted[r] = c[order[r]];
        c.swap(sorted);
    }
    std::vector<RowId> ids(order.size());
    for (std::size_t r = 0; r < order.size(); ++r) {
        ids[r] = ids_[order[r]];
        index_.move(ids[r], static_cast<std::uint32_t>(r));
    }
    ids_.swap(ids);
}

}  // namespace nrn
