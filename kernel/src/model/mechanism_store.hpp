// SPDX-License-Identifier: BSD-3-Clause
// All instances of one mechanism type: one padded column per variable, rows in node order once the layout is
// frozen, stable ids for whoever refers to an instance.
#pragma once
#include <array>
#include <memory>
#include <vector>

#include "model/aligned_column.hpp"
#include "model/stable_row.hpp"
#include "nrn/abi/mechanism.h"
#include "nrn/api/ref.hpp"
#include "random/random.hpp"

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
    /// Copies all variables, not the identity.
    void copy_row(RowId from, RowId to);
    void set_node(RowId id, RowId node);  // a point process moved
    /// New row r takes old row order[r].
    void permute(const std::vector<std::uint32_t>& order);
    /// The C view for kernels; node and ion rows are resolved when the layout is frozen.
    [[nodiscard]] nrn_mech_view& view() noexcept { return view_; }
    /// The reference behind a POINTER slot; setting it resolves the slot at the next layout.
    /// At the end, while what POINTERs lead to (a NetCon's weight, say) can still go in good order.
    void forget_pointers() noexcept {
        for (auto& refs : pointer_refs_) {
            std::vector<RefPtr> gone;
            gone.swap(refs);
        }
    }
    [[nodiscard]] RefPtr& pointer_ref(int slot, RowId id) noexcept { return pointer_refs_[static_cast<std::size_t>(slot)][index_.row(id)]; }
    /// What POINTER / BBCOREPOINTER / RANDOM slots hold, [n_pointer][n_row].
    [[nodiscard]] RandomVariable* stream(int slot, RowId id) noexcept { return streams_[static_cast<std::size_t>(slot)][index_.row(id)].get(); }
    [[nodiscard]] void*& pointer(int slot, RowId id) noexcept { return pointers_[static_cast<std::size_t>(slot)][index_.row(id)]; }

    /// Resolves node and ion rows of a row for kernels; refresh_view() comes after it.
    template <class NodeRow, class IonRow>
    void resolve_row(std::size_t r, NodeRow node_row, IonRow ion_row) {
        node_rows_[r] = node_ids_[r] == kNoRow ? -1 : node_row(node_ids_[r]);
        for (std::size_t k = 0; k < ion_rows_.size(); ++k) ion_rows_[k][r] = ion_row(k, r);
    }
    void refresh_view();
    /// The PointProcess of an instance, for host functions; owner() of point processes only.
    [[nodiscard]] void*& owner(RowId id) noexcept { return owners_[index_.row(id)]; }
    [[nodiscard]] void* owner_of_row(std::size_t row) const noexcept { return row < owners_.size() ? owners_[row] : nullptr; }
    /// Ion instance (row id in the ion's store) used by this one, per ion use.
    [[nodiscard]] RowId& ion_id(std::size_t use, RowId id) noexcept { return ion_ids_[use][index_.row(id)]; }
    [[nodiscard]] RowId ion_id_of_row(std::size_t use, std::size_t row) const noexcept { return ion_ids_[use][row]; }
    [[nodiscard]] RowId node_of_row(std::size_t row) const noexcept { return node_ids_[row]; }

  private:
    void add_streams();
    void find_scratch();
    friend class Layout;
    MechanismType& type_;
    std::vector<RowId> ids_, node_ids_;
    RowIndex index_;
    std::vector<AlignedColumn> storage_;  // empty for scratch columns
    std::vector<std::size_t> scratch_;    // columns that need not be kept: hidden variables, derivatives
    ScratchColumns scratch_columns_;
    std::vector<double*> columns_;
    std::vector<std::vector<void*>> pointers_;
    std::vector<void**> pointer_columns_;
    std::vector<std::vector<RefPtr>> pointer_refs_;  // what keeps a POINTER's target known; same shape
    /// Behind RANDOM slots, [n_pointer][n_row]; a stream keeps its address when its row moves.
    std::vector<std::vector<std::unique_ptr<RandomVariable>>> streams_;
    std::vector<void*> owners_;
    std::vector<std::vector<RowId>> ion_ids_;
    std::vector<std::int32_t> node_rows_;
    std::vector<std::vector<std::int32_t>> ion_rows_;
    std::vector<std::array<double*, NRN_ION_COLUMNS>> ion_columns_;
    std::vector<nrn_ion_view> ion_views_;
    nrn_mech_view view_{};
};

}  // namespace nrn
