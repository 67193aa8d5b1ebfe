// SPDX-License-Identifier: BSD-3-Clause
// L, Ra, nseg and rallbranch.
#include "section_properties.hpp"

#include <fmt/format.h>

#include "hoc_interpreter.hpp"
#include "model/model.hpp"
#include "nrn/api/error.hpp"

namespace nrn::hoc {

double section_property(Section& s, const std::string& name) {
    s.require_alive();
    if (name == "L") return s.length();
    if (name == "Ra") return s.axial_resistivity();
    if (name == "nseg") return s.nseg();
    return s.rallbranch();
}

void set_section_property(Section& s, const std::string& name, double value) {
    if (name == "L") {
        s.set_length_unchecked(value);
    } else if (name == "Ra") {
        s.set_axial_resistivity_unchecked(value);
    } else if (name == "nseg") {
        if (!(value >= 1 && value < 32768)) throw Error(ErrorKind::Value, fmt::format("nseg of `{}` must be in the range 1 to 32767, not {:g}", s.name(), value));
        s.set_nseg(static_cast<int>(value));
    } else {
        s.set_rallbranch(value);
    }
}

namespace {

/// What is told of it is a copy: what sets it must do so through the reference, because the geometry follows.
class SectionPropertyRef final : public Ref {
  public:
    SectionPropertyRef(Section& section, std::string name) : section_(&section), name_(std::move(name)) {}
    [[nodiscard]] bool valid() const override { return section_->alive(); }
    [[nodiscard]] double* data() const override {
        shown_ = section_property(*section_, name_);
        return &shown_;
    }
    void set(const Value& value) const override {
        if (!value.is_number()) throw Error(ErrorKind::Type, fmt::format("{} is a number and cannot become a {}", this->name(), value.type_name()));
        set_section_property(*section_, name_, value.raw_number());
    }
    [[nodiscard]] std::string name() const override { return section_->name() + "." + name_; }
    [[nodiscard]] bool same(const Ref& other) const override {
        const auto* o = dynamic_cast<const SectionPropertyRef*>(&other);
        return o && o->section_ == section_ && o->name_ == name_;
    }

  private:
    SectionPtr section_;
    std::string name_;
    mutable double shown_ = 0;
};

}  // namespace

RefPtr section_property_ref(Section& section, const std::string& name) {
    section.require_alive();
    if (name == "nseg") throw Error(ErrorKind::Type, "`nseg` is no number that can be referred to");
    return make_counted<SectionPropertyRef>(section, name);
}

}  // namespace nrn::hoc
