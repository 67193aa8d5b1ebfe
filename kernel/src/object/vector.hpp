// SPDX-License-Identifier: BSD-3-Clause
// The Vector object: a column of doubles that every language and the engine share. Its methods are in
// classes/vector*.cpp; this is the data alone.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "nrn/api/object.hpp"

namespace nrn {

class Runtime;

class Vector final : public Object {
  public:
    explicit Vector(Class& cls, std::size_t n = 0) : Object(cls), values(n) {}
    /// A new Vector of the runtime's class "Vector".
    static Ptr<Vector> make(Runtime& runtime, std::size_t n = 0);

    std::vector<double> values;
    std::string label;
    /// Views handed out (as_numpy, the buffer protocol): while > 0 a resize is refused, so that none dangles.
    int exports = 0;
    /// @throws Error(Runtime) while exported and n differs from the present size
    void resize(std::size_t n, double fill = 0);
};
using VectorPtr = Ptr<Vector>;

}  // namespace nrn
