// SPDX-License-Identifier: BSD-3-Clause
// Asks the section's owner, then the language that made it.
#include "model/section_cell.hpp"

namespace nrn {

ForeignCells& foreign_cells(Runtime& runtime) { return runtime.service<ForeignCells>(); }

ObjectPtr cell_of(Runtime& runtime, Section& section) {
    if (Object* owner = section.owner()) return ObjectPtr(owner);
    const ForeignCells& foreign = foreign_cells(runtime);
    return foreign.of ? foreign.of(section) : ObjectPtr();
}

}  // namespace nrn
