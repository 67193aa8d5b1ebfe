// SPDX-License-Identifier: BSD-3-Clause
// The watch for numbers that are none. A single fadvance() goes on with a warning, as scripts expect that step
// over a fault to look at it; what runs many steps (run, psolve, CVode.solve) stops there with an error.
#include <cmath>

#include <fmt/format.h>

#include "engine/simulation.hpp"
#include "model/mechanism_store.hpp"
#include "model/model.hpp"
#include "model/point_process.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {
namespace {

/// Without the sign of a NaN, which means nothing.
std::string shown(double x) { return std::isnan(x) ? "nan" : fmt::format("{}", x); }

/// Currents may be infinite because a potential already was: a parameter or a state says more.
std::string culprit(const Layout& layout) {
    for (const std::uint32_t kind : {NRN_PARAMETER, NRN_STATE, NRN_ASSIGNED})
        for (MechanismType* type : layout.active_types()) {
            const auto& d = type->description();
            for (int i = 0; i < d.n_variable; ++i) {
                const auto& variable = d.variable[i];
                if (variable.kind != kind) continue;
                for (int k = 0; k < variable.length; ++k) {
                    const double* column = type->store().column(variable.column + k);
                    for (std::int32_t r = 0; r < layout.active_rows(*type); ++r) {
                        if (std::isfinite(column[r])) continue;
                        const std::string name = variable.is_array ? fmt::format("{}[{}]", variable.name, k) : std::string(variable.name);
                        const auto* p = static_cast<const PointProcess*>(type->store().owner_of_row(static_cast<std::size_t>(r)));
                        if (p) return fmt::format("`{}.{}` is {}", p->name(), name, shown(column[r]));
                        const auto& place = layout.place(type->store().view().node[r]);
                        return fmt::format("`{}_{}` of {}({:g}) is {}", name, type->name(), place.section->name(), place.x, shown(column[r]));
                    }
                }
            }
        }
    return {};
}

constexpr const char* kHint = "look for a division by zero in a mechanism, a huge stimulus, or a parameter that is not a number";

}  // namespace

void Simulation::check_finite(double when) {
    const double* v = model().nodes().column(NodeStore::V);
    const std::int32_t n = layout_.node_count();
    double sum = 0;  // not a number as soon as one voltage is infinite or none
    for (std::int32_t i = 0; i < n; ++i) sum += v[i] * 0;
    if (sum == 0) {
        if (!not_finite_.empty()) not_finite_.clear();
        return;
    }
    if (!not_finite_.empty()) return;  // said already
    std::int32_t bad = 0;
    while (bad < n && std::isfinite(v[bad])) ++bad;
    const auto& place = layout_.place(std::min(bad, n - 1));
    not_finite_ = fmt::format("the membrane potential of {}({:g}) is {} at t = {:g} ms", place.section->name(), place.x, shown(v[std::min(bad, n - 1)]), when);
    if (const std::string why = culprit(layout_); !why.empty()) not_finite_ += ": " + why;
    runtime_.warn(not_finite_);
}

void Simulation::require_finite() const {
    if (!not_finite_.empty()) throw Error(ErrorKind::Runtime, not_finite_).hint(kHint);
}

}  // namespace nrn
