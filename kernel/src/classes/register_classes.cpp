// SPDX-License-Identifier: BSD-3-Clause
// The list of built-in classes and functions. Order matters only where a later row extends an earlier class.
#include "classes/register_classes.hpp"

#include "nrn/api/class_registry.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"

namespace nrn {

Class& publish_class(Runtime& runtime, std::unique_ptr<Class> cls) {
    Class& added = runtime.classes().add(std::move(cls));
    runtime.scope().define_class(added, true);
    return added;
}

void register_classes(Runtime& runtime) {
    using Registration = void (*)(Runtime&);
    // Append a line for each new file; it declares `void register_X(Runtime&)` above.
    static constexpr Registration registrations[] = {
        nullptr,
    };
    for (Registration r : registrations)
        if (r) r(runtime);
}

}  // namespace nrn
