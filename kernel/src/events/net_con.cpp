// SPDX-License-Identifier: BSD-3-Clause
// Lifetime and wiring of connections.
#include "events/net_con.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "events/network.hpp"
#include "nrn/api/error.hpp"

namespace nrn {

SpikeSource::~SpikeSource() {
    if (network) network->forget_source(*this);
}

NetCon::NetCon(Class& cls, Network& network) : Object(cls), network_(network) { slot = network.net_cons_.add(this); }

NetCon::~NetCon() {
    set_source(nullptr);
    set_target(nullptr);
    network_.net_cons_.remove(slot);  // events in flight find the slot stale
}

void NetCon::set_target(PointProcess* target) {
    if (target == target_) return;
    if (target && !target->type().is(NRN_NET_RECEIVE))
        throw Error(ErrorKind::Type, fmt::format("`{}` has no NET_RECEIVE block and cannot be the target of a NetCon", target->type().name()));
    if (target_) network_.targets_.erase(network_.find_target(*this));
    target_ = target;
    if (!target) {
        weight.clear();
        return;
    }
    network_.targets_.emplace(target, this);
    // A target that takes as many arguments as the one before keeps the weights.
    const auto count = static_cast<std::size_t>(std::max(target->type().description().n_weight, 1));
    if (weight.size() != count) weight.assign(count, 0.0);
}

void NetCon::set_source(SpikeSourcePtr s) {
    if (source) std::erase(source->connections, this);
    source = std::move(s);
    if (source) source->connections.push_back(this);
}

}  // namespace nrn
