// SPDX-License-Identifier: BSD-3-Clause
// Stable identities of rows that move: a store hands out an id per row, and knows where the row is now.
#pragma once
#include <cstdint>
#include <vector>

namespace nrn {

using RowId = std::uint32_t;              // never reused within a store
inline constexpr std::uint32_t kNoRow = 0xffffffffu;

class RowIndex {
  public:
    RowId add(std::uint32_t row) { row_of_.push_back(row); return static_cast<RowId>(row_of_.size() - 1); }
    [[nodiscard]] std::uint32_t row(RowId id) const noexcept { return row_of_[id]; }
    [[nodiscard]] bool alive(RowId id) const noexcept { return id < row_of_.size() && row_of_[id] != kNoRow; }
    void move(RowId id, std::uint32_t row) noexcept { row_of_[id] = row; }
    void remove(RowId id) noexcept { row_of_[id] = kNoRow; }

  private:
    std::vector<std::uint32_t> row_of_;
};

}  // namespace nrn
