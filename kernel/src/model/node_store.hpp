// SPDX-License-Identifier: BSD-3-Clause
// All nodes (compartments and section ends) of the model: one column per variable, rows in Hines order once
// the layout is frozen. Not responsible for topology.
#pragma once
#include <array>
#include <vector>

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
    /// Row of each row's parent node, kNoRow for roots; valid while the layout is frozen.
    std::vector<std::int32_t> parent;

  private:
    std::array<std::vector<double>, kColumns> columns_;
    std::vector<RowId> ids_;
    RowIndex index_;
};

}  // namespace nrn
