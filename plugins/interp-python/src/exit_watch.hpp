// SPDX-License-Identifier: BSD-3-Clause
// On one of several ranks, an uncaught SystemExit with a failure ends all of them.
#pragma once

namespace nrn::python {

/// From now on, in the calling thread, which is the main one. Once per process.
void watch_exits();
/// Python ends: what is destroyed from now on says nothing.
void stop_watching_exits() noexcept;

}  // namespace nrn::python
