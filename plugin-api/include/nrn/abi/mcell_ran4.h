// SPDX-License-Identifier: BSD-3-Clause
// Two rounds of the pseudo-DES hash, which is what MCellRan4 uses of its four; here for packs, which link against nothing.
#pragma once
#include <cstdint>

/// The word that `high` and `low` choose; `high` counts on.
inline std::uint32_t nrn_mcell_ran4_word(std::uint32_t& high, std::uint32_t low) noexcept {
    constexpr std::uint32_t whiten[2] = {0xbaa96887, 0x1e17d32c};
    constexpr std::uint32_t mix[2] = {0x4b0f3b58, 0xe874f0c3};
    std::uint32_t left = low, right = high++;
    for (int round = 0; round < 2; ++round) {
        const std::uint32_t w = right ^ whiten[round];
        const std::uint32_t lo = w & 0xffff, hi = w >> 16;
        const std::uint32_t square = lo * lo + ~(hi * hi);
        const std::uint32_t next = left ^ ((((square >> 16) | (square << 16)) ^ mix[round]) + lo * hi);
        left = right;
        right = next;
    }
    return right;
}
