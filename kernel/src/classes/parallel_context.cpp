// SPDX-License-Identifier: BSD-3-Clause
// Class ParallelContext: identity of ranks, threads, clocks, and its registration. Networks, collectives and the
// bulletin board have files of their own.
#include "classes/parallel_context.hpp"

#include <algorithm>
#include <ctime>
#include <thread>

#include <fmt/format.h>

#include "classes/register_classes.hpp"
#include "engine/simulation.hpp"
#include "network/spike_exchange.hpp"
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

Value nrnmpi_init(CallArgs& a) {
    start_mpi(a.runtime());
    return 0.0;
}

Value mpi_init(Object&, CallArgs& a) { return nrnmpi_init(a); }
Value id(Object&, CallArgs& a) { return comm(a).rank(); }
Value nhost(Object&, CallArgs& a) { return comm(a).size(); }
Value id_world(Object&, CallArgs& a) { return comm(a).world_rank(); }
Value nhost_world(Object&, CallArgs& a) { return comm(a).world_size(); }

Value subworlds(Object&, CallArgs& a) {
    const long size = a.integer(0);
    if (size < 1) throw Error(ErrorKind::Range, fmt::format("subworlds: a subworld has at least 1 rank, not {}", size));
    if (comm(a).size() > 1 && size < comm(a).size())
        throw Error(ErrorKind::Unsupported, "subworlds smaller than the world are not implemented").hint("start one job per subworld with mpirun");
    return 0.0;
}

Value nthread(Object&, CallArgs& a) {
    ParallelSettings& s = settings(a);
    if (a.has(0)) s.threads = static_cast<int>(std::clamp(a.integer(0), 1L, 1024L));
    return s.threads;
}

Value thread_how_many(Object&, CallArgs&) { return static_cast<int>(std::max(1u, std::thread::hardware_concurrency())); }
Value partition(Object&, CallArgs&) { return 0.0; }  // results do not depend on which thread has a cell
Value sec_in_thread(Object&, CallArgs& a) {
    (void)a.section();
    return 0;
}
Value optimize_node_order(Object&, CallArgs& a) {
    ParallelSettings& s = settings(a);
    if (a.has(0)) s.node_order = static_cast<int>(a.number_in(0, 0, 2));
    return s.node_order;
}
Value zero(Object&, CallArgs&) { return 0.0; }

Value get_t(Object&, CallArgs& a) { return a.runtime().simulation().t; }
Value get_dt(Object&, CallArgs& a) { return a.runtime().simulation().dt; }

Value mpiabort_on_error(Object&, CallArgs& a) {
    ParallelSettings& s = settings(a);
    const bool before = s.abort_on_error;
    if (a.has(0)) s.abort_on_error = a.number(0) != 0;
    return before;
}

Value timeout(Object&, CallArgs& a) {
    ParallelSettings& s = settings(a);
    const double before = s.timeout;
    if (a.has(0)) s.timeout = a.number(0);
    return before;
}

// ---- clocks --------------------------------------------------------------------------------------

Value wall(Object&, CallArgs& a) { return comm(a).wall_time(); }
Value wait_time(Object&, CallArgs& a) { return a.runtime().service<SpikeExchange>().statistics().wait_time; }
Value step_time(Object&, CallArgs& a) { return settings(a).step_time; }
Value vtransfer_time(Object&, CallArgs& a) { return settings(a).transfer_time; }

Value spike_statistics(Object&, CallArgs& a) {
    const auto& s = a.runtime().service<SpikeExchange>().statistics();
    const double figures[] = {static_cast<double>(s.largest), static_cast<double>(s.sent), static_cast<double>(s.received), static_cast<double>(s.received)};
    for (std::size_t i = 0; i < std::min<std::size_t>(a.count(), 4); ++i) a.ref(i).set(figures[i]);
    return static_cast<double>(s.exchanges);
}

Value not_here(Object&, CallArgs& a) {
    throw Error(ErrorKind::Unsupported, fmt::format("ParallelContext.{} is not implemented", a.function()));
}

Value coreneuron(Object&, CallArgs& a) {
    throw Error(ErrorKind::Unsupported, fmt::format("ParallelContext.{} writes models for another engine, which is not supported", a.function()))
        .hint("call psolve(tstop): this engine works on the live model");
}

