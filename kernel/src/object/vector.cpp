// SPDX-License-Identifier: BSD-3-Clause
// Size changes of a Vector's data.
#include "object/vector.hpp"

#include <fmt/format.h>

#include "nrn/api/class_registry.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {

Ptr<Vector> Vector::make(Runtime& runtime, std::size_t n) {
    return make_counted<Vector>(runtime.classes().get("Vector"), n);
}

void Vector::resize(std::size_t n, double fill) {
    if (n == values.size()) return;
    if (exports > 0)
        throw Error(ErrorKind::Runtime, fmt::format("`{}` cannot change its size while a NumPy array or buffer views it", name()))
            .hint("delete the view, or copy the data with to_python");
    values.resize(n, fill);
}

}  // namespace nrn
