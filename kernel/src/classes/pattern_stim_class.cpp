// SPDX-License-Identifier: BSD-3-Clause
// PatternStim: an artificial cell that gives recorded spikes (times and gids) to whoever listens to those gids.
// A mechanism type made by the kernel, because it reaches into the map of gids.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_map>

#include <fmt/format.h>

#include "classes/register_classes.hpp"
#include "engine/host_functions.hpp"
#include "engine/simulation.hpp"
#include "events/network.hpp"
#include "model/mechanism_store.hpp"
#include "model/model.hpp"
#include "network/gid_map.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {
namespace {

enum Column { kFakeOutput, kNext, kColumns };
constexpr double kGroup = 1;  // flag of the event that gives the spikes that are due

struct Pattern {
    VectorPtr times, gids;
    std::vector<std::size_t> order;  // of time, as it was at initialisation
    /// How many spikes there are in order; none any more once a Vector has been cut short.
    [[nodiscard]] std::size_t count() const { return times && std::min(times->values.size(), gids->values.size()) >= order.size() ? order.size() : 0; }
    [[nodiscard]] double time(std::size_t i) const { return times->values[order[i]]; }
    [[nodiscard]] long gid(std::size_t i) const { return static_cast<long>(gids->values[order[i]]); }
    void sort() {
        order.resize(times ? std::min(times->values.size(), gids->values.size()) : 0);
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::stable_sort(order.begin(), order.end(), [this](std::size_t a, std::size_t b) { return times->values[a] < times->values[b]; });
    }
};

struct PatternDescription : nrn_mechanism {
    nrn_variable variables[1];
    nrn_mech_function functions[1];
    std::unordered_map<RowId, Pattern> patterns;  // by instance
};

PatternDescription& description_of(const nrn_mech_view* view) {
    return const_cast<PatternDescription&>(*static_cast<const PatternDescription*>(view->mechanism));
}
RowId instance(const nrn_mech_view* view, std::int32_t row) {
    return static_cast<MechanismType*>(view->host_type)->store().id(static_cast<std::uint32_t>(row));
}
Pattern& pattern(const nrn_mech_view* view, std::int32_t row) { return description_of(view).patterns[instance(view, row)]; }

void send_next(nrn_context* context, nrn_mech_view* view, std::int32_t row) {
    const Pattern& p = pattern(view, row);
    const auto next = static_cast<std::size_t>(view->column[kNext][row]);
    if (next < p.count()) context->host->net_send(context, view, row, nullptr, std::max(p.time(next) - context->t, 0.0), kGroup);
}

nrn_status initial(nrn_context* context, nrn_mech_view* view, std::int32_t begin, std::int32_t end) {
    for (std::int32_t row = begin; row < end; ++row) {
        Pattern& p = pattern(view, row);
        if (p.times && std::any_of(p.times->values.begin(), p.times->values.end(), [](double t) { return std::isnan(t); }))
            return context->host->fail(context, view, row, "a time of the pattern is not a number");
        p.sort();
        std::size_t next = 0;
        while (next < p.count() && p.time(next) < context->t) ++next;
        view->column[kNext][row] = static_cast<double>(next);
        send_next(context, view, row);
    }
    return NRN_OK;
}

/// Whoever listens to gid hears a spike. A cell that lives here fires by itself, unless its output is faked.
void deliver(Simulation& simulation, long gid, double t, bool fake_output) {
    auto& gids = simulation.runtime().service<GidMap>();
    if (SpikeSource* remote = gids.remote(gid)) {
        simulation.network().fire(*remote, t);
        return;
    }
    if (!fake_output || gids.exists(gid) < 2) return;
    SpikeSource& source = gids.local(gid, "PatternStim");
    const bool heard_by_others = std::exchange(source.output, false);  // every rank has its own pattern
    simulation.network().fire(source, t);
    source.output = heard_by_others;
}

nrn_status net_receive(nrn_context* context, nrn_mech_view* view, std::int32_t row, double*, double flag) {
    if (flag != kGroup) return NRN_OK;
    Simulation& simulation = simulation_of(context);
    return guarded(simulation, [&] {
        const RowId id = instance(view, row);
        MechanismType& type = *static_cast<MechanismType*>(view->host_type);
        const Pattern p = pattern(view, row);
        const bool fake = view->column[kFakeOutput][row] != 0;
        auto next = static_cast<std::size_t>(view->column[kNext][row]);
        const double t = context->t;
        for (; next < p.count() && p.time(next) <= t; ++next) deliver(simulation, p.gid(next), p.time(next), fake);
        if (!type.store().alive(id)) return 0;  // a statement that a spike ran deleted it
        type.store().at(kNext, id) = static_cast<double>(next);
        send_next(context, &type.store().view(), static_cast<std::int32_t>(type.store().row(id)));
        return 0;
    }) ? NRN_OK : NRN_FAILED;
}

/// play(times, gids): the Vectors themselves, not copies.
nrn_status play(nrn_context* context, nrn_mech_view* view, std::int32_t row, const double*, std::int32_t, double* result) {
    Simulation& simulation = simulation_of(context);
    *result = 0;
    return guarded(simulation, [&] {
        const auto& args = *static_cast<CallArgs*>(context->call);
        args.expect_count(0, 2);
        Pattern& p = pattern(view, row);
        p = {};
        if (args.count() == 0) return 0;  // play(): nothing any more
        auto &times = args.object<Vector>(0, "Vector"), &gids = args.object<Vector>(1, "Vector");
        if (times.values.size() != gids.values.size())
            throw Error(ErrorKind::Value, fmt::format("PatternStim.play: {} times but {} gids", times.values.size(), gids.values.size()));
        p = {VectorPtr(&times), VectorPtr(&gids), {}};
        return 0;
    }) ? NRN_OK : NRN_FAILED;
}

nrn_status forget(nrn_context*, nrn_mech_view* view, std::int32_t begin, std::int32_t end) {
    for (std::int32_t row = begin; row < end; ++row) description_of(view).patterns.erase(instance(view, row));
    return NRN_OK;
}

}  // namespace

void register_pattern_stim(Runtime& runtime) {
    auto d = std::make_unique<PatternDescription>();
    *static_cast<nrn_mechanism*>(d.get()) = nrn_mechanism{};
    d->struct_size = sizeof(nrn_mechanism);
    d->name = "PatternStim";
    d->title = "gives recorded spikes to those who listen to their gids";
    d->file = d->source_hash = d->unfit_reason = "";
    d->flags = NRN_POINT_PROCESS | NRN_ARTIFICIAL_CELL | NRN_NET_RECEIVE | NRN_SELF_EVENTS;
    d->variables[0] = {"fake_output", NRN_PARAMETER, NRN_VISIBLE, kFakeOutput, 1, 0, 0, 1, 0, "", 0};
    d->variable = d->variables;
    d->n_variable = 1;
    d->n_column = kColumns;
    d->rhs_column = d->g_column = -1;
    d->functions[0] = {"play", NRN_FUNCTION_PROCEDURE | NRN_FUNCTION_NEEDS_INSTANCE | NRN_FUNCTION_VARIADIC, 0, nullptr, "", play};
    d->function = d->functions;
    d->n_function = 1;
    d->initial = initial;
    d->destructor = forget;
    d->n_weight = 1;
    d->net_receive = net_receive;
    runtime.model().add_mechanism(d.release(), [](nrn_mechanism* p) { delete static_cast<PatternDescription*>(p); }, "");
}

}  // namespace nrn
