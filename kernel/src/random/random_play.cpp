// SPDX-License-Identifier: BSD-3-Clause
// Random.play.
#include "nrn/api/value.hpp"
#include "random/random.hpp"

namespace nrn {

void RandomPlay::play(Ptr<Random> random, RefPtr target) {
    for (auto& p : played_)
        if (p.target->same(*target)) {  // one variable, one stream: the last wins
            p.random = std::move(random);
            return;
        }
    played_.push_back({std::move(random), std::move(target)});
}

void RandomPlay::pick_all() {
    std::erase_if(played_, [](const Played& p) { return !p.target->valid(); });
    for (auto& p : played_) p.target->set(p.random->stream.pick());
}

}  // namespace nrn
