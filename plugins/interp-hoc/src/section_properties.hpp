// SPDX-License-Identifier: BSD-3-Clause
// L, Ra, nseg and rallbranch of a section, by name.
#pragma once
#include <string>

#include "nrn/api/ref.hpp"

namespace nrn {
class Section;
}

namespace nrn::hoc {

double section_property(Section& section, const std::string& name);
/// @throws Error(Value) when it is out of range
void set_section_property(Section& section, const std::string& name, double value);
/// &L, &Ra, &rallbranch. @throws Error(Type) for nseg
RefPtr section_property_ref(Section& section, const std::string& name);

}  // namespace nrn::hoc
