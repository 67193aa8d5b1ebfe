// SPDX-License-Identifier: BSD-3-Clause
// The SectionList object: sections in order. Deleted ones are passed over.
#pragma once
#include <algorithm>

#include <boost/container/deque.hpp>

#include "model/model.hpp"

namespace nrn {

/// Scripts take sections out while they walk along the list: usually the first one.
using SectionsInOrder = boost::container::deque<SectionPtr>;

class SectionList final : public Object {
  public:
    explicit SectionList(Class& cls) : Object(cls) {}
    SectionsInOrder sections;  // may hold deleted ones until live() has looked
    /// The sections, without those that were deleted since the last look.
    const SectionsInOrder& live() const {
        if (!sections.empty() && seen_ != sections.front()->model().deletions()) {
            auto& all = const_cast<SectionsInOrder&>(sections);
            seen_ = all.front()->model().deletions();
            all.erase(std::remove_if(all.begin(), all.end(), [](const SectionPtr& s) { return !s->alive(); }), all.end());
        }
        return sections;
    }

  private:
    mutable std::uint64_t seen_ = ~std::uint64_t{0};
};

}  // namespace nrn
