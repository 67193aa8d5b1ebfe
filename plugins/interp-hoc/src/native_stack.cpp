// SPDX-License-Identifier: BSD-3-Clause
// The running thread's stack.
#include "native_stack.hpp"

#include <pthread.h>

#include <algorithm>
#include <cstddef>

namespace nrn::hoc {
namespace {

constexpr std::ptrdiff_t kReserve = 1 << 20;  // what the kernel's functions may need below the machine

}  // namespace

const char* native_stack_floor() {
    pthread_attr_t attributes;
    void* low = nullptr;
    std::size_t size = 0;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) return nullptr;
    pthread_attr_getstack(&attributes, &low, &size);
    pthread_attr_destroy(&attributes);
    const auto reserve = std::min<std::ptrdiff_t>(kReserve, static_cast<std::ptrdiff_t>(size / 4));
    return static_cast<const char*>(low) + reserve;
}

}  // namespace nrn::hoc