constexpr Method methods[] = {
    {"id", id, Returns::Int, "id() -> rank of this process"},
    {"nhost", nhost, Returns::Int, "nhost() -> number of ranks"},
    {"nworker", nhost, Returns::Int, "nworker() -> number of ranks that work on submitted jobs"},
    {"id_world", id_world, Returns::Int, "id_world() -> rank among all processes"},
    {"nhost_world", nhost_world, Returns::Int, "nhost_world() -> number of all processes"},
    {"id_bbs", id, Returns::Int, "id_bbs() -> rank in the bulletin board"},
    {"nhost_bbs", nhost, Returns::Int, "nhost_bbs() -> ranks in the bulletin board"},
    {"mpi_init", mpi_init, Returns::Number, "mpi_init(): starts MPI if it is not running"},
    {"subworlds", subworlds, Returns::Number, "subworlds(n): divides the ranks into groups of n"},
    {"nthread", nthread, Returns::Int, "nthread([n]) -> number of threads"},
    {"thread_how_many_proc", thread_how_many, Returns::Int, "thread_how_many_proc() -> processors of this machine"},
    {"thread_busywait", zero, Returns::Number, "thread_busywait(flag): accepted; waiting threads always yield"},
    {"thread_stat", zero, Returns::Number, "thread_stat(): accepted"},
    {"thread_ctime", zero, Returns::Number, "thread_ctime([i]) -> s"},
    {"partition", partition, Returns::Number, "partition(thread, sectionlist): accepted; results do not depend on it"},
    {"get_partition", not_here, Returns::Object, "get_partition(thread)"},
    {"sec_in_thread", sec_in_thread, Returns::Int, "sec_in_thread() -> thread of the accessed section"},
    {"optimize_node_order", optimize_node_order, Returns::Int, "optimize_node_order([0|1|2]): accepted; the engine orders nodes itself"},
    {"t", get_t, Returns::Number, "t(thread) -> ms"},
    {"dt", get_dt, Returns::Number, "dt(thread) -> ms"},
    {"mpiabort_on_error", mpiabort_on_error, Returns::Bool, "mpiabort_on_error([flag]) -> previous flag"},
    {"timeout", timeout, Returns::Number, "timeout([s]) -> previous"},
    {"time", wall, Returns::Number, "time() -> wall clock, s"},
    {"wait_time", wait_time, Returns::Number, "wait_time() -> s spent waiting for other ranks"},
    {"step_wait", wait_time, Returns::Number, "step_wait([s]) -> s"},
    {"step_time", step_time, Returns::Number, "step_time() -> s spent integrating in psolve"},
    {"integ_time", step_time, Returns::Number, "integ_time() -> s"},
    {"send_time", zero, Returns::Number, "send_time([k]) -> s"},
    {"event_time", zero, Returns::Number, "event_time() -> s"},
    {"mech_time", zero, Returns::Number, "mech_time([i]) -> s"},
    {"vtransfer_time", vtransfer_time, Returns::Number, "vtransfer_time([mode]) -> s"},
    {"spike_compress", zero, Returns::Number, "spike_compress(n, compress): accepted; spikes travel uncompressed"},
    {"spike_statistics", spike_statistics, Returns::Number, "spike_statistics(&max, &sent, &received, &used) -> number of exchanges"},
    {"max_histogram", not_here, Returns::Number, "max_histogram(vec)"},
    {"prcellstate", not_here, Returns::Number, "prcellstate(gid, suffix)"},
    {"print_memory_stats", not_here, Returns::Number, "print_memory_stats()"},
    {"multisplit", not_here, Returns::Number, "multisplit(x, sid)"},
    {"splitcell", not_here, Returns::Number, "splitcell(host)"},
    {"splitcell_connect", not_here, Returns::Number, "splitcell_connect(host)"},
    {"nrncore_run", coreneuron, Returns::Number, "nrncore_run(arguments)"},
    {"nrncore_write", coreneuron, Returns::Number, "nrncore_write(path)"},
    {"nrnbbcore_write", coreneuron, Returns::Number, "nrnbbcore_write(path)"},
    {"nrnbbcore_register_mapping", coreneuron, Returns::Number, "nrnbbcore_register_mapping(...)"},
};

constexpr Function functions[] = {
    {"nrnmpi_init", nrnmpi_init, Returns::Number,
     "nrnmpi_init(): ranks started by mpirun find each other\n"
     "Python: h.nrnmpi_init(); pc = h.ParallelContext()\n"
     "Hoc: nrnmpi_init()"},
};

ObjectPtr construct(NativeClass& cls, CallArgs& a) {
    Runtime& runtime = a.runtime();
    if (runtime.communicator().name() == "self")
        if (auto active = runtime.plugins().adopt_active_communicator()) runtime.use_communicator(std::move(active));
    (void)runtime.service<SpikeExchange>();
    return make_counted<ParallelContext>(cls);
}

}  // namespace

void register_parallel_context(Runtime& runtime) {
    runtime.scope().define_functions(functions);
    auto cls = std::make_unique<NativeClass>("ParallelContext", construct, std::span<const Method>(methods), std::span<const Property>(),
                                             "Ranks and threads: networks by gid, collectives, and the bulletin board.");
    cls->add_methods(parallel_context_network_methods());
    cls->add_methods(parallel_context_collective_methods());
    cls->add_methods(parallel_context_job_methods());
    publish_class(runtime, std::move(cls));
}

}  // namespace nrn
