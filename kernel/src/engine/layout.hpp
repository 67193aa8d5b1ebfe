// SPDX-License-Identifier: BSD-3-Clause
// The order of rows while the engine runs: nodes of a group of cells contiguous (see tree_order.hpp for the
// order within), mechanism rows in node order, everything resolved to rows and raw pointers. A group is as
// many cells as fit a cache; what the engine does, it does for one group after the other.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/tree_order.hpp"
#include "model/stable_row.hpp"

namespace nrn {

class MechanismType;
class Model;
class Section;

class Layout {
  public:
    /// Rows [begin, end) of a type, which belong to one group.
    struct TypeRows {
        MechanismType* type;
        std::int32_t begin, end;
        bool potentials_follow;  // of an ion: some reversal potential follows the concentrations every step
        int per_node = 0;        // so many at each of nodes that follow each other; 0: otherwise
    };
    /// Some nodes of a group, few enough that what mechanisms share of them (voltages, matrix, ions) stays in the
    /// first-level cache while one mechanism after the other works on it.
    struct Strip {
        std::int32_t begin, end;
        std::vector<TypeRows> types;
    };
    /// One or more whole cells. `types`: those with rows here, in the order of registration; artificial cells
    /// are in no group. `strips`: the same rows, cut; one when mechanisms look at other nodes.
    struct CellGroup : TreeOrder::Group {
        std::vector<TypeRows> types;
        std::vector<Strip> strips;
    };

    /// Rebuilds if the model's structure has changed since. @returns true when it did
    bool refresh(Model& model);
    /// The same for the order of rows alone: geometry stays as it was seen last, until refresh().
    bool arrange(Model& model);
    /// Every cell a group of its own (for solvers that step cells one by one), or as many as fit a cache.
    void keep_cells_apart(Model& model, bool apart) noexcept;
    /// At least that many groups, when there are as many cells.
    void want_groups(Model& model, std::int32_t count) noexcept;

    [[nodiscard]] std::int32_t node_count() const noexcept { return n_node_; }  // nodes that take part
    [[nodiscard]] const std::vector<CellGroup>& groups() const noexcept { return groups_; }
    /// All groups as one.
    [[nodiscard]] const CellGroup& whole() const noexcept { return whole_; }
    [[nodiscard]] const TreePlan& plan() const noexcept { return plan_; }
    /// Rows [0, active) of a type take part; behind them point processes without location.
    [[nodiscard]] std::int32_t active_rows(const MechanismType& type) const noexcept;
    /// False for section ends, which have no area.
    [[nodiscard]] bool has_membrane(std::int32_t row) const noexcept { return membrane_[static_cast<std::size_t>(row)] != 0; }
    struct NodePlace { Section* section; double x; };
    /// Nothing has changed in the model since its rows were put in order.
    [[nodiscard]] bool is_of(const Model& model) const noexcept;
    /// What one instance's functions see, at the present rows of whatever order: its node, ions and POINTERs.
    static void settle(Model& model, MechanismType& type, RowId instance);
    /// For messages: where a node row is.
    [[nodiscard]] const NodePlace& place(std::int32_t row) const { return places_[static_cast<std::size_t>(row)]; }
    /// Types with something to do, in the order of registration.
    [[nodiscard]] const std::vector<MechanismType*>& active_types() const noexcept { return types_; }
    /// A POINTER of a mechanism leads out of its group of cells.
    [[nodiscard]] bool pointers_cross_groups() const noexcept { return pointers_cross_; }
    /// What POINTERs lead to among variables of nodes and mechanisms.
    [[nodiscard]] const std::vector<const double*>& pointed() const noexcept { return pointed_; }
    /// POINTERs to variables of objects and languages, whose addresses change without a change of the model; those to
    /// weights and delays only when `connections_moved`.
    void renew_pointers(bool connections_moved);
    /// Some mechanism assigns variables that its instances share (GLOBAL ones, statics of VERBATIM code).
    [[nodiscard]] bool shares_globals() const noexcept { return shares_globals_; }
    /// Rows in the order in which the reference calls instances, cell by cell and breadth first, of a type that draws
    /// numbers of a stream that all share; null for other types. At finitialize, and at each step.
    [[nodiscard]] const std::vector<std::int32_t>* initial_sequence(const MechanismType& type) const noexcept;
    [[nodiscard]] const std::vector<std::int32_t>* sequence(const MechanismType& type) const noexcept;
    /// Some artificial cell has a block that runs every step, and is in no group.
    [[nodiscard]] bool has_loose_blocks() const noexcept { return loose_blocks_; }

    /// Does an active type have LONGITUDINAL_DIFFUSION?
    [[nodiscard]] bool diffuses() const noexcept { return diffuses_; }

  private:
    /// What is known of each node before it has its row; index t as in CellTrees.
    struct Found {
        std::uint32_t row;  // at present
        NodePlace place;
        double rall;        // rallbranch of the first node of each section, else 1
    };
    void find_cells(Model& model);
    void find_cell(Model& model, Section& root);
    void mark_occupied(Model& model);
    void form_groups(Model& model);
    void order_nodes(Model& model);
    void order_mechanisms(Model& model);
    void resolve_mechanisms(Model& model);
    void resolve_pointers(Model& model, MechanismType& type);
    void share_rows();
    void find_sequences(Model& model);
    void cut(CellGroup& group, bool whole) const;
    [[nodiscard]] static bool potentials_follow(MechanismType& type, std::int32_t begin, std::int32_t end);
    [[nodiscard]] static int per_node(const std::int32_t* node, std::int32_t begin, std::int32_t end) noexcept;
    [[nodiscard]] std::int32_t node_row_of(Model& model, const double* data);
    void couple(Model& model);
    std::uint64_t version_ = 0;
    bool apart_ = false, coupled_ = false;
    std::int32_t wanted_groups_ = 1;
    std::int32_t n_node_ = 0;
    bool pointers_cross_ = false, shares_globals_ = false, loose_blocks_ = false, diffuses_ = false;
    std::vector<const double*> pointed_;
    CellTrees trees_;
    TreePlan plan_;
    std::vector<Found> found_;
    struct LoosePointer {
        MechanismType* type;
        int slot;
        RowId id;
        bool of_connection;
        const std::uint32_t* moves;  // of its target, if anybody counts
        std::uint32_t seen;
    };
    std::vector<LoosePointer> loose_pointers_;
    std::vector<std::uint64_t> shapes_;       // of each cell: equal for cells of equal topology and mechanisms
    std::vector<std::size_t> bytes_;          // of each cell's variables
    std::vector<std::vector<std::int32_t>> members_;  // cells of each group
    std::vector<std::int32_t> found_at_;      // t of each present node row, -1 when it takes no part
    std::vector<CellGroup> groups_;
    CellGroup whole_{};
    std::vector<std::int32_t> active_;
    std::vector<std::vector<std::int32_t>> sequences_;  // by type
    std::vector<NodePlace> places_;
    std::vector<double> rall_;
    std::vector<std::uint8_t> membrane_;
    std::vector<MechanismType*> types_;
    struct Column { const double *begin, *end; MechanismType* type; };  // type null: of nodes
    std::vector<Column> columns_;  // by address; while pointers are resolved
};

}  // namespace nrn
