// SPDX-License-Identifier: BSD-3-Clause
// Placing, moving and removing point processes.
#include "model/point_process.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "model/mechanism_store.hpp"
#include "model/model.hpp"
#include "nrn/api/error.hpp"

namespace nrn {

PointProcess::PointProcess(Class& cls, MechanismType& type)
    : Object(cls), type_(type), row_id_(type.store().add(kNoRow)) {
    type.store().owner(row_id_) = this;
    type.model().structure_changed();
    if (type.is_artificial()) type.model().instance_made(type, row_id_);
}

PointProcess::~PointProcess() {
    Model& model = type_.model();
    if (model.is_shut_down()) return;
    model.point_process_gone(*this);
    if (was_located_ || type_.is_artificial()) model.instance_unmade(type_, row_id_);
    lose_location();
    type_.store().remove(row_id_);
    model.structure_changed();
}

void PointProcess::locate(Section& section, double x) {
    if (type_.is_artificial())
        throw Error(ErrorKind::Type, fmt::format("`{}` is an artificial cell and has no location", name()));
    section.require_alive();
    const int segment = section.segment_index(x);
    const bool first = !was_located_;
    lose_location();
    section_ = &section;
    x_ = x == 0 || x == 1 ? x : section.segment_x(segment);
    section.point_processes_.push_back(this);
    Model& model = type_.model();
    for (std::size_t k = 0; k < type_.ions().size(); ++k)
        model.use_ion(section, *type_.ions()[k], type_.description().ion[k].flags);
    place();
    was_located_ = true;
    if (first) model.instance_made(type_, row_id_);
}

void PointProcess::place() {
    Model& model = type_.model();
    type_.store().set_node(row_id_, section_->node_at(x_));
    model.link_ions(type_, row_id_, *section_, section_->segment_index(x_));
    model.structure_changed();
}

void PointProcess::settle(bool more_segments) {
    // To the centre of the segment that holds it; of two at a boundary the upper when segments became more, else the
    // lower, as in the reference.
    if (x_ != 0 && x_ != 1) {
        const double position = x_ * section_->nseg();
        const int holder = static_cast<int>(more_segments ? position + 1e-9 : std::ceil(position - 1e-9) - 1);
        x_ = section_->segment_x(std::clamp(holder, 0, section_->nseg() - 1));
    }
    place();
}

void PointProcess::section_deleted() {
    type_.model().instance_unmade(type_, row_id_);
    was_located_ = false;
    lose_location();
}

void PointProcess::lose_location() {
    if (!section_) return;
    std::erase(section_->point_processes_, this);
    section_ = nullptr;
    type_.store().set_node(row_id_, kNoRow);
    type_.model().structure_changed();
}

}  // namespace nrn
