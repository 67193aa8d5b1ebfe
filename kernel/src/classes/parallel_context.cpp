// SPDX-License-Identifier: BSD-3-Clause
// Class ParallelContext: identity of ranks, clocks, and its registration. Threads, networks, collectives and the
// bulletin board have files of their own.
#include "classes/once_told.hpp"
#include "classes/parallel_context.hpp"

#include <algorithm>
#include <ctime>
#include <fstream>

#include <unistd.h>

#include <fmt/format.h>

#include "classes/register_classes.hpp"
#include "engine/simulation.hpp"
#include "engine/split_cells.hpp"
#include "network/gid_map.hpp"
#include "network/spike_exchange.hpp"
#include "network/value_transfer.hpp"
#include "network/work_queue.hpp"
#include "nrn/api/communicator.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"
#include "object/vector.hpp"
#include "plugin/plugin_catalog.hpp"

namespace nrn {
namespace {

Communicator& comm(CallArgs& a) { return a.runtime().communicator(); }
ParallelSettings& settings(CallArgs& a) { return a.runtime().service<ParallelSettings>(); }

void start_mpi(Runtime& runtime) {
    if (runtime.communicator().name() == "self") runtime.use_communicator(runtime.plugins().create_communicator("mpi"));
}

/// From now on the ranks are those of the communicator that was handed in. Collective over them.
void use_ranks_of(CallArgs& a) {
    Runtime& runtime = a.runtime();
    auto adopted = runtime.plugins().adopt_communicator("mpi", a.at(0));
    auto& queue = runtime.service<WorkQueue>();
    // What one rank cannot do none may: the others would wait for it.
    long numbered = !runtime.service<GidMap>().empty() || !runtime.service<ValueTransfer>().empty() || queue.is_divided();
    adopted->allreduce(std::span<long>(&numbered, 1), Communicator::Op::Max);
    if (numbered)
        throw Error(ErrorKind::Runtime, fmt::format("{}: gids, transferred values or subworlds were given to the ranks so far", a.function()))
            .hint("hand the communicator in before set_gid2node and source_var, or call gid_clear() on every rank");
    runtime.use_communicator(std::move(adopted));
    auto& exchange = runtime.service<SpikeExchange>();
    exchange.set_block(exchange.wanted_block());
}

Value nrnmpi_init(CallArgs& a) {
    if (a.has(0) && !a.is_none(0)) use_ranks_of(a);
    else start_mpi(a.runtime());
    return 0.0;
}

Value mpi_init(Object&, CallArgs& a) { return nrnmpi_init(a); }
Value id(Object&, CallArgs& a) { return comm(a).rank(); }
Value nhost(Object&, CallArgs& a) { return comm(a).size(); }
Value nworker(Object&, CallArgs& a) { return comm(a).size() > 1 ? comm(a).size() : 0; }
Value id_world(Object&, CallArgs& a) { return comm(a).world_rank(); }
Value id_bbs(Object&, CallArgs& a) { return a.runtime().service<WorkQueue>().board_rank(); }
Value nhost_bbs(Object&, CallArgs& a) { return a.runtime().service<WorkQueue>().board_size(); }
Value nhost_world(Object&, CallArgs& a) { return comm(a).world_size(); }

Value subworlds(Object&, CallArgs& a) {
    const long size = a.integer(0);
    if (size < 1) throw Error(ErrorKind::Range, fmt::format("subworlds: a subworld has at least 1 rank, not {}", size));
    if (size < comm(a).size() || comm(a).size() > 1) a.runtime().service<WorkQueue>().divide(static_cast<int>(std::min<long>(size, comm(a).size())));
    return 0.0;
}

Value get_t(Object&, CallArgs& a) { return a.runtime().simulation().t; }
Value get_dt(Object&, CallArgs& a) { return a.runtime().simulation().dt; }

Value mpiabort_on_error(Object&, CallArgs& a) {
    ParallelSettings& s = settings(a);
    const bool before = s.abort_on_error;
    if (a.has(0)) s.abort_on_error = a.number(0) != 0;
    return before ? 1 : 0;
}

Value timeout(Object&, CallArgs& a) {
    ParallelSettings& s = settings(a);
    const double before = s.timeout;
    if (a.has(0)) {
        if (!(a.number(0) >= 0)) throw Error(ErrorKind::Range, fmt::format("timeout: the time must be >= 0 s, not {:g}", a.number(0)));
        s.timeout = a.number(0);
    }
    return before;
}

// ---- clocks --------------------------------------------------------------------------------------

Value wall(Object&, CallArgs& a) { return comm(a).wall_time(); }
Value wait_time(Object&, CallArgs& a) { return a.runtime().service<SpikeExchange>().statistics().wait_time; }
Value step_time(Object&, CallArgs& a) { return settings(a).step_time; }
Value integration_time(Object&, CallArgs& a) {
    const double transfers = a.runtime().service<ValueTransfer>().seconds();
    return std::max(settings(a).step_time - a.runtime().service<SpikeExchange>().statistics().wait_time - transfers, 0.0);
}
Value transfer_time(Object&, CallArgs& a) { return a.runtime().service<ValueTransfer>().seconds(); }
Value not_measured(Object&, CallArgs& a) {
    tell_once(a, "ParallelContext", "is not measured by itself; see integ_time(), step_wait() and wait_time()");
    return 0.0;
}

Value spike_statistics(Object&, CallArgs& a) {
    const auto& s = a.runtime().service<SpikeExchange>().statistics();
    const double figures[] = {static_cast<double>(s.largest), static_cast<double>(s.sent), static_cast<double>(s.received), static_cast<double>(s.received)};
    for (std::size_t i = 0; i < std::min<std::size_t>(a.count(), 4); ++i) a.ref(i).set(figures[i]);
    return static_cast<double>(s.exchanges);
}

/// x and the point's id, of the accessed section; without arguments the pieces become one.
Value multisplit(Object&, CallArgs& a) {
    SplitCells& pieces = split_cells(a.runtime());
    if (a.count() == 0) pieces.connect();
    else pieces.add(a.section(), a.number_in(0, 0, 1), a.integer(1));
    return 0.0;
}

/// The root of the accessed section's cell goes on at that rank, which calls this with our rank.
Value splitcell(Object&, CallArgs& a) {
    const long mine = comm(a).rank(), other = a.integer(0);
    if (other < 0 || other >= comm(a).size() || other == mine)
        throw Error(ErrorKind::Range, fmt::format("{}: the other rank must be from 0 to {} and not this one ({}), but is {}", a.function(), comm(a).size() - 1, mine, other));
    Section* root = &a.section();
    while (root->parent()) root = root->parent();
    // Ids below zero, which users do not choose, one per pair of ranks.
    const long low = std::min(mine, other), high = std::max(mine, other);
    split_cells(a.runtime()).add(*root, root->child_end(), -1 - (low * comm(a).size() + high));
    split_cells(a.runtime()).connect();
    return 0.0;
}

/// Gathered by the exchange: how many of the exchanges brought n spikes.
Value max_histogram(Object&, CallArgs& a) {
    a.runtime().service<SpikeExchange>().histogram = a.count() > 0 ? VectorPtr(a.object_if<Vector>(0)) : nullptr;
    return 0.0;
}

/// spike_compress(nspike, gid_compress, method): spikes keep their exact times, so only the first argument matters.
Value spike_compress(Object&, CallArgs& a) {
    SpikeExchange& exchange = a.runtime().service<SpikeExchange>();
    if (a.has(0) && a.integer(0) >= 0 && comm(a).size() > 1) exchange.set_block(static_cast<std::size_t>(std::min(a.integer(0), 100000L)));
    return static_cast<double>(exchange.wanted_block());
}

Value print_memory_stats(Object&, CallArgs& a) {
    long pages = 0, resident = 0;
    if (std::ifstream statm("/proc/self/statm"); statm) statm >> pages >> resident;
    const double megabytes = static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1048576.0;
    double most = megabytes, least = megabytes, sum = megabytes;
    comm(a).allreduce(std::span<double>(&most, 1), Communicator::Op::Max);
    comm(a).allreduce(std::span<double>(&least, 1), Communicator::Op::Min);
    comm(a).allreduce(std::span<double>(&sum, 1), Communicator::Op::Sum);
    if (comm(a).rank() == 0)
        a.runtime().print(fmt::format("Memory (MBs):             Max RSS: max {:.2f}, min {:.2f}, avg {:.2f}\n", most, least, sum / comm(a).size()));
    return 0.0;
}

Value coreneuron(Object&, CallArgs& a) {
    throw Error(ErrorKind::Unsupported, fmt::format("ParallelContext.{} writes models for another engine, which is not supported", a.function()))
        .hint("call psolve(tstop): this engine works on the live model");
}

constexpr Method methods[] = {
    {"id", id, Returns::Int, "id() -> rank of this process"},
    {"nhost", nhost, Returns::Int, "nhost() -> number of ranks"},
    {"nworker", nworker, Returns::Int, "nworker() -> number of ranks that work on submitted jobs, 0 when the only rank works itself"},
    {"id_world", id_world, Returns::Int, "id_world() -> rank among all processes"},
    {"nhost_world", nhost_world, Returns::Int, "nhost_world() -> number of all processes"},
    {"id_bbs", id_bbs, Returns::Int, "id_bbs() -> rank in the bulletin board"},
    {"nhost_bbs", nhost_bbs, Returns::Int, "nhost_bbs() -> ranks in the bulletin board"},
    {"mpi_init", mpi_init, Returns::Number, "mpi_init([communicator]): starts MPI if it is not running\nWith a communicator of mpi4py, or its Fortran handle, the ranks are those of the communicator."},
    {"subworlds", subworlds, Returns::Number, "subworlds(n): divides the ranks into groups of n"},
    {"t", get_t, Returns::Number, "t(thread) -> ms"},
    {"dt", get_dt, Returns::Number, "dt(thread) -> ms"},
    {"mpiabort_on_error", mpiabort_on_error, Returns::Number, "mpiabort_on_error([flag]) -> previous flag"},
    {"timeout", timeout, Returns::Number, "timeout([s]) -> previous\nHow long a rank in psolve waits for the others before it ends the job with a message; 20 s by default, 0: for ever."},
    {"time", wall, Returns::Number, "time() -> wall clock, s"},
    {"wait_time", wait_time, Returns::Number, "wait_time() -> s spent waiting for other ranks"},
    {"step_wait", transfer_time, Returns::Number, "step_wait() -> s spent in steps, waiting for values of other ranks (as vtransfer_time)"},
    {"step_time", step_time, Returns::Number, "step_time() -> s spent in psolve, waiting included"},
    {"integ_time", integration_time, Returns::Number, "integ_time() -> step_time() without waiting for other ranks, s: currents, equations, states and events"},
    {"send_time", not_measured, Returns::Number, "send_time([k]) -> 0: not measured by itself, it is part of wait_time()"},
    {"event_time", not_measured, Returns::Number, "event_time() -> 0: not measured by itself, events are delivered within integ_time()"},
    {"mech_time", not_measured, Returns::Number, "mech_time([i]) -> 0: not measured by itself, it is part of integ_time()"},
    {"vtransfer_time", transfer_time, Returns::Number, "vtransfer_time([mode]) -> s spent exchanging transferred values (gap junctions) with other ranks"},
    {"spike_compress", spike_compress, Returns::Number,
     "spike_compress(n[, gid_compress[, method]]) -> n\nRoom for n spikes of each rank in the block that every exchange sends; more of them take a second round. "
     "0: a few, as by default. -1: tells n only. Times travel as they are, so the other arguments change nothing."},
    {"spike_statistics", spike_statistics, Returns::Number, "spike_statistics(&max, &sent, &received, &used) -> number of exchanges"},
    {"max_histogram", max_histogram, Returns::Number, "max_histogram([Vector]): element n counts the exchanges in which n spikes came from the busiest rank"},
    {"prcellstate", print_cell_state, Returns::Number, "prcellstate(gid, suffix): writes all numbers of the cell to GID_SUFFIX.nrndat, for comparison"},
    {"print_memory_stats", print_memory_stats, Returns::Number, "print_memory_stats(): memory of all ranks"},
    {"multisplit", multisplit, Returns::Number, "multisplit(x, sid): the section's x is the point sid, wherever else such a point is; multisplit(): makes the pieces one"},
    {"splitcell", splitcell, Returns::Number, "splitcell(rank): as splitcell_connect"},
    {"splitcell_connect", splitcell, Returns::Number, "splitcell_connect(rank): the root of the accessed section's cell is joined with the one that this rank names"},
    {"nrncore_run", coreneuron, Returns::Number, "nrncore_run(arguments)"},
    {"nrncore_write", coreneuron, Returns::Number, "nrncore_write(path)"},
    {"nrnbbcore_write", coreneuron, Returns::Number, "nrnbbcore_write(path)"},
    {"nrnbbcore_register_mapping", coreneuron, Returns::Number, "nrnbbcore_register_mapping(...)"},
};

constexpr Function functions[] = {
    {"nrnmpi_init", nrnmpi_init, Returns::Number,
     "nrnmpi_init([communicator]): ranks started by mpirun find each other\n"
     "With a communicator of mpi4py, or its Fortran handle, the ranks are those of the communicator, numbered as there; all of them call this, before any gid is given.\n"
     "Python: h.nrnmpi_init(); pc = h.ParallelContext()\n"
     "Python: h.nrnmpi_init(MPI.COMM_WORLD.Split(color, key))\n"
     "Hoc: nrnmpi_init()"},
};

ObjectPtr construct(NativeClass& cls, CallArgs& a) {
    Runtime& runtime = a.runtime();
    if (a.has(0) && a.at(0).is_object() && !a.is_none(0)) use_ranks_of(a);
    else if (runtime.communicator().name() == "self")
        if (auto active = runtime.plugins().adopt_active_communicator()) runtime.use_communicator(std::move(active));
    (void)runtime.service<SpikeExchange>();
    return make_counted<ParallelContext>(cls);
}

}  // namespace

void register_parallel_context(Runtime& runtime) {
    runtime.scope().define_functions(functions);
    auto cls = std::make_unique<NativeClass>("ParallelContext", construct, std::span<const Method>(methods), std::span<const Property>(),
                                             "ParallelContext([communicator]): ranks and threads, networks by gid, collectives, and the bulletin board.\n"
                                             "A communicator of mpi4py gives the ranks, as in nrnmpi_init(communicator).");
    cls->add_methods(parallel_context_thread_methods());
    cls->add_methods(parallel_context_network_methods());
    cls->add_methods(parallel_context_collective_methods());
    cls->add_methods(parallel_context_job_methods());
    publish_class(runtime, std::move(cls));
}

}  // namespace nrn
