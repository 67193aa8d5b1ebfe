// SPDX-License-Identifier: BSD-3-Clause
// Range variables and properties of a section as Hoc writes them.
#pragma once
#include "hoc_interpreter.hpp"

namespace nrn {
class Section;
}

namespace nrn::hoc {

using Update = std::function<double(double old, double value)>;
Value section_value(HocInterpreter& h, Section& section, Symbol& s, const Expr& e);
RefPtr section_reference(HocInterpreter& h, Section& section, const Expr& e);
Value section_assign(HocInterpreter& h, Section& section, Symbol& s, const Expr& assignment, const Update& updated);
std::string to_text(const Expr& e);
std::string nearest(const std::string& name, const std::vector<std::string>& names);

}  // namespace nrn::hoc
