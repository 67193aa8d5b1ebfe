// SPDX-License-Identifier: BSD-3-Clause
// What the files of class ParallelContext share: its instance data and the tables of methods.
#pragma once
#include <map>
#include <span>

#include "nrn/api/class.hpp"

namespace nrn {

class ParallelContext final : public Object {
  public:
    using Object::Object;
};

/// Settings and clocks that all ParallelContexts of a runtime share.
struct ParallelSettings {
    explicit ParallelSettings(Runtime&) {}
    int threads = 1;
    int node_order = 0;
    std::map<long, ObjectPtr> partition;  // SectionList of each thread
    bool abort_on_error = true;
    double timeout = 20;        // s
    double step_time = 0;       // s spent in psolve
};

Value print_cell_state(Object&, CallArgs&);
[[nodiscard]] std::span<const Method> parallel_context_thread_methods();
[[nodiscard]] std::span<const Method> parallel_context_network_methods();
[[nodiscard]] std::span<const Method> parallel_context_collective_methods();
[[nodiscard]] std::span<const Method> parallel_context_job_methods();

}  // namespace nrn
