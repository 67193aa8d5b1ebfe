// SPDX-License-Identifier: BSD-3-Clause
// Branches by level, side by side.
#include "engine/tree_order.hpp"

#include <algorithm>

namespace nrn {

void CellTrees::clear() {
    parent.clear();
    flags.clear();
    cells.clear();
}

void TreeOrder::branches_of_cell(const CellTrees::Cell& cell, std::uint64_t number) {
    const auto n = static_cast<std::size_t>(cell.end - cell.begin);
    const auto parent_of = [&](std::size_t i) { return trees_.parent[static_cast<std::size_t>(cell.begin) + i] - cell.begin; };
    constexpr std::int32_t kFollows = -2;  // an end that takes its neighbour's voltage
    children_.assign(n, 0);
    for (std::size_t i = 1; i < n; ++i) ++children_[static_cast<std::size_t>(parent_of(i))];
    branch_.assign(n, -1);
    for (std::size_t i = 0; i < n; ++i)
        if (trees_.flags[static_cast<std::size_t>(cell.begin) + i] == 0 && children_[i] == (i == 0 ? 1 : 0)) {
            branch_[i] = kFollows;
            ends_.push_back(cell.begin + static_cast<std::int32_t>(i));
            if (i > 0) --children_[static_cast<std::size_t>(parent_of(i))];
        }
    place_.assign(n, 0);
    level_.clear();
    const std::size_t first = branches_.size();
    for (std::size_t i = 0; i < n; ++i) {
        if (branch_[i] == kFollows) continue;
        const auto p = static_cast<std::size_t>(parent_of(i));
        const bool has_parent = i > 0 && branch_[p] != kFollows;
        if (has_parent && children_[p] == 1) {
            branch_[i] = branch_[p];
            place_[i] = place_[p] + 1;
        } else {
            branch_[i] = static_cast<std::int32_t>(level_.size());
            level_.push_back(has_parent ? level_[static_cast<std::size_t>(branch_[p])] + 1 : 0);
            branches_.push_back({0, (static_cast<std::uint64_t>(branch_[i]) << 32) | number, 0, 0});
        }
        ++branches_[first + static_cast<std::size_t>(branch_[i])].length;
    }
    auto at = static_cast<std::int32_t>(chain_.size());
    for (std::size_t k = first; k < branches_.size(); ++k) {
        Branch& b = branches_[k];
        b.rank = (static_cast<std::uint64_t>(level_[k - first]) << 32) | (0xffffffffu - static_cast<std::uint32_t>(b.length));
        b.first = at;
        at += b.length;
    }
    chain_.resize(static_cast<std::size_t>(at));
    for (std::size_t i = 0; i < n; ++i)
        if (branch_[i] >= 0) chain_[static_cast<std::size_t>(branches_[first + static_cast<std::size_t>(branch_[i])].first + place_[i])] = cell.begin + static_cast<std::int32_t>(i);
}

void TreeOrder::find_branches(std::span<const std::int32_t> cells) {
    branches_.clear();
    chain_.clear();
    ends_.clear();
    for (std::size_t k = 0; k < cells.size(); ++k) branches_of_cell(trees_.cells[static_cast<std::size_t>(cells[k])], k);
    // By level, then long branches first; equal ones by their number in the cell, then by cell.
    std::sort(branches_.begin(), branches_.end(), [](const Branch& x, const Branch& y) { return x.rank != y.rank ? x.rank < y.rank : x.tie < y.tie; });
}

TreeOrder::Group TreeOrder::place(std::span<const std::int32_t> cells, std::int32_t begin, std::vector<std::int32_t>& row,
                                  std::vector<std::int32_t>& order, TreePlan& plan) {
    find_branches(cells);
    Group group{begin, begin, begin, static_cast<std::int32_t>(plan.operations.size()), 0, static_cast<std::int32_t>(plan.ends.size()), 0};
    for (const std::int32_t t : chain_) group.membrane_end += trees_.flags[static_cast<std::size_t>(t)] & CellTrees::Membrane;
    std::int32_t with = begin, without = group.membrane_end;
    const std::int32_t first_end = begin + static_cast<std::int32_t>(chain_.size());
    group.end = first_end + static_cast<std::int32_t>(ends_.size());

    // Ends of roots come before everything else in Hines order, other ends after everything.
    for (const std::int32_t t : ends_)
        if (trees_.parent[static_cast<std::size_t>(t)] < 0) order.push_back(t);
    for (const std::int32_t t : ends_) row[static_cast<std::size_t>(t)] = -1;

    bool fresh = true;  // do not continue the last operation
    const auto put = [&](std::int32_t t, bool chain) {
        const bool membrane = trees_.flags[static_cast<std::size_t>(t)] & CellTrees::Membrane;
        const std::int32_t r = membrane ? with++ : without++;
        row[static_cast<std::size_t>(t)] = r;
        order.push_back(t);
        const std::int32_t p = trees_.parent[static_cast<std::size_t>(t)];
        const std::int32_t parent_row = p < 0 ? -1 : row[static_cast<std::size_t>(p)];
        const std::int32_t distance = parent_row < 0 ? 0 : r - parent_row;
        auto& operations = plan.operations;
        if (!fresh && operations.back().end == r && operations.back().distance == distance && operations.back().chain == chain) operations.back().end = r + 1;
        else operations.push_back({r, r + 1, distance, chain});
        fresh = false;
    };
    const auto put_long_branch = [&](const Branch& b) {
        for (std::int32_t j = 0; j < b.length; ++j) {
            const std::int32_t t = chain_[static_cast<std::size_t>(b.first + j)], p = trees_.parent[static_cast<std::size_t>(t)];
            // Its first node and joints of sections are ordinary rows.
            const bool chain = j > 0 && trees_.flags[static_cast<std::size_t>(t)] & trees_.flags[static_cast<std::size_t>(p)] & CellTrees::Membrane;
            if (!chain) fresh = true;
            put(t, chain);
            plan.has_chains = true;
        }
        fresh = true;
    };
    for (std::size_t from = 0; from < branches_.size();) {
        std::size_t to = from;
        while (to < branches_.size() && branches_[to].rank >> 32 == branches_[from].rank >> 32) ++to;
        for (; from < to && branches_[from].length >= kLongBranch; ++from) put_long_branch(branches_[from]);
        std::size_t width = to - from;
        for (std::int32_t j = 0; width > 0; ++j) {
            while (width > 0 && branches_[from + width - 1].length <= j) --width;
            for (std::size_t k = from; k < from + width; ++k) put(chain_[static_cast<std::size_t>(branches_[k].first + j)], false);
        }
        from = to;
    }

    // A root's only child is its neighbour.
    std::vector<EndPlace> places;
    places.reserve(ends_.size());
    for (const std::int32_t t : ends_) {
        const std::int32_t p = trees_.parent[static_cast<std::size_t>(t)];
        places.push_back({0, row[static_cast<std::size_t>(p < 0 ? t + 1 : p)], t});
    }
    std::sort(places.begin(), places.end());
    for (std::size_t k = 0; k < places.size(); ++k) {
        if (k > 0 && places[k].neighbour == places[k - 1].neighbour) places[k].turn = places[k - 1].turn + 1;
        if (trees_.parent[static_cast<std::size_t>(places[k].t)] >= 0) order.push_back(places[k].t);
    }
    place_ends(places, first_end, group, row, plan);
    group.last_operation = static_cast<std::int32_t>(plan.operations.size());
    group.last_end = static_cast<std::int32_t>(plan.ends.size());
    return group;
}

/// The first ends of all neighbours, in the order of these, then the second ones: long runs of one distance.
void TreeOrder::place_ends(std::vector<EndPlace>& places, std::int32_t r, const Group& group, std::vector<std::int32_t>& row, TreePlan& plan) {
    std::sort(places.begin(), places.end());
    auto& ends = plan.ends;
    for (const auto& [turn, neighbour, t] : places) {
        row[static_cast<std::size_t>(t)] = r;
        if (static_cast<std::int32_t>(ends.size()) > group.first_end && ends.back().end == r && ends.back().distance == r - neighbour) ends.back().end = r + 1;
        else ends.push_back({r, r + 1, r - neighbour});
        ++r;
    }
}

}  // namespace nrn
