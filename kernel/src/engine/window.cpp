// SPDX-License-Identifier: BSD-3-Clause
// Windows: while no cell can hear from another, each group of cells is taken through many steps before the next is
// touched, so that a model larger than the cache is read from memory once per window, and threads meet once per
// window. A window is no longer than the shortest delay of a connection from a cell; artificial cells run ahead of
// it. Where anything would notice (callbacks, gap junctions, played or shared variables) there are no windows, and
// with them every number is the same bits.
#include <algorithm>
#include <cmath>

#include "engine/fixed_step.hpp"
#include "engine/simulation.hpp"
#include "engine/variable_places.hpp"
#include "events/network.hpp"
#include "model/model.hpp"
#include "nrn/api/runtime.hpp"
#include "object/vector.hpp"
#include "random/random.hpp"

namespace nrn {
namespace {

/// A limit to what cannot be interrupted.
constexpr int kMostSteps = 400;

}  // namespace

std::size_t FixedStep::group_of(std::int32_t node) const {
    const auto& groups = s_.layout().groups();
    const auto at = std::upper_bound(groups.begin(), groups.end(), node, [](std::int32_t row, const auto& group) { return row < group.end; });
    return static_cast<std::size_t>(at - groups.begin());
}

/// The lane of a group is 1 + its number.
void FixedStep::match_lanes() {
    Network& network = s_.network();
    const std::size_t groups = s_.layout().groups().size();
    const std::size_t wanted = groups > 1 && !s_.variable_step ? groups + 1 : 1;
    if (!lanes_stale_ && network.lane_count() == wanted) return;
    lanes_stale_ = false;
    if (wanted > 1) {
        network.assign_lanes(static_cast<std::uint32_t>(groups + 1), [this, groups](RowId node) -> std::uint32_t {
            auto& nodes = s_.model().nodes();
            if (!nodes.alive(node)) return 0;
            const std::size_t group = group_of(static_cast<std::int32_t>(nodes.row(node)));
            return group < groups ? static_cast<std::uint32_t>(group + 1) : 0;
        });
    } else if (network.lane_count() > 1) {
        network.assign_lanes(1, {});
    }
}

/// Recorders of every step, by group. @returns false when one records something of no cell
bool FixedStep::find_recorders() {
    windows_.recorders.assign(s_.layout().groups().size(), {});
    windows_.times.clear();
    if (s_.recording().recorders().empty()) return true;
    const VariablePlaces places(s_.model(), s_.layout());
    for (const auto& r : s_.recording().recorders()) {
        if (r.interval > 0 || r.times) continue;
        if (!r.value) return false;
        if (r.value == &s_.t) {
            windows_.times.push_back(r.vector);
            continue;
        }
        const std::int32_t node = places.node_of(r.value);
        if (node < 0) return false;
        windows_.recorders[group_of(node)].push_back({r.vector, r.value});
    }
    return true;
}

/// Does anything read variables that mechanisms only tell (NRN_TOLD) at every step?
bool FixedStep::observed() const {
    struct Column { const double *begin, *end; };
    std::vector<Column> told;
    for (MechanismType* type : s_.layout().active_types()) {
        const auto& d = type->description();
        auto& store = type->store();
        for (int i = 0; i < d.n_variable; ++i)
            if (d.variable[i].kind == NRN_ASSIGNED && (d.variable[i].flags & NRN_TOLD))
                for (int k = 0; k < d.variable[i].length; ++k) told.push_back({store.column(d.variable[i].column + k), store.column(d.variable[i].column + k) + store.size()});
    }
    if (told.empty()) return true;  // nothing to spare
    std::sort(told.begin(), told.end(), [](const Column& x, const Column& y) { return std::less<>{}(x.begin, y.begin); });
    const auto is_told = [&](const double* p) {
        const auto after = std::upper_bound(told.begin(), told.end(), p, [](const double* q, const Column& c) { return std::less<>{}(q, c.begin); });
        return p && after != told.begin() && std::less<>{}(p, std::prev(after)->end);
    };
    const auto &recorders = s_.recording().recorders();
    const auto& sources = s_.network().sources();
    const auto& pointed = s_.layout().pointed();
    return std::any_of(recorders.begin(), recorders.end(), [&](const auto& r) { return is_told(r.value); }) ||
           std::any_of(sources.begin(), sources.end(), [&](const SpikeSource* s) { return is_told(s->value); }) || std::any_of(pointed.begin(), pointed.end(), is_told);
}

void FixedStep::find_windows() {
    windows_.known = true;
    windows_.possible = windows_.unobserved = false;
    Network& network = s_.network();
    const bool single = s_.layout().groups().size() < 2;
    if (single && windows_.pause > 0) {
        --windows_.pause;
        return;
    }
    if (!groups_are_independent() || network.tells_in_steps() || s_.model().capacitive_current_is_shared() || s_.model().capacitance_is_shared() ||
        !s_.runtime().service<RandomPlay>().empty())
        return;
    windows_.unobserved = !observed();
    if (single || !network.may_window()) return;
    // Their spikes would be told of before earlier ones of cells.
    for (const SpikeSource* source : network.sources())
        if (source->cell && source->cell->type().is_artificial() && (source->record_times || !source->spike_times.empty())) return;
    if (!find_recorders()) return;
    windows_.limit = network.window_limit();
    windows_.possible = true;
}

/// How many steps the next window has; t is the time at its end.
int FixedStep::window_steps(double t_end, double& t) const {
    const double half = 0.5 * s_.dt, common = s_.network().next_common_time() - 1e-6 * s_.dt;
    const double most = std::min<double>(kMostSteps, std::floor(windows_.limit / s_.dt + 1e-9));
    int steps = 0;
    for (; steps < most && t < t_end - half; ++steps) {
        const double end = (t + half) + half;
        if (!(end < common)) break;
        t = end;
    }
    return steps;
}

void FixedStep::window_of_group(const Place& place, std::size_t group, int steps) {
    Network& network = s_.network();
    EventLane& lane = network.lane(static_cast<std::uint32_t>(group + 1));
    const auto& cells = s_.layout().groups()[group];
    const double half = 0.5 * s_.dt;
    lane.context = place.context;
    place.context->worker = &lane;
    network.enter_window(lane);
    double t = s_.t;
    for (int k = 0; k < steps; ++k) {
        const double middle = t + half, end = middle + half;
        network.check_thresholds(lane, t);
        network.deliver_until(lane, middle);
        place.context->unobserved = windows_.unobserved && k + 1 < steps;
        step_group(place, cells, middle, end);
        for (const auto& r : windows_.recorders[group]) r.vector->resize(r.vector->values.size() + 1, *r.value);
        network.deliver_until(lane, end);
        t = end;
    }
    watch_states(place, cells);
}

bool FixedStep::advance_window(double t_end) {
    if (!(s_.dt > 0) || !std::isfinite(s_.dt)) return false;
    if (!windows_.known) find_windows();
    if (!windows_.possible) return false;
    double t = s_.t;
    const int steps = window_steps(t_end, t);
    if (steps < 2) return false;
    begin_step(steps);
    end_ = t;
    Network& network = s_.network();
    network.begin_window();
    const auto leave = [&] {
        s_.context().unobserved = 0;
        for (std::uint32_t i = 0; i < network.lane_count(); ++i) network.lane(i).context = nullptr;
        s_.context().worker = nullptr;
        network.exchange(threads(), [this](std::size_t n, const auto& work) { share(n, work); });
    };
    try {
        network.deliver_until(network.lane(0), t);
        for_groups(steps, [&](const Place& place, std::size_t group) { window_of_group(place, group, steps); });
    } catch (...) {
        leave();
        throw;
    }
    diagonal_is_zero_ = true;
    for (Vector* times : windows_.times) {
        double when = s_.t;
        for (int k = 0; k < steps; ++k) {
            when = (when + 0.5 * s_.dt) + 0.5 * s_.dt;
            times->resize(times->values.size() + 1, when);
        }
    }
    s_.t = t;
    s_.context().t = t;
    leave();
    if (!fault_seen_ && !s_.not_finite_.empty()) s_.not_finite_.clear();
    return true;
}

bool FixedStep::advance_unobserved(double t_end) {
    if (!windows_.unobserved || !(s_.dt > 0) || !std::isfinite(s_.dt)) return false;
    const double end = s_.t + s_.dt, slack = 1e-6 * s_.dt;
    if (!(end < t_end - 0.6 * s_.dt) || !s_.network().quiet_until(end + slack)) {
        windows_.pause = 8;
        return false;
    }
    struct Unobserved {
        nrn_context& context;
        ~Unobserved() { context.unobserved = 0; }
    } const meanwhile{s_.context()};
    s_.context().unobserved = 1;
    advance();
    return true;
}

}  // namespace nrn
