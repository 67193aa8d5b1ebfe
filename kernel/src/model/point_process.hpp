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
    /// Its row in the type's store; the row exists, without a node, also while there is no location.
    [[nodiscard]] RowId row_id() const noexcept { return row_id_; }
    [[nodiscard]] bool has_location() const noexcept { return section_ != nullptr; }
    [[nodiscard]] Section* section() const noexcept { return section_; }
    [[nodiscard]] double x() const noexcept { return x_; }  // the segment's centre, or an end
    /// Puts it at a place, keeping its variables. @throws Error for artificial cells
    void locate(Section& section, double x);

    /// The user unplugs it: variables are kept for a later locate().
    void lose_location();
    /// The same with DESTRUCTOR before, and CONSTRUCTOR again after the next locate().
    void section_deleted();
    /// Moves to the centre of its segment after nseg has changed.
    void settle(bool more_segments);
    /// Places in the network's tables of targets and of sources; kNoRow where it takes no part.
    std::uint32_t target_slot = kNoRow, source_slot = kNoRow;

  private:
    friend class Model;
    MechanismType& type_;
    RowId row_id_ = kNoRow;
    Section* section_ = nullptr;
    double x_ = 0;
    bool was_located_ = false;
    void place();  // tells the store its node and ions
};

}  // namespace nrn
