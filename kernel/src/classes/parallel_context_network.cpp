// SPDX-License-Identifier: BSD-3-Clause
// ParallelContext: cells and connections by gid, spikes, transferred values, and psolve.
#include <chrono>
#include <cmath>

#include <fmt/format.h>

#include "classes/parallel_context.hpp"
#include "engine/run_guard.hpp"
#include "engine/simulation.hpp"
#include "engine/split_cells.hpp"
#include "events/network.hpp"
#include "model/section_cell.hpp"
#include "network/gid_map.hpp"
#include "network/spike_exchange.hpp"
#include "network/value_transfer.hpp"
#include "nrn/api/class_registry.hpp"
#include "nrn/api/communicator.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "object/vector.hpp"

namespace nrn {
namespace {

GidMap& gids(CallArgs& a) { return a.runtime().service<GidMap>(); }
SpikeExchange& exchange(CallArgs& a) { return a.runtime().service<SpikeExchange>(); }

Value set_gid2node(Object&, CallArgs& a) {
    const long gid = a.integer(0), rank = a.integer(1);
    const int ranks = a.runtime().communicator().size();
    if (rank < 0) throw Error(ErrorKind::Range, fmt::format("set_gid2node: rank must be >= 0, not {}", rank));
    if (rank % ranks == a.runtime().communicator().rank() && rank < ranks) gids(a).own(gid);
    return 0.0;
}

Value cell(Object&, CallArgs& a) {
    auto& connection = a.object<NetCon>(1, "NetCon");
    gids(a).assign(a.integer(0), connection.source, a.number_or(2, 1) != 0);
    return 0.0;
}

Value outputcell(Object&, CallArgs& a) {
    gids(a).make_output(a.integer(0));
    return 0.0;
}

Value gid_exists(Object&, CallArgs& a) { return gids(a).exists(a.integer(0)); }

Value gid_clear(Object&, CallArgs& a) {
    const long type = a.integer_or(0, 0);
    if (type == 0 || type == 1) gids(a).clear();
    if (type == 0 || type == 2) a.runtime().service<ValueTransfer>().clear();
    if (type == 0 || type == 3) split_cells(a.runtime()).clear();
    return 0.0;
}

Value object_of(CallArgs& a, const char* wanted_by, bool point_process) {
    const SpikeSource& source = gids(a).local(a.integer(0), wanted_by);
    if (source.cell && (point_process || !source.cell->section())) return Value(static_cast<Object*>(source.cell));
    Section* section = source.cell ? source.cell->section() : source.section.get();
    if (!section || !section->alive()) return {};
    return cell_of(a.runtime(), *section);  // none: a section that belongs to no cell
}

Value gid2obj(Object&, CallArgs& a) { return object_of(a, "gid2obj", true); }
Value gid2cell(Object&, CallArgs& a) { return object_of(a, "gid2cell", false); }

Value threshold(Object&, CallArgs& a) {
    SpikeSource& source = gids(a).local(a.integer(0), "threshold");
    if (a.has(1)) source.threshold = a.number(1);
    return source.threshold;
}

Value gid_connect(Object&, CallArgs& a) {
    Runtime& runtime = a.runtime();
    auto& target = a.object<PointProcess>(1, "point process");
    const SpikeSourcePtr source = gids(a).source_for(a.integer(0));
    Ptr<NetCon> connection;
    if (a.has(2)) {
        connection = Ptr<NetCon>(&a.object<NetCon>(2, "NetCon"));
        if (connection->target() != &target) throw Error(ErrorKind::Value, "gid_connect: the given NetCon has another target");
    } else {
        connection = make_counted<NetCon>(runtime.classes().get("NetCon"), runtime.simulation().network());
        connection->set_target(&target);
    }
    connection->set_source(source);
    return Value(static_cast<Object*>(connection.get()));
}

void record_spikes(SpikeSource& source, Vector& times, Vector* ids) {
    source.record_times = VectorPtr(&times);
    source.record_ids = VectorPtr(ids);
    source.record_id = static_cast<double>(source.gid);
}

Value spike_record(Object&, CallArgs& a) {
    auto& times = a.object<Vector>(1, "Vector");
    Vector* ids = a.has(2) ? &a.object<Vector>(2, "Vector") : nullptr;
    if (const auto* list = a.object_if<Vector>(0)) {
        for (double gid : list->values) record_spikes(gids(a).local(std::lround(gid), "spike_record"), times, ids);
        return 0.0;
    }
    const long gid = a.integer(0);
    if (gid >= 0) record_spikes(gids(a).local(gid, "spike_record"), times, ids);
    else
        for (SpikeSource* source : gids(a).outputs()) record_spikes(*source, times, ids);
    return 0.0;
}

// ---- integration -----------------------------------------------------------------------------------

Value set_maxstep(Object&, CallArgs& a) {
    const double limit = a.number(0);
    if (!(limit > 0)) throw Error(ErrorKind::Range, fmt::format("set_maxstep: the step must be > 0 ms, not {:g}", limit));
    return exchange(a).find_minimum_delay(limit);
}

/// How far all ranks may go between exchanges; a whole number of steps under a fixed step.
double window_length(Simulation& simulation, double minimum_delay) {
    if (simulation.variable_step) return minimum_delay;
    const double steps = std::floor(minimum_delay / simulation.dt + 1e-9);
    if (steps < 1)
        throw Error(ErrorKind::Range, fmt::format("the shortest delay between ranks, {:g} ms, is shorter than the time step dt = {:g} ms", minimum_delay, simulation.dt))
            .hint("lengthen the delay or shorten dt");
    return steps * simulation.dt;
}

Value psolve(Object&, CallArgs& a) {
    const double t_stop = a.number(0);
    Runtime& runtime = a.runtime();
    const RunGuard alone(runtime);
    Simulation& simulation = runtime.simulation();
    if (!simulation.initialized()) throw Error(ErrorKind::Runtime, "psolve: call finitialize first");
    const auto before = std::chrono::steady_clock::now();
    if (runtime.communicator().size() == 1) {
        simulation.advance_to(t_stop);
    } else {
        struct Patience {  // a rank that stopped must not keep the others for ever
            Communicator& communicator;
            Patience(Communicator& c, double seconds) : communicator(c) { communicator.give_up_after(seconds); }
            ~Patience() { communicator.give_up_after(0); }
        } patience(runtime.communicator(), runtime.service<ParallelSettings>().timeout);
        SpikeExchange& spikes = exchange(a);
        const double window = window_length(simulation, spikes.minimum_delay());
        // Counted from one start, so that all ranks make the same number of exchanges.
        const double start = simulation.t, half = simulation.variable_step ? 0 : 0.5 * simulation.dt;
        for (long k = 1; start + static_cast<double>(k - 1) * window < t_stop - half; ++k) {
            const double end = start + static_cast<double>(k) * window;
            simulation.advance_to(std::min(end, t_stop), end < t_stop - half, k > 1);
            spikes.exchange();
        }
    }
    runtime.service<ParallelSettings>().step_time += std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count();
    return 0.0;
}

// ---- transferred values ------------------------------------------------------------------------------

Value source_var(Object&, CallArgs& a) {
    a.runtime().service<ValueTransfer>().add_source(RefPtr(&a.ref(0)), a.integer(1));
    return 0.0;
}

Value target_var(Object&, CallArgs& a) {
    auto* owner = a.object_if<PointProcess>(0);
    const std::size_t first = owner ? 1 : 0;
    a.runtime().service<ValueTransfer>().add_target(Ptr<PointProcess>(owner), RefPtr(&a.ref(first)), a.integer(first + 1));
    return 0.0;
}

Value setup_transfer(Object&, CallArgs& a) {
    a.runtime().service<ValueTransfer>().setup();
    return 0.0;
}

constexpr Method methods[] = {
    {"set_gid2node", set_gid2node, Returns::Number, "set_gid2node(gid, rank): the cell gid lives on that rank"},
    {"cell", cell, Returns::Number, "cell(gid, netcon, output = 1): the source of netcon fires as gid"},
    {"outputcell", outputcell, Returns::Number, "outputcell(gid): other ranks may hear it"},
    {"gid_exists", gid_exists, Returns::Int, "gid_exists(gid) -> 0 not here, 1 without cell, 2 not heard elsewhere, 3 heard by all"},
    {"gid_clear", gid_clear, Returns::Number, "gid_clear([type]): forgets gids (1), transfers (2) or both (0)"},
    {"gid2obj", gid2obj, Returns::Object, "gid2obj(gid) -> the artificial cell or the cell object"},
    {"gid2cell", gid2cell, Returns::Object, "gid2cell(gid) -> the cell object"},
    {"threshold", threshold, Returns::Number, "threshold(gid[, mV]) -> threshold of the source"},
    {"gid_connect", gid_connect, Returns::Object, "gid_connect(gid, target[, netcon]) -> NetCon"},
    {"spike_record", spike_record, Returns::Number, "spike_record(gid or -1 or Vector, times, gids): spikes of these cells"},
    {"set_maxstep", set_maxstep, Returns::Number, "set_maxstep(limit [ms]) -> shortest delay between ranks"},
    {"psolve", psolve, Returns::Number, "psolve(tstop [ms]): integrates on all ranks"},
    {"source_var", source_var, Returns::Number, "source_var(&variable, sid): others may receive it"},
    {"target_var", target_var, Returns::Number, "target_var([point process,] &variable, sid): receives the source's value every step"},
    {"setup_transfer", setup_transfer, Returns::Number, "setup_transfer(): call once all sources and targets are known"},
};

}  // namespace

std::span<const Method> parallel_context_network_methods() { return methods; }

}  // namespace nrn
