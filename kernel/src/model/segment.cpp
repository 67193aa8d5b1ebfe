// SPDX-License-Identifier: BSD-3-Clause
// Segments are named as users write them.
#include "model/segment.hpp"

#include <fmt/format.h>

namespace nrn {

Segment::Segment(Class& segment_class, SectionPtr section, double x)
    : Object(segment_class), section_(std::move(section)), x_(x) {}

std::string Segment::name() const { return fmt::format("{}({:.6g})", section_->name(), x_); }

}  // namespace nrn
