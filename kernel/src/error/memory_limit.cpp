// SPDX-License-Identifier: BSD-3-Clause
// What is left of memory: asked for large requests only, because it reads files of the system.
#include "error/memory_limit.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <fstream>
#include <limits>

#include <fmt/format.h>

namespace nrn {
namespace {

constexpr double kUnlimited = std::numeric_limits<double>::infinity();
constexpr double kSmall = 64e6;  // bytes: never worth a look

/// Linux: the kernel's estimate of what can be had without swapping.
double available_memory() {
    std::ifstream file("/proc/meminfo");
    std::string name;
    double kilobytes = 0;
    while (file >> name >> kilobytes) {
        if (name == "MemAvailable:") return kilobytes * 1024;
        file.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
    }
    return kUnlimited;
}

double number_in(const char* path) {
    std::ifstream file(path);
    double x = 0;
    return file >> x ? x : kUnlimited;  // "max" is no number: no limit
}

/// The container's share.
double left_in_control_group() {
    const double limit = number_in("/sys/fs/cgroup/memory.max");
    return limit == kUnlimited ? kUnlimited : limit - std::min(limit, number_in("/sys/fs/cgroup/memory.current"));
}

double process_limit(decltype(RLIMIT_AS) resource) {
    rlimit limit{};
    if (getrlimit(resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return kUnlimited;
    return static_cast<double>(limit.rlim_cur);
}

}  // namespace

void require_memory(double elements, std::size_t bytes_each) {
    const double bytes = elements * static_cast<double>(bytes_each);
    if (bytes <= kSmall) return;
    double left = std::min({available_memory(), left_in_control_group()});
    for (const auto resource : {RLIMIT_AS, RLIMIT_DATA, RLIMIT_RSS}) left = std::min(left, process_limit(resource));
    if (!(bytes <= left)) throw OutOfMemory(fmt::format("not enough memory: {:.4g} elements need {:.3g} GB, and {:.3g} GB are left", elements, bytes / 1e9, left / 1e9));
}

}  // namespace nrn
