// SPDX-License-Identifier: BSD-3-Clause
// Size changes of a Vector's data.
#include "object/vector.hpp"

#include <algorithm>

#include "nrn/api/class_registry.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {

Ptr<Vector> Vector::make(Runtime& runtime, std::size_t n) {
    return make_counted<Vector>(runtime.classes().get("Vector"), n);
}

void Vector::resize(std::size_t n, double fill) {
    if (viewed() && n > values.capacity()) make_room(n);
    values.resize(n, fill);
}

void Vector::make_room(std::size_t n) {
    if (n <= values.capacity()) return;
    if (!viewed()) return values.reserve(n);
    std::vector<double> larger;
    larger.reserve(std::max(n, 2 * values.size()));
    larger.assign(values.begin(), values.end());
    values.swap(larger);
    if (!left_) left_ = std::make_unique<std::vector<std::vector<double>>>();
    left_->push_back(std::move(larger));
}

}  // namespace nrn
