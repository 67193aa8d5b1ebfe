// SPDX-License-Identifier: BSD-3-Clause
// The generator behind scop_random, exprand, normrand and poisrand of mod files: a linear congruence modulo 2^32, or
// MCellRan4 counted up from the seed once use_mcell_ran4(1) was called. Multiplier and increment: those of the SCoP
// library, found again from the sequences it gives.
#include <cmath>

#include "random/mcell_ran4.hpp"
#include "random/random_stream.hpp"

namespace nrn {
namespace {

class ScopRandom final : public UniformGenerator {
  public:
    explicit ScopRandom(const RandomGlobals& globals) : globals_(globals) {}
    std::uint32_t word() override {
        if (globals_.mod_files_use_mcell) return mcell_ran4_word(state_, globals_.mcell_low);
        return state_ = 2147437301u * state_ + 453816981u;
    }
    double uniform() override {
        return globals_.mod_files_use_mcell ? mcell_ran4_uniform(state_, globals_.mcell_low) : word() / 4294967295.0;
    }
    [[nodiscard]] double sequence() const override { return state_; }
    void set_sequence(double seed) override { state_ = static_cast<std::uint32_t>(static_cast<std::int64_t>(std::isfinite(seed) ? seed : 0)); }
    [[nodiscard]] const char* kind() const override { return "scop_random"; }
    double exponential() override {
        double u = 0;
        while (u == 0) u = uniform();
        return -std::log(u);
    }
    double normal() override {
        for (;;) {
            const double x = 2 * uniform() - 1, y = 2 * uniform() - 1, square = x * x + y * y;
            if (square < 1 && square > 0) return x * std::sqrt(-2 * std::log(square) / square);
        }
    }

  private:
    const RandomGlobals& globals_;
    std::uint32_t state_ = 1;
};

}  // namespace

std::unique_ptr<UniformGenerator> make_scop_random(const RandomGlobals& globals) { return std::make_unique<ScopRandom>(globals); }

}  // namespace nrn
