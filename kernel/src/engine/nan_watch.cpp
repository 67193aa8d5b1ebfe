// SPDX-License-Identifier: BSD-3-Clause
// The watch for numbers that are none. A single fadvance() goes on with a warning, as scripts expect that step
// over a fault to look at it; what runs many steps (run, psolve, CVode.solve) stops there with an error.
// Voltages are looked at in every step, where it costs nothing; states now and then (FixedStep::kStateWatch).
#include <cmath>

#include <fmt/format.h>

#include "engine/nan_watch.hpp"
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

/// The first variable of that kind that is not finite, as "`m_hh` of soma(0.5) is nan"; else empty.
std::string culprit(const Layout& layout, std::uint32_t kind) {
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
                    if (!type->store().view().node) return fmt::format("`{}` of a {} is {}", name, type->name(), shown(column[r]));
                    const auto& place = layout.place(type->store().view().node[r]);
                    return fmt::format("`{}_{}` of {}({:g}) is {}", name, type->name(), place.section->name(), place.x, shown(column[r]));
                }
            }
        }
    }
    return {};
}

/// Currents may be infinite because a potential already was: a parameter or a state says more.
std::string culprit(const Layout& layout) {
    for (const std::uint32_t kind : {NRN_PARAMETER, NRN_STATE, NRN_ASSIGNED})
        if (std::string found = culprit(layout, kind); !found.empty()) return found;
    return {};
}

bool all_finite(const double* x, std::int32_t n) {
    constexpr std::int32_t lanes = 8;
    double lane[lanes] = {};  // not a number as soon as one element is infinite or none
    std::int32_t i = 0;
    for (; i + lanes <= n; i += lanes)
        for (std::int32_t k = 0; k < lanes; ++k) lane[k] += x[i + k] * 0;
    for (; i < n; ++i) lane[0] += x[i] * 0;
    double sum = 0;
    for (const double l : lane) sum += l;
    return sum == 0;
}

constexpr const char* kHint = "look for a division by zero in a mechanism, a huge stimulus, or a parameter that is not a number";

}  // namespace

bool states_are_finite(const Layout::CellGroup& group) {
    for (const auto& rows : group.types) {
        const auto& d = rows.type->description();
        for (int i = 0; i < d.n_variable; ++i) {
            if (d.variable[i].kind != NRN_STATE) continue;
            for (int k = 0; k < d.variable[i].length; ++k)
                if (!all_finite(rows.type->store().column(d.variable[i].column + k) + rows.begin, rows.end - rows.begin)) return false;
        }
    }
    return true;
}

void Simulation::check_finite(double when) {
    const double* v = model().nodes().column(NodeStore::V);
    const std::int32_t n = layout_.node_count();
    const bool potentials = all_finite(v, n);
    if (potentials && states_are_finite(layout_.whole())) {
        if (!not_finite_.empty()) not_finite_.clear();
        return;
    }
    if (!not_finite_.empty()) return;  // said already
    if (potentials) {
        not_finite_ = fmt::format("{} at t = {:g} ms", culprit(layout_, NRN_STATE), when);
    } else {
        std::int32_t bad = 0;
        while (bad < n - 1 && std::isfinite(v[bad])) ++bad;
        const auto& place = layout_.place(bad);
        not_finite_ = fmt::format("the membrane potential of {}({:g}) is {} at t = {:g} ms", place.section->name(), place.x, shown(v[bad]), when);
        if (const std::string why = culprit(layout_); !why.empty()) not_finite_ += ": " + why;
    }
    runtime_.warn(not_finite_);
}

void Simulation::require_finite() const {
    if (!not_finite_.empty()) throw Error(ErrorKind::Runtime, not_finite_).hint(kHint);
}

}  // namespace nrn
