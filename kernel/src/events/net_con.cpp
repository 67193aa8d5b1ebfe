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

NetCon::NetCon(Class& cls, Network& network) : Object(cls), network_(network) {
    slot_ = network.add_connection(*this);
    row_ = &network.connections_[slot_];
}

NetCon::~NetCon() {
    set_source(nullptr);
    set_target(nullptr);
    network_.remove_connection(slot_);  // events in flight find it dead
}

void NetCon::set_target(PointProcess* target) {
    if (target == target_) return;
    if (target && !target->type().is(NRN_NET_RECEIVE))
        throw Error(ErrorKind::Type, fmt::format("`{}` has no NET_RECEIVE block and cannot be the target of a NetCon", target->type().name()));
    if (target_) network_.unlink_target(*this);
    target_ = target;
    ++network_.moves_;
    if (!target) return row_->resize_weights(0);
    network_.link_target(*this);
    // A target that takes as many arguments as the one before keeps the weights.
    const auto count = static_cast<std::size_t>(std::max(target->type().description().n_weight, 1));
    if (row_->weight_count == count) return;
    row_->resize_weights(0);
    row_->resize_weights(count);
}

void NetCon::set_source(SpikeSourcePtr s) {
    network_.delays_change();
    if (source) {
        source->connections[place_in_source_] = kNoRow;
        ++source->gone;
    }
    source = std::move(s);
    if (!source) return;
    auto& list = source->connections;
    if (source->gone > 16 && 2 * source->gone > list.size()) network_.close_gaps(*source);
    place_in_source_ = static_cast<std::uint32_t>(list.size());
    list.push_back(slot_);
}

}  // namespace nrn
