// SPDX-License-Identifier: BSD-3-Clause
// A RANDOM variable of a mechanism instance as an object of class NMODLRandom.
#pragma once
#include "model/mechanism_store.hpp"
#include "model/model.hpp"
#include "nrn/api/class_registry.hpp"
#include "nrn/api/runtime.hpp"
#include "random/nmodl_random.hpp"

namespace nrn {

/// The stream in `slot` of instance `id`; using it once the instance is gone is an error.
inline ObjectPtr new_stream(MechanismType& type, int slot, RowId id) {
    auto stream = [&type, slot, id]() -> RandomVariable* { return type.store().alive(id) ? type.store().stream(slot, id) : nullptr; };
    return ObjectPtr(new NmodlRandom(type.model().runtime().classes().get("NMODLRandom"), std::move(stream)));
}

}  // namespace nrn
