// SPDX-License-Identifier: BSD-3-Clause
// The Random object, and the variables that get a fresh value at every step (Random.play).
#pragma once
#include <vector>

#include "nrn/api/object.hpp"
#include "nrn/api/ref.hpp"
#include "random/random_stream.hpp"

namespace nrn {

class Runtime;

class Random final : public Object {
  public:
    Random(Class& cls, std::unique_ptr<UniformGenerator> generator) : Object(cls), stream(std::move(generator)) {}
    RandomStream stream;
};

/// The stream of a RANDOM variable of a mechanism instance: a Random123 of its own, until it is told to draw what a
/// Random object draws.
class RandomVariable final : public UniformGenerator {
  public:
    RandomVariable(const RandomGlobals& globals, std::uint32_t id1, std::uint32_t id2, std::uint32_t id3)
        : own_(make_random123(globals, id1, id2, id3)) {}
    /// A Random123 object lends its identifiers (the stream starts anew); any other is drawn from itself.
    void follow(const Ptr<Random>& random);
    double uniform() override { return source().uniform(); }
    std::uint32_t word() override { return source().word(); }
    [[nodiscard]] double sequence() const override { return source().sequence(); }
    /// A followed object keeps its place: whoever made it restarts it.
    void set_sequence(double x) override { if (!followed_) own_->set_sequence(x); }
    [[nodiscard]] const char* kind() const override { return source().kind(); }
    [[nodiscard]] bool ids(std::uint32_t& a, std::uint32_t& b, std::uint32_t& c) const override { return source().ids(a, b, c); }
    bool set_ids(std::uint32_t a, std::uint32_t b, std::uint32_t c) override;
    double exponential() override;

  private:
    [[nodiscard]] UniformGenerator& source() const { return followed_ ? followed_->stream.generator() : *own_; }
    std::unique_ptr<UniformGenerator> own_;
    Ptr<Random> followed_;
};

/// Streams played into variables. The engine calls pick_all at finitialize (before anything else) and at the
/// beginning of each step.
class RandomPlay {
  public:
    explicit RandomPlay(Runtime&) {}
    void play(Ptr<Random> random, RefPtr target);
    /// Gives every target the next value of its stream; targets that are gone are dropped.
    void pick_all();
    [[nodiscard]] bool empty() const noexcept { return played_.empty(); }

  private:
    struct Played { Ptr<Random> random; RefPtr target; };
    std::vector<Played> played_;
};

}  // namespace nrn
