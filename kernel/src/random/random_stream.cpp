// SPDX-License-Identifier: BSD-3-Clause
// Generators behind Random objects, and the distributions.
#include "random/random_stream.hpp"

#include <algorithm>
#include <cmath>

#include "random/mcell_ran4.hpp"

namespace nrn {
namespace {

class Random123Generator final : public UniformGenerator {
  public:
    Random123Generator(const RandomGlobals& globals, std::uint32_t id1, std::uint32_t id2, std::uint32_t id3)
        : globals_(globals), key_(globals.random123_key), stream_(id1, id2, id3, globals.random123_key) {}
    double uniform() override { return current().uniform(); }
    std::uint32_t word() override { return current().pick(); }
    [[nodiscard]] double sequence() const override { return stream_.sequence(); }
    void set_sequence(double x) override { current().set_sequence(x); }
    [[nodiscard]] const char* kind() const override { return "Random123"; }
    [[nodiscard]] bool ids(std::uint32_t& a, std::uint32_t& b, std::uint32_t& c) const override {
        stream_.ids(a, b, c);
        return true;
    }
    bool set_ids(std::uint32_t a, std::uint32_t b, std::uint32_t c) override {
        current().rename(a, b, c);
        return true;
    }

  private:
    Random123& current() {
        if (key_ != globals_.random123_key) stream_.set_global_index(key_ = globals_.random123_key);
        return stream_;
    }
    const RandomGlobals& globals_;
    std::uint32_t key_;
    Random123 stream_;
};

class McellRan4Generator final : public UniformGenerator {
  public:
    McellRan4Generator(const RandomGlobals& globals, std::uint32_t high, std::uint32_t low)
        : globals_(globals), high_(high), low_(low) {}
    double uniform() override { return mcell_ran4_uniform(high_, low_ ? low_ : globals_.mcell_low); }
    std::uint32_t word() override { return mcell_ran4_word(high_, low_ ? low_ : globals_.mcell_low); }
    [[nodiscard]] double sequence() const override { return high_; }
    void set_sequence(double x) override { high_ = static_cast<std::uint32_t>(static_cast<std::int64_t>(x)); }
    [[nodiscard]] const char* kind() const override { return "MCellRan4"; }

  private:
    const RandomGlobals& globals_;
    std::uint32_t high_, low_;
};

class MlcgGenerator final : public UniformGenerator {
  public:
    MlcgGenerator(std::int32_t seed1, std::int32_t seed2) : one_(in_range(seed1, 2147483562)), two_(in_range(seed2, 2147483398)) {}
    std::uint32_t word() override {
        one_ = one_ * 40014 % 2147483563;
        two_ = two_ * 40692 % 2147483399;
        std::int64_t z = one_ - two_;
        if (z < 1) z += 2147483562;
        ++drawn_;
        return static_cast<std::uint32_t>(z);
    }
    double uniform() override { return word() / 2147483563.0; }
    [[nodiscard]] double sequence() const override { return drawn_; }
    void set_sequence(double) override {}
    [[nodiscard]] const char* kind() const override { return "MLCG"; }

  private:
    static std::int64_t in_range(std::int64_t seed, std::int64_t most) {
        seed = std::llabs(seed) % most;
        return seed ? seed : 1;
    }
    std::int64_t one_, two_;
    double drawn_ = 0;
};

}  // namespace

std::unique_ptr<UniformGenerator> make_random123(const RandomGlobals& g, std::uint32_t id1, std::uint32_t id2, std::uint32_t id3) {
    return std::make_unique<Random123Generator>(g, id1, id2, id3);
}
std::unique_ptr<UniformGenerator> make_mcell_ran4(const RandomGlobals& g, std::uint32_t high, std::uint32_t low) {
    return std::make_unique<McellRan4Generator>(g, high, low);
}
std::unique_ptr<UniformGenerator> make_mlcg(std::int32_t seed1, std::int32_t seed2) {
    return std::make_unique<MlcgGenerator>(seed1, seed2);
}

double UniformGenerator::exponential() { return -std::log(uniform()); }

double UniformGenerator::normal() {
    for (;;) {
        const double x = 2 * uniform() - 1, y = 2 * uniform() - 1, w = x * x + y * y;
        if (w <= 1 && w > 0) return x * std::sqrt(-2 * std::log(w) / w);
    }
}

void RandomStream::set(DistributionKind kind, double a, double b) {
    kind_ = kind;
    a_ = a;
    b_ = b;
    has_cached_ = false;
}

double RandomStream::standard_normal() {
    if (has_cached_) {
        has_cached_ = false;
        return cached_;
    }
    for (;;) {
        const double x = 2 * generator_->uniform() - 1, y = 2 * generator_->uniform() - 1;
        const double w = x * x + y * y;
        if (w > 1 || w == 0) continue;
        const double scale = std::sqrt(-2 * std::log(w) / w);
        cached_ = y * scale;
        has_cached_ = true;
        return x * scale;
    }
}

double RandomStream::pick() {
    UniformGenerator& g = *generator_;
    constexpr int kMostTrials = 10'000'000;  // no parameters of a user make this loop for ever
    switch (kind_) {
    // Bounds may come in either order.
    case DistributionKind::Uniform: return std::min(a_, b_) + std::fabs(b_ - a_) * g.uniform();
    case DistributionKind::DiscreteUniform: return std::min(a_, b_) + std::floor((std::fabs(b_ - a_) + 1) * g.uniform());
    case DistributionKind::Normal: return standard_normal() * std::sqrt(b_) + a_;
    case DistributionKind::LogNormal: {
        const double square = a_ * a_;
        const double mean = std::log(square / std::sqrt(b_ + square)), deviation = std::sqrt(std::log((square + b_) / square));
        return std::exp(standard_normal() * deviation + mean);
    }
    case DistributionKind::NegativeExponential: return -a_ * std::log(g.uniform());
    case DistributionKind::Poisson: {
        int count = 0;
        if (a_ > 700) {  // e^-a is no number any more: logarithms
            for (double sum = 0; sum >= -a_ && count < kMostTrials; sum += std::log(g.uniform())) ++count;
            return count - 1;
        }
        const double bound = std::exp(-a_);
        for (double product = 1; product >= bound && count < kMostTrials; product *= g.uniform()) ++count;
        return count - 1;
    }
    case DistributionKind::Binomial: {
        double successes = 0;
        for (double i = 0; i < a_; i += 1) successes += g.uniform() < b_;
        return successes;
    }
    case DistributionKind::Geometric: {
        int samples = 1;
        while (g.uniform() < a_ && samples < kMostTrials) ++samples;
        return samples;
    }
    case DistributionKind::HyperGeometric: {
        const double z = b_ / (a_ * a_);
        const double p = 0.5 * (1 - std::sqrt((z - 1) / (z + 1)));
        const double d = g.uniform() > p ? 1 - p : p;
        return -a_ * std::log(g.uniform()) / (2 * d);
    }
    case DistributionKind::Erlang: {
        const double k = std::max(1.0, std::floor(a_ * a_ / b_ + 0.5));
        double product = 1;
        for (double i = 0; i < k; i += 1) product *= g.uniform();
        return -std::log(product) / (k / a_);
    }
    case DistributionKind::Weibull: return std::pow(-b_ * std::log(1 - g.uniform()), 1 / a_);
    }
    return 0;
}

}  // namespace nrn
