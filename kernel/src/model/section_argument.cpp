// SPDX-License-Identifier: BSD-3-Clause
// The section a call acts on: sec= or the accessed one.
#include "model/model.hpp"
#include "nrn/api/callable.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {

namespace {

/// Without an accessed section the oldest that exists is meant, as in the reference.
Section* default_section(Model& model) {
    if (Section* s = model.stack().accessed_or_null()) return s;
    return model.stack().depth() == 0 && !model.sections().empty() ? model.sections().front() : nullptr;
}

}  // namespace

Section* CallArgs::section_or_null() const {
    return explicit_section ? explicit_section : default_section(runtime_->model());
}

Section& CallArgs::section() const {
    if (explicit_section) {
        explicit_section->require_alive();
        return *explicit_section;
    }
    if (Section* s = default_section(runtime_->model())) return *s;
    return runtime_->model().stack().accessed();
}

}  // namespace nrn
