// SPDX-License-Identifier: BSD-3-Clause
// What a Random object draws from: a generator of uniform numbers and the distribution made of them.
#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "random/random123.hpp"

namespace nrn {

class Runtime;

/// Simulator-wide indices: the key of all Random123 streams, the low index of MCellRan4 streams that give none.
struct RandomGlobals {
    explicit RandomGlobals(Runtime&) {}
    std::uint32_t random123_key = 0;
    std::uint32_t mcell_low = 0;
    bool mod_files_use_mcell = false;     // use_mcell_ran4(): what random functions of mod files draw from
    std::uint32_t mcell_high_default = 1; // where the high indices of streams that give none are drawn
    std::uint32_t random_variables = 0;   // RANDOM variables made so far: the third identifier of the next
};

/// A source of uniform numbers.
class UniformGenerator {
  public:
    virtual ~UniformGenerator() = default;
    virtual double uniform() = 0;   // in (0, 1), or [0, 1) for MCellRan4
    virtual std::uint32_t word() = 0;
    [[nodiscard]] virtual double sequence() const = 0;
    virtual void set_sequence(double) = 0;
    [[nodiscard]] virtual const char* kind() const = 0;
    /// Of a generator whose streams are named by three numbers; false for others.
    [[nodiscard]] virtual bool ids(std::uint32_t&, std::uint32_t&, std::uint32_t&) const { return false; }
    virtual bool set_ids(std::uint32_t, std::uint32_t, std::uint32_t) { return false; }
    virtual double exponential();  // mean 1
    virtual double normal();       // polar method, one value per call
};

std::unique_ptr<UniformGenerator> make_random123(const RandomGlobals&, std::uint32_t id1, std::uint32_t id2, std::uint32_t id3);
std::unique_ptr<UniformGenerator> make_mcell_ran4(const RandomGlobals&, std::uint32_t high, std::uint32_t low);
/// What mod files draw from without a stream of their own; set_sequence seeds it.
std::unique_ptr<UniformGenerator> make_scop_random(const RandomGlobals&);
/// L'Ecuyer's combined multiplicative congruential generator (Comm. ACM 31 (1988) 742-749).
std::unique_ptr<UniformGenerator> make_mlcg(std::int32_t seed1, std::int32_t seed2);

enum class DistributionKind : std::uint8_t {
    Uniform, DiscreteUniform, Normal, LogNormal, NegativeExponential, Poisson, Binomial, Geometric, HyperGeometric,
    Erlang, Weibull
};

/// Formulae and numbers of draws per value as in the GNU C++ library of random variables that the established streams
/// come from.
class RandomStream {
  public:
    explicit RandomStream(std::unique_ptr<UniformGenerator> generator) : generator_(std::move(generator)) {}
    void use(std::unique_ptr<UniformGenerator> generator) { generator_ = std::move(generator); }  // the distribution keeps its second normal, as in the reference
    [[nodiscard]] UniformGenerator& generator() const { return *generator_; }

    /// Sets the distribution; a cached second normal is dropped.
    void set(DistributionKind kind, double a, double b);
    /// One value of the distribution.
    double pick();
    [[nodiscard]] DistributionKind kind() const noexcept { return kind_; }

  private:
    double standard_normal();
    std::unique_ptr<UniformGenerator> generator_;
    DistributionKind kind_ = DistributionKind::Normal;
    double a_ = 0, b_ = 1;
    double cached_ = 0;
    bool has_cached_ = false;
};

}  // namespace nrn
