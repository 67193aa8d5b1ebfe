// SPDX-License-Identifier: BSD-3-Clause
// The section a call acts on: sec= or the accessed one.
#include "model/model.hpp"
#include "nrn/api/callable.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {

Section* CallArgs::section_or_null() const {
    return explicit_section ? explicit_section : runtime_->model().stack().accessed_or_null();
}

Section& CallArgs::section() const {
    if (explicit_section) {
        explicit_section->require_alive();
        return *explicit_section;
    }
    return runtime_->model().stack().accessed();
}

}  // namespace nrn
