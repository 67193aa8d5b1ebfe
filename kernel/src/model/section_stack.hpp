// SPDX-License-Identifier: BSD-3-Clause
// The currently accessed section: `access`, `soma { }`, push_section, sec=.
#pragma once
#include <vector>

#include "model/section.hpp"

namespace nrn {

class SectionStack {
  public:
    /// `existing`: all sections, oldest first, null where one has gone. Where none was accessed, or the accessed one was deleted, the
    /// oldest takes its place, as in the reference.
    explicit SectionStack(const std::vector<Section*>& existing) : existing_(existing) {}
    /// @throws Error(Runtime) "section access unspecified" when there is no section at all
    [[nodiscard]] Section& accessed();
    [[nodiscard]] Section* accessed_or_null() noexcept;
    void push(SectionPtr section) { stack_.push_back(std::move(section)); }
    void pop() noexcept { if (!stack_.empty()) stack_.pop_back(); }  // nothing pushed: nothing happens
    void access(SectionPtr section); // replaces the top (the default when empty)
    [[nodiscard]] std::size_t depth() const noexcept { return stack_.size(); }
    void unwind(std::size_t depth);  // after an error, or at the end of a statement
    /// Pushes for a scope.
    class Guard {
      public:
        Guard(SectionStack& s, Section* section) : stack_(s), depth_(s.depth()) { if (section) s.push(SectionPtr(section)); }
        ~Guard() { stack_.unwind(depth_); }
        Guard(const Guard&) = delete;
        Guard& operator=(const Guard&) = delete;
      private:
        SectionStack& stack_;
        std::size_t depth_;
    };

    void clear() noexcept { stack_.clear(); default_ = nullptr; }

  private:
    const std::vector<Section*>& existing_;
    SectionPtr default_;  // what `access` at top level chose
    std::vector<SectionPtr> stack_;
};

}  // namespace nrn
