// SPDX-License-Identifier: BSD-3-Clause
// The currently accessed section.
#include "model/section_stack.hpp"

#include "nrn/api/error.hpp"

namespace nrn {

Section* SectionStack::accessed_or_null() const noexcept {
    if (!stack_.empty()) return stack_.back() && stack_.back()->alive() ? stack_.back().get() : nullptr;
    return default_ && default_->alive() ? default_.get() : nullptr;
}

Section& SectionStack::accessed() const {
    if (Section* s = accessed_or_null()) return *s;
    if (!stack_.empty() || default_)
        throw Error(ErrorKind::Reference, "the accessed section was deleted: section access unspecified");
    throw Error(ErrorKind::Runtime, "section access unspecified")
        .hint("use `access soma`, `soma { ... }` or sec=soma to say which section is meant");
}

void SectionStack::pop() {
    if (stack_.empty()) throw Error(ErrorKind::Runtime, "pop_section without a push_section before it");
    stack_.pop_back();
}

void SectionStack::access(SectionPtr section) {
    if (stack_.empty()) default_ = std::move(section);
    else stack_.back() = std::move(section);
}

void SectionStack::unwind(std::size_t depth) {
    while (stack_.size() > depth) stack_.pop_back();
}

void SectionStack::forget(const Section& section) {
    if (default_ == &section) default_ = nullptr;
}

}  // namespace nrn
