// SPDX-License-Identifier: BSD-3-Clause
// RANDOM variables and whose stream they draw from.
#include "random/random.hpp"

namespace nrn {

void RandomVariable::follow(const Ptr<Random>& random) {
    std::uint32_t id[3];
    if (random->stream.generator().ids(id[0], id[1], id[2])) (void)set_ids(id[0], id[1], id[2]);
    else followed_ = random;
}

bool RandomVariable::set_ids(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
    followed_ = nullptr;
    return own_->set_ids(a, b, c);
}

double RandomVariable::exponential() {
    // The object's own distribution is what its owner asked for: negexp(1), by convention.
    return followed_ && followed_->stream.kind() == DistributionKind::NegativeExponential ? followed_->stream.pick() : UniformGenerator::exponential();
}

}  // namespace nrn
