// SPDX-License-Identifier: BSD-3-Clause
// A section's own properties; what touches other sections is in topology.cpp, shape in geometry.cpp.
#include "model/section.hpp"

#include <cmath>

#include <fmt/format.h>

#include "model/model.hpp"
#include "nrn/api/error.hpp"

namespace nrn {

Section::Section(Class& section_class, Model& model, std::string name)
    : Object(section_class), model_(model), name_(std::move(name)) {}

Section::~Section() {
    if (alive_ && model_.owns(*this)) model_.delete_section(*this);
}

void Section::require_alive() const {
    if (!alive_)
        throw Error(ErrorKind::Reference, fmt::format("can't access a deleted section: `{}` was deleted", name_));
}

Section& Section::root() noexcept {
    Section* s = this;
    while (s->parent_) s = s->parent_;
    return *s;
}

double Section::length() const { return length_; }

void Section::set_nseg(int nseg) {
    require_alive();
    if (nseg < 1 || nseg > 32767)
        throw Error(ErrorKind::Value, fmt::format("nseg of `{}` must be in the range 1 to 32767, not {}", name_, nseg));
    if (nseg != nseg_) model_.resize_section(*this, nseg);
}

void Section::set_axial_resistivity(double ohm_cm) {
    require_alive();
    if (!(ohm_cm > 0))
        throw Error(ErrorKind::Value, fmt::format("Ra of `{}` must be > 0 ohm cm, not {}", name_, ohm_cm));
    Ra_ = ohm_cm;
    model_.mark_stale(*this);
}

void Section::set_rallbranch(double n) {
    require_alive();
    if (!(n > 0)) throw Error(ErrorKind::Value, fmt::format("rallbranch of `{}` must be > 0, not {}", name_, n));
    rallbranch_ = n;
    model_.mark_stale(*this);
}

int Section::segment_index(double x) const {
    if (!(x >= 0 && x <= 1))
        throw Error(ErrorKind::Range, fmt::format("position {} on `{}` is out of range 0 to 1: segment position range is 0 <= x <= 1", x, name_));
    const int i = static_cast<int>(x * nseg_ + 1e-12 * nseg_);
    return i >= nseg_ ? nseg_ - 1 : i;
}

RowId Section::node_at(double x) const {
    const int i = segment_index(x);
    if (x > 0 && x < 1) return nodes_[static_cast<std::size_t>(i)];
    if (x == child_end_) return parent_ ? parent_->node_at(parent_x_) : root_node_;
    return nodes_[static_cast<std::size_t>(nseg_)];
}

}  // namespace nrn
