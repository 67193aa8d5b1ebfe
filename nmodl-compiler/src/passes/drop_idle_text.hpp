// SPDX-License-Identifier: BSD-3-Clause
// Leaves out C text that does nothing: comments, and the `return 0;` that ends procedures of old files. What remains of
// such a file needs no C at all, and can run in threads and on many instances at a time.
#pragma once
#include "diagnostics.hpp"
#include "symbols.hpp"

namespace nrn::nmodl {

void drop_idle_text(Mechanism& mechanism, Diagnostics& diagnostics);

}  // namespace nrn::nmodl
