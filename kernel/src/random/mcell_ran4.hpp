// SPDX-License-Identifier: BSD-3-Clause
// MCellRan4: a 64-bit pseudo-DES hash of two indices, the first counted up at each draw.
// Source: W. H. Press et al., "Numerical Recipes in C", 2nd ed., section 7.5 (psdes), as used by MCell.
#pragma once
#include <cstdint>

namespace nrn {

/// Hashes (high, low) and counts high up.
std::uint32_t mcell_ran4_word(std::uint32_t& high, std::uint32_t low) noexcept;
/// The same as a number in [0, 1).
inline double mcell_ran4_uniform(std::uint32_t& high, std::uint32_t low) noexcept {
    return mcell_ran4_word(high, low) * (1.0 / 4294967296.0);
}

}  // namespace nrn
