// SPDX-License-Identifier: BSD-3-Clause
// A view of a RANDOM variable of a mechanism instance. Whoever resolves the variable makes it.
#pragma once
#include <functional>

#include "nrn/api/object.hpp"
#include "random/random.hpp"

namespace nrn {

class NmodlRandom final : public Object {
  public:
    /// `stream` gives the present address, or null once the instance is gone.
    NmodlRandom(Class& cls, std::function<RandomVariable*()> stream) : Object(cls), stream_(std::move(stream)) {}
    [[nodiscard]] RandomVariable* stream() const { return stream_(); }

  private:
    std::function<RandomVariable*()> stream_;
};

}  // namespace nrn
