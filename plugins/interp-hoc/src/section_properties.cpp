// SPDX-License-Identifier: BSD-3-Clause
// L, Ra, nseg and rallbranch.
#include "section_properties.hpp"

#include <fmt/format.h>

#include "hoc_interpreter.hpp"
#include "model/model.hpp"
#include "nrn/api/error.hpp"

namespace nrn::hoc {

double section_property(Section& s, const std::string& name) {
    s.require_alive();
    if (name == "L") return s.length();
    if (name == "Ra") return s.axial_resistivity();
    if (name == "nseg") return s.nseg();
    return s.rallbranch();
}

void set_section_property(Section& s, const std::string& name, double value) {
    if (name == "L") {
        s.set_length_unchecked(value);
    } else if (name == "Ra") {
        s.set_axial_resistivity_unchecked(value);
    } else if (name == "nseg") {
        if (!(value >= 1 && value < 32768)) throw Error(ErrorKind::Value, fmt::format("nseg of `{}` must be in the range 1 to 32767, not {:g}", s.name(), value));
        s.set_nseg(static_cast<int>(value));
    } else {
        s.set_rallbranch(value);
    }
}

}  // namespace nrn::hoc
