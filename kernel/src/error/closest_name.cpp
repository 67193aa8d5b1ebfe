// SPDX-License-Identifier: BSD-3-Clause
// Optimal string alignment distance (transpositions count once), bounded.
#include "error/closest_name.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

namespace nrn {
namespace {

std::size_t distance(std::string_view a, std::string_view b, std::size_t limit) {
    if (a.size() > b.size() + limit || b.size() > a.size() + limit) return limit + 1;
    std::vector<std::size_t> before(b.size() + 1), previous(b.size() + 1), row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) previous[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t cost = std::tolower(static_cast<unsigned char>(a[i - 1])) !=
                                     std::tolower(static_cast<unsigned char>(b[j - 1]));
            row[j] = std::min({previous[j] + 1, row[j - 1] + 1, previous[j - 1] + cost});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
        std::swap(before, previous);
        std::swap(previous, row);
    }
    return previous[b.size()];
}

}  // namespace

ClosestName::ClosestName(std::string_view wanted)
    : wanted_(wanted), distance_(std::max<std::size_t>(1, (wanted.size() + 1) / 3) + 1) {}

void ClosestName::offer(std::string_view candidate) {
    if (candidate == wanted_ || candidate.empty()) return;
    const std::size_t d = distance(wanted_, candidate, distance_);
    if (d < distance_ || (d == distance_ && !best_.empty() && candidate < best_)) {
        distance_ = d;
        best_ = candidate;
    }
}

std::string ClosestName::hint() const {
    return best_.empty() ? std::string() : "did you mean `" + best_ + "`?";
}

std::string closest_name(std::string_view wanted, std::span<const std::string> candidates) {
    ClosestName closest(wanted);
    for (const auto& c : candidates) closest.offer(c);
    return closest.best();
}

}  // namespace nrn
