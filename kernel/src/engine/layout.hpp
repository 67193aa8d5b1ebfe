// SPDX-License-Identifier: BSD-3-Clause
// The order of rows while the engine runs: nodes of a cell contiguous and in Hines order (parents before
// children), mechanism rows in node order, everything resolved to rows and raw pointers.
#pragma once
#include <cstdint>
#include <vector>

namespace nrn {

class MechanismType;
class Model;
class Section;

class Layout {
  public:
    /// Nodes [begin, end) of one or more whole cells.
    struct CellGroup { std::int32_t begin, end; };

    /// Rebuilds if the model's structure has changed since. @returns true when it did
    bool refresh(Model& model);
    void invalidate() noexcept { version_ = 0; }

    [[nodiscard]] std::int32_t node_count() const noexcept { return n_node_; }  // nodes that take part
    [[nodiscard]] const std::vector<CellGroup>& groups() const noexcept { return groups_; }
    /// First node of each cell (roots), rising.
    [[nodiscard]] const std::vector<std::int32_t>& roots() const noexcept { return roots_; }
    /// Rows [0, active) of a type take part; behind them point processes without location.
    [[nodiscard]] std::int32_t active_rows(const MechanismType& type) const noexcept;
    /// False for section ends, which have no area.
    [[nodiscard]] bool has_membrane(std::int32_t row) const noexcept { return membrane_[static_cast<std::size_t>(row)] != 0; }
    struct NodePlace { Section* section; double x; };
    /// For messages: where a node row is.
    [[nodiscard]] const NodePlace& place(std::int32_t row) const { return places_[static_cast<std::size_t>(row)]; }
    /// Types with something to do, in the order of registration.
    [[nodiscard]] const std::vector<MechanismType*>& active_types() const noexcept { return types_; }

  private:
    void order_nodes(Model& model);
    void order_cell(Model& model, Section& root, std::vector<std::uint32_t>& order, std::vector<std::int32_t>& row_of);
    void order_mechanisms(Model& model);
    void couple(Model& model);
    std::uint64_t version_ = 0;
    std::int32_t n_node_ = 0;
    std::vector<CellGroup> groups_;
    std::vector<std::int32_t> roots_, active_;
    std::vector<NodePlace> places_;
    std::vector<double> rall_;  // rallbranch of the first node of each section, else 1
    std::vector<std::int32_t> parents_;
    std::vector<std::uint8_t> membrane_;
    std::vector<MechanismType*> types_;
};

}  // namespace nrn
