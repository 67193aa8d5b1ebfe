// SPDX-License-Identifier: BSD-3-Clause
// The currently accessed section.
#include "model/section_stack.hpp"

#include <algorithm>

#include "nrn/api/error.hpp"

namespace nrn {

Section* SectionStack::accessed_or_null() noexcept {
    SectionPtr& top = stack_.empty() ? default_ : stack_.back();
    if (top && top->alive()) return top.get();
    const auto oldest = std::find_if(existing_.begin(), existing_.end(), [](const Section* s) { return s != nullptr; });
    top = SectionPtr(oldest == existing_.end() ? nullptr : *oldest);
    return top.get();
}

Section& SectionStack::accessed() {
    if (Section* s = accessed_or_null()) return *s;
    throw Error(ErrorKind::Runtime, "section access unspecified")
        .hint("use `access soma`, `soma { ... }` or sec=soma to say which section is meant");
}

void SectionStack::access(SectionPtr section) {
    if (stack_.empty()) default_ = std::move(section);
    else stack_.back() = std::move(section);
}

void SectionStack::unwind(std::size_t depth) {
    while (stack_.size() > depth) stack_.pop_back();
}

}  // namespace nrn
