// SPDX-License-Identifier: BSD-3-Clause
// Registration and look-up of classes.
#include "nrn/api/class_registry.hpp"

#include <fmt/format.h>

#include "error/closest_name.hpp"
#include "nrn/api/error.hpp"

namespace nrn {

Class& ClassRegistry::add(std::unique_ptr<Class> cls) {
    if (by_name_.contains(cls->name()))
        throw Error(ErrorKind::Name, fmt::format("there is already a class `{}`", cls->name()));
    Class& added = *cls;
    classes_.push_back(std::move(cls));
    by_name_[added.name()] = &added;
    return added;
}

Class* ClassRegistry::find(std::string_view name) const {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : found->second;
}

Class& ClassRegistry::get(std::string_view name) const {
    if (Class* cls = find(name)) return *cls;
    ClosestName closest(name);
    for (const auto& c : classes_) closest.offer(c->name());
    throw Error(ErrorKind::Name, fmt::format("there is no class `{}`", name)).hint(closest.hint());
}

}  // namespace nrn
