// SPDX-License-Identifier: BSD-3-Clause
// In which order the nodes of a group of cells are stored and eliminated. Branches (unbranched runs of nodes)
// that have as many branchings between them and the root lie side by side, whichever cell they are of: first
// the first nodes of all, then the second nodes of all, and so on. Neighbouring rows are then independent of
// each other, and the row's parent is a fixed distance away, so that elimination is plain vector arithmetic for
// equal cells, unequal cells and the branches of one big cell alike.
//
// Rows of a group: nodes with membrane; then those without (branch points, joints of sections); then ends that
// carry nothing and follow their neighbour (see TreePlan::End). So each density mechanism that is everywhere
// has one run of rows per group.
//
// Branches of at least kLongBranch nodes stay by themselves: they can be cut in pieces.
//
// What is added to a node by its children comes in an order that depends on the cell alone: results are the
// same bits however cells are grouped.
#pragma once
#include <compare>
#include <cstdint>
#include <span>
#include <vector>

namespace nrn {

/// All cells as trees, before ordering; index t is a place in these arrays. Parents come before children.
struct CellTrees {
    enum Flag : std::uint8_t { Membrane = 1, Occupied = 2 };  // Occupied: a point process sits there
    struct Cell { std::int32_t begin, end; };
    std::vector<std::int32_t> parent;  // [t] or -1
    std::vector<std::uint8_t> flags;
    std::vector<Cell> cells;
    void clear();
};

inline constexpr std::int32_t kLongBranch = 256;

/// How the rows of the model are eliminated: operations from roots to leaves (elimination goes backwards).
struct TreePlan {
    /// Rows [begin, end), each with the parent row - distance; distance 0 means these are roots. `chain`: a long
    /// unbranched run, distance 1, which is solved in pieces (see tree_chain.hpp).
    struct Operation { std::int32_t begin, end, distance; bool chain; };
    /// Rows [begin, end) have no area, no current and one neighbour each, row - distance or row + |distance|:
    /// they take its voltage.
    struct End { std::int32_t begin, end, distance; };
    std::vector<Operation> operations;
    std::vector<End> ends;
    bool has_chains = false;
};

class TreeOrder {
  public:
    struct Group {
        std::int32_t begin, end;        // rows
        std::int32_t membrane_end;      // rows [begin, membrane_end) have membrane
        std::int32_t first_operation, last_operation;  // [first, last) in the plan
        std::int32_t first_end, last_end;
    };
    explicit TreeOrder(const CellTrees& trees) : trees_(trees) {}
    /// Gives the nodes of `cells` the rows from `begin` on: row[t] and, parents first, their t in `order`.
    Group place(std::span<const std::int32_t> cells, std::int32_t begin, std::vector<std::int32_t>& row, std::vector<std::int32_t>& order, TreePlan& plan);

  private:
    struct Branch { std::uint64_t rank, tie; std::int32_t first, length; };  // first: in chain_
    struct EndPlace {
        std::int32_t turn, neighbour, t;  // turn: among the ends of the same neighbour; neighbour: its row
        auto operator<=>(const EndPlace&) const = default;
    };
    static void place_ends(std::vector<EndPlace>& places, std::int32_t r, const Group& group, std::vector<std::int32_t>& row, TreePlan& plan);
    void find_branches(std::span<const std::int32_t> cells);
    void branches_of_cell(const CellTrees::Cell& cell, std::uint64_t number);
    const CellTrees& trees_;
    std::vector<Branch> branches_;
    std::vector<std::int32_t> chain_;   // nodes of each branch, from the root's side
    std::vector<std::int32_t> ends_;    // nodes that follow a neighbour
    std::vector<std::int32_t> children_, branch_, place_, level_;  // scratch, per node of one cell
};

}  // namespace nrn
