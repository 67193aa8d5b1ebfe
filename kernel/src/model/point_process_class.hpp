// SPDX-License-Identifier: BSD-3-Clause
// The class of a point process or artificial cell, made from its mechanism type.
#pragma once
#include <memory>

#include "nrn/api/class.hpp"

namespace nrn {

class MechanismType;
class PointProcess;
class RangeVariable;
class Section;
class CallArgs;

[[nodiscard]] std::unique_ptr<Class> make_point_process_class(MechanismType& type);

/// setpointer: makes a POINTER variable refer to `target`.
void set_point_pointer(PointProcess& p, std::string_view name, RefPtr target);
void set_range_pointer(const RangeVariable& rv, Section& section, double x, RefPtr target);

/// The place a call names: a segment object, or a number on the call's section (`IClamp(x)`, sec=).
struct Place { Section* section; double x; };
[[nodiscard]] Place place_argument(CallArgs& args, std::size_t i);

}  // namespace nrn
