// SPDX-License-Identifier: BSD-3-Clause
// A lasting reference to one datum (&x, _ref_x, a strdef or objref variable): what languages pass around
// instead of raw pointers. A datum that is gone makes every access an error; nothing dangles.
#pragma once
#include <cstdint>
#include <string>

#include "nrn/api/counted.hpp"

namespace nrn {

class Value;

class Ref : public Counted {
  public:
    [[nodiscard]] virtual bool valid() const { return true; }
    /// Number of elements reachable from here by index (a Hoc array, a Vector from here on); 1 for a scalar.
    [[nodiscard]] virtual std::size_t length() const { return 1; }
    /// Where the number is now, for immediate use: storage may move at any later call into the kernel.
    /// @throws Error(Reference) when the datum is gone; Error(Type) when it is no number
    [[nodiscard]] virtual double* data() const = 0;
    [[nodiscard]] virtual Value get() const;          // default: *data()
    virtual void set(const Value& value) const;       // default: *data() = number
    /// A count that grows whenever valid() or data() may answer anew, null where nobody counts: who asks at every step
    /// need not ask again. It lives as long as this reference.
    [[nodiscard]] virtual const std::uint32_t* moves() const noexcept { return nullptr; }
    /// What a user would type for it, e.g. "soma.v(0.5)"; empty when it has no name.
    [[nodiscard]] virtual std::string name() const { return {}; }
    /// Do both refer to the same datum?
    [[nodiscard]] virtual bool same(const Ref& other) const { return this == &other; }
};
using RefPtr = Ptr<Ref>;

}  // namespace nrn
