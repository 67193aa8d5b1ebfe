// SPDX-License-Identifier: BSD-3-Clause
// Shared by the files that implement the host function table.
#pragma once
#include <exception>

#include "engine/simulation.hpp"
#include "engine/worker.hpp"
#include "nrn/abi/mechanism.h"
#include "nrn/api/error.hpp"

namespace nrn {

inline Simulation& simulation_of(nrn_context* context) { return *static_cast<Simulation*>(context->runtime); }

/// The thread that calls, while several compute; null for the main thread.
inline Worker* worker_of(nrn_context* context) {
    return context == &simulation_of(context).context() ? nullptr : reinterpret_cast<Worker*>(context);
}

inline void late_fault(nrn_context* context, std::string text) {
    if (Worker* worker = worker_of(context)) {
        if (worker->fault.empty()) worker->fault = std::move(text);
    } else {
        simulation_of(context).late_fault(std::move(text));
    }
}

/// Runs `f`; an exception becomes the simulation's pending one. @returns true when all went well
template <class F>
bool guarded(Simulation& simulation, F f) {
    try {
        f();
        return true;
    } catch (const Error& e) {
        simulation.fault = e.message();
        simulation.pending_exception = std::current_exception();
    } catch (const std::exception& e) {
        simulation.fault = e.what();
    } catch (...) {
        simulation.pending_exception = std::current_exception();
    }
    return false;
}

void add_random_functions(nrn_host& host);
void add_argument_functions(nrn_host& host);

}  // namespace nrn
