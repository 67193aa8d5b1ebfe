// SPDX-License-Identifier: BSD-3-Clause
// A place on a section, as an object: (section, x). A view; it owns no data.
#pragma once
#include <string>

#include "model/section.hpp"

namespace nrn {

class Segment final : public Object {
  public:
    Segment(Class& segment_class, SectionPtr section, double x);
    [[nodiscard]] Section& section() const noexcept { return *section_; }
    [[nodiscard]] double x() const noexcept { return x_; }  // as requested, not the centre
    [[nodiscard]] std::string name() const override;        // "soma(0.5)"
    [[nodiscard]] bool alive() const override { return section_->alive(); }

  private:
    SectionPtr section_;
    double x_;
};

}  // namespace nrn
