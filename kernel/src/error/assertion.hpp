// SPDX-License-Identifier: BSD-3-Clause
// NRN_ASSERT: for what only a bug of ours can cause. It throws, so that even a bug does not end the user's
// session with a signal.
#pragma once

namespace nrn {
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);
}

#define NRN_ASSERT(condition) \
    (static_cast<bool>(condition) ? void(0) : ::nrn::assertion_failed(#condition, __FILE__, __LINE__))
