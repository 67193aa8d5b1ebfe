// SPDX-License-Identifier: BSD-3-Clause
// What the files of class CVode share.
#pragma once
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "nrn/api/callable.hpp"
#include "nrn/api/value.hpp"

namespace nrn {

class NativeClass;
class Runtime;

/// Settings that are kept for their readers, and the callbacks that users may remove again.
struct CVodeFlags {
    explicit CVodeFlags(Runtime&) {}
    bool cache_efficient = true, use_long_double = false, use_mxb = false, debug_event = false;
    double dae_init_dteps = 1e-9, dae_init_style = 0;
    std::vector<std::pair<Value, CallablePtr>> scatter_gather;
    std::map<std::string, std::pair<double, double>> largest;  // magnitudes of states and errors, by name
};

/// netconlist, print_event_queue, queue_mode ...: cvode_events.cpp.
void add_cvode_event_methods(NativeClass& cls);

}  // namespace nrn
