// SPDX-License-Identifier: BSD-3-Clause
// "did you mean": the nearest of some names by edit distance.
#pragma once
#include <span>
#include <string>
#include <string_view>

namespace nrn {

/// Keeps the nearest name offered; forgets those farther than about a third of the word.
class ClosestName {
  public:
    explicit ClosestName(std::string_view wanted);
    void offer(std::string_view candidate);
    /// Empty when nothing was near.
    [[nodiscard]] const std::string& best() const noexcept { return best_; }
    /// "did you mean `best`?" or empty.
    [[nodiscard]] std::string hint() const;

  private:
    std::string wanted_, best_;
    std::size_t distance_;
};

[[nodiscard]] std::string closest_name(std::string_view wanted, std::span<const std::string> candidates);

}  // namespace nrn
