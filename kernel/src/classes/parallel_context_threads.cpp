// SPDX-License-Identifier: BSD-3-Clause
// ParallelContext's threads. Cells are shared out by the engine, and results do not depend on how: what scripts say
// about it is kept for them, with a notice.
#include <algorithm>
#include <string_view>
#include <thread>

#include <fmt/format.h>

#include "classes/once_told.hpp"
#include "classes/parallel_context.hpp"
#include "classes/section_list.hpp"
#include "engine/layout.hpp"
#include "engine/simulation.hpp"
#include "engine/thread_settings.hpp"
#include "model/model.hpp"
#include "nrn/api/class_registry.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {
namespace {

Simulation& simulation(CallArgs& a) { return a.runtime().simulation(); }
ParallelSettings& settings(CallArgs& a) { return a.runtime().service<ParallelSettings>(); }

long thread_number(CallArgs& a, std::size_t i) {
    const long thread = a.integer(i), n = simulation(a).threads();
    if (thread < 0 || thread >= n) throw Error(ErrorKind::Index, fmt::format("{}: there are {} threads; there is no thread {}", a.function(), n, thread));
    return thread;
}

Value nthread(Object&, CallArgs& a) {
    if (a.has(0)) simulation(a).set_threads(static_cast<int>(std::clamp(a.integer(0), 1L, 1024L)));
    return simulation(a).threads();
}

Value how_many_processors(Object&, CallArgs&) { return static_cast<int>(std::max(1u, std::thread::hardware_concurrency())); }

Value busy_wait(Object&, CallArgs& a) {
    auto& threads = a.runtime().service<ThreadSettings>();
    const bool before = threads.busy_wait;
    if (a.has(0)) threads.busy_wait = a.number(0) != 0;
    return before ? 1.0 : 0.0;
}

Value statistics(Object&, CallArgs& a) {
    Simulation& s = simulation(a);
    s.prepare();
    std::int32_t compartments = 0;  // ends of sections have no membrane
    for (std::int32_t i = 0; i < s.layout().node_count(); ++i) compartments += s.layout().has_membrane(i);
    std::string text = fmt::format("{} threads, {} groups of cells, {} compartments\n", s.threads(), s.layout().groups().size(), compartments);
    const auto& seconds = a.runtime().service<ThreadSettings>().seconds;
    for (std::size_t i = 0; i < seconds.size(); ++i) text += fmt::format("thread {}: {:.3f} s\n", i, seconds[i]);
    a.runtime().print(text);
    return 0.0;
}

Value computing_time(Object&, CallArgs& a) {
    const auto& seconds = a.runtime().service<ThreadSettings>().seconds;
    if (!a.has(0)) return seconds.empty() ? 0 : *std::ranges::max_element(seconds);
    const auto i = static_cast<std::size_t>(thread_number(a, 0));
    return i < seconds.size() ? seconds[i] : 0;
}

/// The thread that begins with the group of cells that the section is in.
long thread_of(Simulation& s, Section& section) {
    s.prepare();
    const auto& groups = s.layout().groups();
    const auto row = static_cast<std::int32_t>(s.model().nodes().row(section.segment_node(0)));
    const auto group = std::find_if(groups.begin(), groups.end(), [row](const auto& g) { return row < g.end; }) - groups.begin();
    const auto n = static_cast<long>(groups.size()), threads = static_cast<long>(s.threads());
    long thread = 0;
    while (thread + 1 < threads && group >= n * (thread + 1) / threads) ++thread;
    return thread;
}

Value section_in_thread(Object&, CallArgs& a) { return static_cast<double>(thread_of(simulation(a), a.section())); }

Value partition(Object&, CallArgs& a) {
    ParallelSettings& s = settings(a);
    if (a.count() == 0) {
        s.partition.clear();
        return 0.0;
    }
    const long thread = thread_number(a, 0);
    if (!a.has(1)) {
        s.partition.erase(thread);
        return 0.0;
    }
    s.partition[thread] = ObjectPtr(&a.object<SectionList>(1, "SectionList"));
    tell_once(a, "ParallelContext", "the list is kept for get_partition; the engine shares cells out by itself, and results do not depend on it");
    return 0.0;
}

Value get_partition(Object&, CallArgs& a) {
    const long thread = thread_number(a, 0);
    if (const auto found = settings(a).partition.find(thread); found != settings(a).partition.end()) return Value(found->second);
    CallArgs none(a.runtime(), "SectionList");
    const ObjectPtr made = a.runtime().classes().get("SectionList").construct(none);
    auto& list = static_cast<SectionList&>(*made);
    for (Section* section : a.runtime().model().sections())
        if (!section->parent() && thread_of(simulation(a), *section) == thread) list.sections.emplace_back(section);
    return Value(made);
}

Value optimize_node_order(Object&, CallArgs& a) {
    ParallelSettings& s = settings(a);
    if (a.has(0)) {
        s.node_order = static_cast<int>(a.number_in(0, 0, 2));
        if (s.node_order != 0) tell_once(a, "ParallelContext", "the number is kept; the engine always orders nodes itself, for several cells at a time");
    }
    return s.node_order;
}

constexpr Method methods[] = {
    {"nthread", nthread, Returns::Int, "nthread([n]) -> number of threads"},
    {"thread_how_many_proc", how_many_processors, Returns::Int, "thread_how_many_proc() -> processors of this machine"},
    {"thread_busywait", busy_wait, Returns::Number, "thread_busywait([flag]) -> previous flag\nWith 1 a thread that waits for others spins and keeps its processor; with 0, as at first, it soon yields and then sleeps."},
    {"thread_stat", statistics, Returns::Number, "thread_stat(): prints how cells are shared out, and how long each thread has computed"},
    {"thread_ctime", computing_time, Returns::Number, "thread_ctime([i]) -> how long thread i (or the one that was busy longest) has computed since nthread(n), s; one thread alone is not measured"},
    {"partition", partition, Returns::Number,
     "partition(thread, sectionlist): kept for get_partition; the engine shares cells out by itself, and results do not depend on it\npartition([thread]): forgets it"},
    {"get_partition", get_partition, Returns::Object, "get_partition(thread) -> SectionList given by partition, else the roots of cells that the thread begins with"},
    {"sec_in_thread", section_in_thread, Returns::Int, "sec_in_thread() -> the thread that begins with the accessed section's cell"},
    {"optimize_node_order", optimize_node_order, Returns::Int, "optimize_node_order([0|1|2]) -> the number, which is kept; the engine always orders nodes itself"},
};

}  // namespace

std::span<const Method> parallel_context_thread_methods() { return methods; }

}  // namespace nrn
