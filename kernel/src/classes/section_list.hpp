// SPDX-License-Identifier: BSD-3-Clause
// The SectionList object: sections in order. Deleted ones are passed over.
#pragma once
#include <vector>

#include "model/model.hpp"

namespace nrn {

class SectionList final : public Object {
  public:
    explicit SectionList(Class& cls) : Object(cls) {}
    std::vector<SectionPtr> sections;  // may hold deleted ones until live() has looked
    /// The sections, without those that were deleted since the last look.
    const std::vector<SectionPtr>& live() const {
        if (!sections.empty() && seen_ != sections.front()->model().deletions()) {
            auto& all = const_cast<std::vector<SectionPtr>&>(sections);
            seen_ = all.front()->model().deletions();
            std::erase_if(all, [](const SectionPtr& s) { return !s->alive(); });
        }
        return sections;
    }

  private:
    mutable std::uint64_t seen_ = ~std::uint64_t{0};
};

}  // namespace nrn
