// SPDX-License-Identifier: BSD-3-Clause
// A section's own properties; what touches other sections is in topology.cpp, shape in geometry.cpp.
#include "model/section.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

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
    if (!(ohm_cm > 0 && std::isfinite(ohm_cm)))
        throw Error(ErrorKind::Value, fmt::format("Ra of `{}` must be > 0 ohm cm{}, not {}", name_, ohm_cm > 0 ? " and finite" : "", ohm_cm));
    set_axial_resistivity_unchecked(ohm_cm);
}

void Section::set_axial_resistivity_unchecked(double ohm_cm) {
    require_alive();
    if (!std::isfinite(ohm_cm)) throw Error(ErrorKind::Value, fmt::format("Ra of `{}` must be a finite number [ohm cm], not {}", name_, ohm_cm));
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

const Section::Inserted Section::morphology{nullptr, {}, 0}, Section::capacitance{nullptr, {}, 0};

std::vector<const Section::Inserted*> Section::listed(int segment) const {
    std::vector<const Inserted*> list{&morphology, &capacitance};
    for (const auto& i : inserted_) list.push_back(&i);
    std::sort(list.begin() + 2, list.end(), [](auto* p, auto* q) { return p->order < q->order; });
    if (copies_.empty()) return list;
    const auto is_ion = [](const Inserted* p) { return p->type && p->type->is_ion(); };
    const auto uses = [](const Inserted* p, const MechanismType* ion) {
        return p->type && std::find(p->type->ions().begin(), p->type->ions().end(), ion) != p->type->ions().end();
    };
    for (const std::uint64_t last : copies_[static_cast<std::size_t>(segment)]) {
        const auto end = std::find_if(list.begin(), list.end(), [&](auto* p) { return p->order > last; });
        std::vector<const Inserted*> copied, ions;
        std::reverse_copy(list.begin(), end, std::back_inserter(copied));
        std::copy_if(list.begin(), end, std::back_inserter(ions), is_ion);
        for (auto ion = ions.rbegin(); ion != ions.rend(); ++ion) {  // an ion comes with the first mechanism that uses it
            const auto user = std::find_if(copied.begin(), copied.end(), [&](auto* p) { return uses(p, (*ion)->type); });
            if (user == copied.end()) continue;
            const auto after = user - copied.begin();
            const auto at = std::find(copied.begin(), copied.end(), *ion) - copied.begin();
            copied.erase(copied.begin() + at);
            copied.insert(copied.begin() + (at < after ? after : after + 1), *ion);
        }
        std::copy(copied.begin(), copied.end(), list.begin());
    }
    return list;
}

}  // namespace nrn
