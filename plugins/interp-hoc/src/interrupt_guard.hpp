// SPDX-License-Identifier: BSD-3-Clause
// Ctrl-C while a program of Hoc runs.
#pragma once
#include <signal.h>

#include "nrn/api/runtime.hpp"

namespace nrn::hoc {

/// While this lives, SIGINT ends the running statement with an error that says where it was.
class InterruptGuard {
  public:
    /// What a signal does that comes a while after one for which nobody has looked yet: at a prompt, nothing more (it would
    /// end the session); of a program, the process ends.
    enum class Impatience { Borne, Ends };
    InterruptGuard(Runtime& runtime, Impatience impatience);
    ~InterruptGuard();
    InterruptGuard(const InterruptGuard&) = delete;
    InterruptGuard& operator=(const InterruptGuard&) = delete;

  private:
    struct sigaction before_ {};
    bool set_ = false;
};

}  // namespace nrn::hoc
