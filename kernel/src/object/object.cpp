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

void Object::let_go(std::uint32_t) noexcept {}

void replace_held(ObjectPtr& variable, Object* fresh) noexcept {
    ObjectPtr old(fresh);
    variable.swap(old);
    if (old && old.get() != fresh && old->use_count() > 1) old->let_go(old->use_count() - 1);
}

void Object::attach(Attachment* a) noexcept {
    if (attachment_ != a) delete attachment_;
    attachment_ = a;
}

}  // namespace nrn
