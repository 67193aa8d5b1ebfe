// SPDX-License-Identifier: BSD-3-Clause
// The defaults of Ref: a plain number.
#include "nrn/api/ref.hpp"

#include "nrn/api/value.hpp"

namespace nrn {

Value Ref::get() const { return *data(); }
void Ref::set(const Value& value) const { *data() = value.number(); }

}  // namespace nrn
