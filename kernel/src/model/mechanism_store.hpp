// SPDX-License-Identifier: BSD-3-Clause
// All instances of one mechanism type: one padded column per variable, rows in node order once the layout is
// frozen, stable ids for whoever refers to an instance.
#pragma once
#include <vector>

#include "model/stable_row.hpp"
#include "nrn/abi/mechanism.h"

namespace nrn {

class MechanismType;

class MechanismStore {
  public:
    explicit MechanismStore(MechanismType& type);
    RowId add(RowId node);  // kNoRow for artificial cells; parameters get their defaults
    void remove(RowId id);
    [[nodiscard]] std::size_t size() const noexcept { return ids_.size(); }
    [[nodiscard]] bool alive(RowId id) const noexcept { return index_.alive(id); }
    [[nodiscard]] std::uint32_t row(RowId id) const noexcept { return index_.row(id); }
    [[nodiscard]] RowId id(std::uint32_t row) const noexcept { return ids_[row]; }
    [[nodiscard]] double* column(int c) noexcept { return columns_[static_cast<std::size_t>(c)]; }
    [[nodiscard]] double& at(int c, RowId id) noexcept { return columns_[static_cast<std::size_t>(c)][index_.row(id)]; }
    [[nodiscard]] RowId node(RowId id) const noexcept { return node_ids_[index_.row(id)]; }
    void set_node(RowId id, RowId node);  // a point process moved
    /// New row r takes old row order[r].
    void permute(const std::vector<std::uint32_t>& order);
    /// The C view for kernels; node and ion rows are resolved when the layout is frozen.
    [[nodiscard]] nrn_mech_view& view() noexcept { return view_; }
    /// What POINTER / BBCOREPOINTER / RANDOM slots hold, [n_pointer][n_row].
    [[nodiscard]] void*& pointer(int slot, RowId id) noexcept { return pointers_[static_cast<std::size_t>(slot)][index_.row(id)]; }

  private:
    friend class Layout;
    void reserve(std::size_t rows);
    MechanismType& type_;
    std::vector<RowId> ids_, node_ids_;
    RowIndex index_;
    std::vector<std::vector<double>> storage_;
    std::vector<double*> columns_;
    std::vector<std::vector<void*>> pointers_;
    std::vector<void**> pointer_columns_;
    std::vector<std::int32_t> node_rows_;
    std::vector<std::vector<std::int32_t>> ion_rows_;
    std::vector<nrn_ion_view> ion_views_;
    nrn_mech_view view_{};
};

}  // namespace nrn
