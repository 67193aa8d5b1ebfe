// SPDX-License-Identifier: BSD-3-Clause
// What load_file("import3d.hoc") brings.
#pragma once

namespace nrn {

class Runtime;
void define_import3d(Runtime& runtime);

}  // namespace nrn
