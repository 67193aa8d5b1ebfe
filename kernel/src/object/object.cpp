// SPDX-License-Identifier: BSD-3-Clause
// Numbering and lifetime of objects.
#include "nrn/api/object.hpp"

#include "nrn/api/class.hpp"

namespace nrn {

Object::Object(Class& cls) : cls_(&cls), index_(cls.enroll(this)) {}

Object::~Object() {
    delete attachment_;
    if (cls_) cls_->strike(this);
}

std::string Object::name() const { return cls_->name() + "[" + std::to_string(index_) + "]"; }

void Object::attach(Attachment* a) noexcept {
    if (attachment_ != a) delete attachment_;
    attachment_ = a;
}

}  // namespace nrn
