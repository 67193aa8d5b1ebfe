// SPDX-License-Identifier: BSD-3-Clause
// The cell that a section belongs to: an instance of a Hoc template, or an object of a language that only this
// language knows.
#pragma once
#include <functional>

#include "model/section.hpp"
#include "nrn/api/object.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {

/// A language that keeps cells of its own answers here.
struct ForeignCells {
    explicit ForeignCells(Runtime&) {}
    std::function<ObjectPtr(Section&)> of;
};
[[nodiscard]] ForeignCells& foreign_cells(Runtime& runtime);

/// The cell object, or null for a section at top level.
[[nodiscard]] ObjectPtr cell_of(Runtime& runtime, Section& section);

}  // namespace nrn
