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
