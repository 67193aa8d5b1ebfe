// SPDX-License-Identifier: BSD-3-Clause
// The SectionList object: sections in order. Deleted ones are passed over.
#pragma once
#include <vector>

#include "model/section.hpp"

namespace nrn {

class SectionList final : public Object {
  public:
    explicit SectionList(Class& cls) : Object(cls) {}
    std::vector<SectionPtr> sections;
    [[nodiscard]] std::vector<Section*> alive_sections() const {
        std::vector<Section*> all;
        for (const SectionPtr& s : sections)
            if (s->alive()) all.push_back(s.get());
        return all;
    }
};

}  // namespace nrn
