// SPDX-License-Identifier: BSD-3-Clause
// Notices of what is accepted without the effect that it has elsewhere: each is given once.
#pragma once
#include <set>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "nrn/api/callable.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {

struct OnceTold {
    explicit OnceTold(Runtime&) {}
    std::set<std::string, std::less<>> functions;
};

/// Warns that the function being called, of `cls`, does not do all that it might.
inline void tell_once(CallArgs& args, std::string_view cls, std::string_view what) {
    std::string name = fmt::format("{}.{}", cls, args.function());
    if (!args.runtime().service<OnceTold>().functions.insert(name).second) return;
    args.runtime().warn(fmt::format("{}: {}", name, what));
}

}  // namespace nrn
