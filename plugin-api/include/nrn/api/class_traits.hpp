// SPDX-License-Identifier: BSD-3-Clause
// What only some classes offer beyond Class: a class implements it by also deriving from the interface, a language asks
// by dynamic_cast.
#pragma once
#include <string_view>

#include "nrn/api/class.hpp"

namespace nrn {

/// Members that are not public: a language without that notion may reach them, none lists them.
class HiddenMembers {
  public:
    virtual ~HiddenMembers() = default;
    [[nodiscard]] virtual const Member* hidden_member(std::string_view name) const = 0;
};

/// Objects of the class have an equality of their own; without it, an object equals only itself.
class ObjectEquality {
  public:
    virtual ~ObjectEquality() = default;
    /// @pre both are of this class
    [[nodiscard]] virtual bool equal(const Object& a, const Object& b) const = 0;
};

/// Are they one object, or equal to a class with an equality of its own?
[[nodiscard]] inline bool same_or_equal(const Object* a, const Object* b) {
    if (a == b) return true;
    if (!a || !b || &a->cls() != &b->cls()) return false;
    const auto* own = dynamic_cast<const ObjectEquality*>(&a->cls());
    return own && own->equal(*a, *b);
}

}  // namespace nrn
