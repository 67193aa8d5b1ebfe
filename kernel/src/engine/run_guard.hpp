// SPDX-License-Identifier: BSD-3-Clause
// One run at a time: a language that lets its other threads have a turn in the middle of a run must not have one of them
// start another in the same model.
#pragma once
#include <thread>

#include "nrn/api/error.hpp"
#include "nrn/api/interruption.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {

/// While one lives, its thread may start runs (callbacks do) and no other. Languages with threads hold a lock of their own
/// whenever they are in the kernel, so the two numbers need none.
class RunGuard {
  public:
    explicit RunGuard(Runtime& runtime) : runtime_(runtime), current_(runtime.service<Current>()) {
        const auto here = std::this_thread::get_id();
        if (current_.depth > 0 && current_.thread != here)
            throw Error(ErrorKind::Runtime, "another thread of this process is in the middle of a run")
                .hint("runs in one process take turns; processes (multiprocessing) run at the same time");
        current_.thread = here;
        ++current_.depth;
    }
    ~RunGuard() {
        if (--current_.depth > 0) return;
        if (const auto& tell = interruption_of(runtime_).run_ended) tell();
    }
    RunGuard(const RunGuard&) = delete;
    RunGuard& operator=(const RunGuard&) = delete;

  private:
    struct Current {
        explicit Current(Runtime&) {}
        std::thread::id thread;
        int depth = 0;
    };
    Runtime& runtime_;
    Current& current_;
};

}  // namespace nrn
