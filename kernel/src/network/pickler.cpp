// SPDX-License-Identifier: BSD-3-Clause
// Keeps each runtime's pickler.
#include "nrn/api/pickler.hpp"

#include <fmt/format.h>

#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {
namespace {

struct PicklerSlot {
    explicit PicklerSlot(Runtime&) {}
    std::unique_ptr<Pickler> pickler;
};

}  // namespace

void set_pickler(Runtime& runtime, std::unique_ptr<Pickler> pickler) {
    runtime.service<PicklerSlot>().pickler = std::move(pickler);
}

Pickler* find_pickler(Runtime& runtime) { return runtime.service<PicklerSlot>().pickler.get(); }

Pickler& require_pickler(Runtime& runtime, const char* wanted_by) {
    if (Pickler* p = find_pickler(runtime)) return *p;
    throw Error(ErrorKind::Unsupported, fmt::format("`{}` needs a language whose objects can be sent to other ranks, and none is running", wanted_by))
        .hint("call it from Python");
}

}  // namespace nrn
