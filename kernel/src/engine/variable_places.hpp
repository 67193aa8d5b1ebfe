// SPDX-License-Identifier: BSD-3-Clause
// Which node a variable belongs to, by its address; while the layout is frozen.
#pragma once
#include <cstdint>
#include <vector>

namespace nrn {

class Layout;
class MechanismType;
class Model;

class VariablePlaces {
  public:
    VariablePlaces(Model& model, const Layout& layout);
    /// Row of the node, -1 when the variable is of no cell (a Vector's, a top-level one, an artificial cell's).
    [[nodiscard]] std::int32_t node_of(const double* variable) const;

  private:
    struct Column { const double *begin, *end; const MechanismType* type; const std::int32_t* node; };  // type null: of nodes
    std::vector<Column> columns_;  // by address
};

}  // namespace nrn
