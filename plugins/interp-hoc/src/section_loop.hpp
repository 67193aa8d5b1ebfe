// SPDX-License-Identifier: BSD-3-Clause
// What forall, forsec, ifsec and for (x) go through. Kept in hidden locals of the machine's frames, as references that
// refer to nothing.
#pragma once
#include <vector>

#include "model/section.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/ref.hpp"

namespace nrn::hoc {

class SectionLoop final : public Ref {
  public:
    explicit SectionLoop(std::vector<SectionPtr> sections) : sections_(std::move(sections)) {}
    [[nodiscard]] double* data() const override { throw Error(ErrorKind::Type, "a loop over sections is no number"); }
    /// The next one that still exists, or null.
    Section* next() {
        while (at_ < sections_.size()) {
            Section* section = sections_[at_++].get();
            if (section->alive()) return section;
        }
        return nullptr;
    }

  private:
    std::vector<SectionPtr> sections_;
    std::size_t at_ = 0;
};

class SegmentLoop final : public Ref {
  public:
    explicit SegmentLoop(std::vector<double> places) : places_(std::move(places)) {}
    [[nodiscard]] double* data() const override { throw Error(ErrorKind::Type, "a loop over segments is no number"); }
    bool next(double& x) {
        if (at_ == places_.size()) return false;
        x = places_[at_++];
        return true;
    }

  private:
    std::vector<double> places_;
    std::size_t at_ = 0;
};

/// The storage of `local x[n]`.
class LocalArray final : public Ref {
  public:
    explicit LocalArray(std::size_t size) : values_(size) {}
    [[nodiscard]] double* data() const override { return values_.data(); }
    [[nodiscard]] std::size_t length() const override { return values_.size(); }

  private:
    mutable std::vector<double> values_;
};

}  // namespace nrn::hoc
