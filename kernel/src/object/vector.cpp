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

VectorMemory::~VectorMemory() {
    for (void* block : blocks_) ::operator delete(block);
}

Ptr<Vector> VectorMemory::make(Class& cls) {
    void* block = nullptr;
    if (blocks_.empty()) {
        block = ::operator new(sizeof(Vector));
    } else {
        block = blocks_.back();
        blocks_.pop_back();
    }
    Ptr<Vector> made(::new (block) Vector(cls));
    made->memory_ = this;
    if (!values_.empty()) {
        made->values = std::move(values_.back());
        values_.pop_back();
        made->values.clear();
    }
    return made;
}

bool VectorMemory::keep(void* block) {
    if (blocks_.size() >= kMost) return false;
    blocks_.push_back(block);
    return true;
}

void VectorMemory::keep_values(std::vector<double>& values) {
    if (values.capacity() == 0 || values.capacity() > kLongest || values_.size() >= kMost) return;
    values_.push_back(std::move(values));
}

void Vector::operator delete(Vector* vector, std::destroying_delete_t) {
    const Ptr<VectorMemory> memory = vector->memory_;
    vector->~Vector();
    if (!memory || !memory->keep(vector)) ::operator delete(vector);
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
