// SPDX-License-Identifier: BSD-3-Clause
// All nodes (compartments and section ends) of the model: one column per variable, rows in the order of the
// layout once that is frozen. Not responsible for topology.
#pragma once
#include <array>
#include <vector>

#include "model/aligned_column.hpp"
#include "model/stable_row.hpp"

namespace nrn {

class NodeStore {
  public:
    enum Column { V, Area, Rhs, D, A, B, Diam, Cm, Ri, Imem, ICap, kColumns };  // A: parent row's coefficient, B: own row's

    RowId add();
    void remove(RowId id);
    [[nodiscard]] std::size_t size() const noexcept { return ids_.size(); }
    [[nodiscard]] bool alive(RowId id) const noexcept { return index_.alive(id); }
    [[nodiscard]] std::uint32_t row(RowId id) const noexcept { return index_.row(id); }
    [[nodiscard]] RowId id(std::uint32_t row) const noexcept { return ids_[row]; }
    [[nodiscard]] double& at(Column c, RowId id) noexcept { return columns_[c][index_.row(id)]; }
    [[nodiscard]] double* column(Column c) noexcept { return columns_[c].data(); }
    /// New row r takes old row order[r]. order is a permutation of [0, size).
    void permute(const std::vector<std::uint32_t>& order);
    /// Row of each row's parent node, -1 for roots; valid while the layout is frozen.
    std::vector<std::int32_t> parent;
    /// The rows that take part, parents before children: the order of elimination, backwards. The rows of a
    /// group of cells stay together in it: they are also the places [begin, end) of the group's rows.
    std::vector<std::int32_t> hines_order;
    /// Each row's place when the model is read in the order of its text, cell by cell, section by section.
    std::vector<std::int32_t> text_order;

  private:
    std::array<AlignedColumn, kColumns> columns_;
    std::vector<RowId> ids_;
    RowIndex index_;
};

}  // namespace nrn
