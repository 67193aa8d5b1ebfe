// SPDX-License-Identifier: BSD-3-Clause
// A mechanism type from its C description.
#include "model/mechanism_type.hpp"

#include <filesystem>

#include "model/mechanism_store.hpp"

namespace nrn {

MechanismType::MechanismType(Model& model, const nrn_mechanism& description, std::string file, int index)
    : model_(model), name_(description.name), file_(std::move(file)), description_(&description), index_(index),
      globals_(static_cast<std::size_t>(description.n_global_value)), tables_(static_cast<std::size_t>(description.n_table_value)) {
    for (int i = 0; i < description.n_global; ++i) {
        const auto& g = description.global[i];
        for (int k = 0; k < g.length; ++k) globals_[static_cast<std::size_t>(g.column + k)] = g.value;
    }
    store_ = std::make_unique<MechanismStore>(*this);
}

MechanismType::~MechanismType() = default;

RangeVariable* MechanismType::range(std::string_view bare) const noexcept {
    for (RangeVariable* rv : range_variables)
        if (rv->bare_name == bare) return rv;
    return nullptr;
}

}  // namespace nrn
