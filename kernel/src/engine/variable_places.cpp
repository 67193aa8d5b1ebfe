// SPDX-License-Identifier: BSD-3-Clause
// Columns sorted by address.
#include "engine/variable_places.hpp"

#include <algorithm>
#include <functional>

#include "engine/layout.hpp"
#include "model/mechanism_store.hpp"
#include "model/model.hpp"

namespace nrn {

VariablePlaces::VariablePlaces(Model& model, const Layout& layout) {
    for (int c = 0; c < NodeStore::kColumns; ++c) {
        const double* column = model.nodes().column(static_cast<NodeStore::Column>(c));
        columns_.push_back({column, column + layout.node_count(), nullptr, nullptr});
    }
    for (MechanismType* type : layout.active_types()) {
        auto& store = type->store();
        for (int c = 0; c < type->description().n_column; ++c)
            columns_.push_back({store.column(c), store.column(c) + store.size(), type, type->is_artificial() ? nullptr : store.view().node});
    }
    std::sort(columns_.begin(), columns_.end(), [](const Column& x, const Column& y) { return std::less<>{}(x.begin, y.begin); });
}

std::int32_t VariablePlaces::node_of(const double* variable) const {
    auto at = std::upper_bound(columns_.begin(), columns_.end(), variable, [](const double* p, const Column& c) { return std::less<>{}(p, c.begin); });
    if (at == columns_.begin() || !std::less<>{}(variable, (--at)->end)) return -1;
    const auto row = static_cast<std::int32_t>(variable - at->begin);
    if (!at->type) return row;
    return at->node ? at->node[row] : -1;
}

}  // namespace nrn
