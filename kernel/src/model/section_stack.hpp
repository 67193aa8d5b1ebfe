// SPDX-License-Identifier: BSD-3-Clause
// The currently accessed section: `access`, `soma { }`, push_section, sec=.
#pragma once
#include <vector>

#include "model/section.hpp"

namespace nrn {

class SectionStack {
  public:
    /// @throws Error(Runtime) "section access unspecified" when none was ever accessed or it was deleted
    [[nodiscard]] Section& accessed() const;
    [[nodiscard]] Section* accessed_or_null() const noexcept;
    void push(SectionPtr section) { stack_.push_back(std::move(section)); }
    void pop();                      // never below the level of the running statement
    void access(SectionPtr section); // replaces the top (the default when empty)
    [[nodiscard]] std::size_t depth() const noexcept { return stack_.size(); }
    void unwind(std::size_t depth);  // after an error, or at the end of a statement
    /// A deleted section must not stay accessed; the first existing section does not take its place.
    void forget(const Section& section);

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
    SectionPtr default_;  // what `access` at top level chose
    std::vector<SectionPtr> stack_;
};

}  // namespace nrn
