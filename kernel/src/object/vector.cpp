// SPDX-License-Identifier: BSD-3-Clause
// Size changes of a Vector's data.
#include "object/vector.hpp"

#include <algorithm>
#include <utility>

#include "error/memory_limit.hpp"
#include "nrn/api/class_registry.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {

Ptr<Vector> Vector::make(Runtime& runtime, std::size_t n) {
    return make_counted<Vector>(runtime.classes().get("Vector"), n);
}

VectorMemory::~VectorMemory() {
    while (Rest* const rest = rests_) {
        rests_ = rest->next;
        rest->~Rest();
        ::operator delete(rest);
    }
}

Ptr<Vector> VectorMemory::make(Class& cls) {
    std::vector<double> values;
    void* block = rests_;
    if (Rest* const rest = rests_) {
        rests_ = rest->next;
        --count_;
        values = std::move(rest->values);
        values.clear();
        rest->~Rest();
    } else {
        block = ::operator new(sizeof(Vector));
    }
    Ptr<Vector> made(::new (block) Vector(cls));
    made->memory_ = this;
    made->values = std::move(values);
    return made;
}

bool VectorMemory::keep(void* block, std::vector<double>&& values) {
    static_assert(sizeof(Rest) <= sizeof(Vector));
    if (count_ >= kMost) return false;
    rests_ = ::new (block) Rest{rests_, {}};
    if (values.capacity() <= kLongest) rests_->values = std::move(values);
    ++count_;
    return true;
}

void Vector::operator delete(Vector* vector, std::destroying_delete_t) {
    const Ptr<VectorMemory> memory = std::move(vector->memory_);
    if (vector->user) std::exchange(vector->user, nullptr)->vector_gone(*vector);  // it looks at the values
    std::vector<double> values = std::move(vector->values);
    vector->~Vector();
    if (!memory || !memory->keep(vector, std::move(values))) ::operator delete(vector);
}

void Vector::resize(std::size_t n, double fill) {
    if (n > values.capacity()) {
        require_memory(static_cast<double>(n));
        if (viewed()) make_room(n);
    }
    values.resize(n, fill);
}

void Vector::make_room(std::size_t n) {
    if (n <= values.capacity()) return;
    require_memory(static_cast<double>(n));
    if (!viewed()) return values.reserve(n);
    std::vector<double> larger;
    larger.reserve(std::max(n, 2 * values.size()));
    larger.assign(values.begin(), values.end());
    values.swap(larger);
    if (!left_) left_ = std::make_unique<std::vector<std::vector<double>>>();
    left_->push_back(std::move(larger));
}

}  // namespace nrn
