// SPDX-License-Identifier: BSD-3-Clause
// Two rounds of the pseudo-DES hash, which is what MCellRan4 uses of its four.
#include "random/mcell_ran4.hpp"

namespace nrn {

std::uint32_t mcell_ran4_word(std::uint32_t& high, std::uint32_t low) noexcept {
    constexpr std::uint32_t kWhiten[2] = {0xbaa96887, 0x1e17d32c};
    constexpr std::uint32_t kMix[2] = {0x4b0f3b58, 0xe874f0c3};
    std::uint32_t left = low, right = high++;
    for (int round = 0; round < 2; ++round) {
        const std::uint32_t w = right ^ kWhiten[round];
        const std::uint32_t lo = w & 0xffff, hi = w >> 16;
        const std::uint32_t square = lo * lo + ~(hi * hi);
        const std::uint32_t next = left ^ ((((square >> 16) | (square << 16)) ^ kMix[round]) + lo * hi);
        left = right;
        right = next;
    }
    return right;
}

}  // namespace nrn
