// SPDX-License-Identifier: BSD-3-Clause
// Collects spikes of a window and distributes them.
#include "network/spike_exchange.hpp"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "events/network.hpp"
#include "network/gid_map.hpp"
#include "nrn/api/communicator.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {
namespace {

class ClearSpikes final : public Callable {
  public:
    explicit ClearSpikes(SpikeExchange& exchange) : exchange_(exchange) {}
    Value call(CallArgs&) override {
        exchange_.clear();
        return {};
    }
    [[nodiscard]] std::string name() const override { return "spike exchange"; }

  private:
    SpikeExchange& exchange_;
};

}  // namespace

SpikeExchange::SpikeExchange(Runtime& runtime) : runtime_(runtime), at_finitialize_{3, make_counted<ClearSpikes>(*this)} {
    runtime.simulation().initialize_handlers.push_back(&at_finitialize_);
    runtime.simulation().network().on_output_spike = [this](SpikeSource& source, double t) {
        if (runtime_.communicator().size() > 1) fired_.push_back({source.gid, t});
    };
}

SpikeExchange::~SpikeExchange() {
    std::erase(runtime_.simulation().initialize_handlers, &at_finitialize_);
    runtime_.simulation().network().on_output_spike = nullptr;
}

double SpikeExchange::find_minimum_delay(double limit) {
    double shortest = limit;
    for (const SpikeSource* source : runtime_.service<GidMap>().remotes())
        for (const NetCon* c : runtime_.simulation().network().connections_of(*source)) shortest = std::min(shortest, c->row().delay);
    runtime_.communicator().allreduce(std::span<double>(&shortest, 1), Communicator::Op::Min);
    if (!(shortest > 0))
        throw Error(ErrorKind::Range, fmt::format("the delay of a connection between ranks must be > 0 ms, not {:g}", shortest))
            .hint("give every connection made by gid_connect a delay of at least dt");
    minimum_delay_ = shortest;
    return shortest;
}

void SpikeExchange::set_block(std::size_t spikes) {
    long largest = static_cast<long>(spikes);  // all ranks need the same
    runtime_.communicator().allreduce(std::span<long>(&largest, 1), Communicator::Op::Max);
    wanted_block_ = static_cast<std::size_t>(largest);
    block_ = largest > 0 ? wanted_block_ : kBlock;
}

/// One round when every rank's spikes fit its block; else those behind follow in another. Collective.
std::vector<SpikeExchange::Spike> SpikeExchange::others_spikes(std::size_t& busiest) {
    Communicator& communicator = runtime_.communicator();
    const auto ranks = static_cast<std::size_t>(communicator.size()), me = static_cast<std::size_t>(communicator.rank());
    std::vector<Spike> arrived;
    std::vector<std::vector<std::byte>> behind;
    const std::size_t stride = block_ + 1, first = std::min(block_, fired_.size());
    sent_.assign(stride, {});
    sent_[0].gid = static_cast<long>(fired_.size());
    std::copy_n(fired_.begin(), first, sent_.begin() + 1);
    received_.resize(stride * ranks);
    communicator.allgather_blocks(std::as_bytes(std::span(sent_)), std::as_writable_bytes(std::span(received_)));
    for (std::size_t r = 0; r < ranks; ++r) busiest = std::max(busiest, static_cast<std::size_t>(received_[r * stride].gid));
    if (busiest > block_) behind = communicator.allgather(std::as_bytes(std::span(fired_).subspan(first)));
    for (std::size_t r = 0; r < ranks; ++r) {
        const std::size_t late = behind.empty() ? 0 : behind[r].size() / sizeof(Spike);
        const std::size_t early = std::min(block_, static_cast<std::size_t>(received_[r * stride].gid));
        if (r == me || early + late == 0) continue;
        for (std::size_t i = 0; i < early; ++i) arrived.push_back(received_[r * stride + 1 + i]);
        arrived.resize(arrived.size() + late);
        if (late > 0) std::memcpy(arrived.data() + arrived.size() - late, behind[r].data(), late * sizeof(Spike));
    }
    return arrived;
}

void SpikeExchange::exchange() {
    Communicator& communicator = runtime_.communicator();
    if (communicator.size() == 1) return;
    const double before = communicator.wall_time();
    std::size_t busiest = 0;
    std::vector<Spike> arrived = others_spikes(busiest);
    statistics_.wait_time += communicator.wall_time() - before;
    statistics_.sent += static_cast<long>(fired_.size());
    statistics_.largest = std::max(statistics_.largest, static_cast<long>(busiest));
    fired_.clear();
    ++statistics_.exchanges;
    GidMap& gids = runtime_.service<GidMap>();
    if (histogram) {
        if (histogram->values.size() <= busiest) histogram->resize(busiest + 1);
        histogram->values[busiest] += 1;
    }
    // The order of equal-time events must not depend on which rank a cell lives on.
    std::sort(arrived.begin(), arrived.end(), [](const Spike& a, const Spike& b) { return a.time != b.time ? a.time < b.time : a.gid < b.gid; });
    Network& network = runtime_.simulation().network();
    for (const Spike& spike : arrived)
        if (SpikeSource* source = gids.remote(spike.gid)) {
            ++statistics_.received;
            network.fire(*source, spike.time);
        }
}

}  // namespace nrn
