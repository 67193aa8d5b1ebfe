// SPDX-License-Identifier: BSD-3-Clause
// Philox4x32 with 10 rounds.
#include "random/random123.hpp"

#include <cmath>

namespace nrn {
namespace {

std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> c, std::uint32_t k0, std::uint32_t k1) {
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t p0 = 0xD2511F53ull * c[0], p1 = 0xCD9E8D57ull * c[2];
        c = {static_cast<std::uint32_t>(p1 >> 32) ^ c[1] ^ k0, static_cast<std::uint32_t>(p1),
             static_cast<std::uint32_t>(p0 >> 32) ^ c[3] ^ k1, static_cast<std::uint32_t>(p0)};
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    return c;
}

}  // namespace

void Random123::set_sequence(double picks) {
    counter_ = static_cast<std::uint32_t>(picks / 4);
    which_ = static_cast<int>(picks - 4.0 * counter_);
    fresh_ = false;
}

void Random123::fill() {
    if (fresh_) return;
    block_ = philox({counter_, id3_, id1_, id2_}, global_, 0);
    fresh_ = true;
}

std::uint32_t Random123::pick() {
    fill();
    const std::uint32_t value = block_[static_cast<std::size_t>(which_)];
    if (++which_ == 4) {
        which_ = 0;
        ++counter_;
        fresh_ = false;
    }
    return value;
}

double Random123::exponential() { return -std::log(uniform()); }

double Random123::normal() {
    double x, y, w;
    do {
        x = 2 * uniform() - 1;
        y = 2 * uniform() - 1;
        w = x * x + y * y;
    } while (w > 1);
    return y * std::sqrt(-2 * std::log(w) / w);
}

}  // namespace nrn
