// SPDX-License-Identifier: BSD-3-Clause
// How much of the running thread's stack is left: parsing, compiling and calls from outside go deeper into it.
#pragma once

namespace nrn::hoc {

/// What the running thread's stack may still be used for ends here: below is what the kernel's functions may need.
[[nodiscard]] const char* native_stack_floor();

/// Remembers the floor: to ask the system at each call would take long.
class NativeStack {
  public:
    [[nodiscard]] bool low() {
        const char* const here = static_cast<const char*>(__builtin_frame_address(0));
        if (here >= floor_ && floor_) [[likely]] return false;
        floor_ = native_stack_floor();  // the first look, or another thread's turn
        return here < floor_;
    }

  private:
    const char* floor_ = nullptr;
};

}  // namespace nrn::hoc
