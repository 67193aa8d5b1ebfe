// SPDX-License-Identifier: BSD-3-Clause
// An instance of a point process or artificial cell, as an object of its class (IClamp[0]).
#pragma once
#include "model/mechanism_type.hpp"
#include "model/section.hpp"
#include "nrn/api/object.hpp"

namespace nrn {

class PointProcess final : public Object {
  public:
    PointProcess(Class& cls, MechanismType& type);
    ~PointProcess() override;
    [[nodiscard]] MechanismType& type() const noexcept { return type_; }
    /// Its row in the type's store; kNoRow while a point process has no location.
    [[nodiscard]] RowId row_id() const noexcept { return row_id_; }
    [[nodiscard]] bool has_location() const noexcept { return section_ != nullptr; }
    [[nodiscard]] Section* section() const noexcept { return section_; }
    [[nodiscard]] double x() const noexcept { return x_; }  // the segment's centre, or an end
    /// Puts it at a place, keeping its variables. @throws Error for artificial cells
    void locate(Section& section, double x);

  private:
    friend class Model;
    MechanismType& type_;
    RowId row_id_ = kNoRow;
    Section* section_ = nullptr;
    double x_ = 0;
};

}  // namespace nrn
